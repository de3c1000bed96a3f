"""The one door to a task: who may not see it gets 404, who may only read it gets 403."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

from tasks.models import Task

if TYPE_CHECKING:
    from accounts.models import User


def get_task_for(user: User, pk: uuid.UUID, *, write: bool = False) -> Task:
    """The task, for reading or (`write`) for finishing and putting off. Raises Http404 or PermissionDenied."""
    if not user.has_perm("tasks.view_task"):
        raise Http404
    task: Task | None = Task.objects.visible_to(user).select_related("contact__key", "assignee").filter(pk=pk).first()
    if task is None:
        raise Http404
    if write and not user.has_perm("tasks.change_task"):
        raise PermissionDenied
    return task
