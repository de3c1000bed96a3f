"""The tasks' panel of the card: what is next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from contacts.card import Panel
from contacts.models import Contact
from tasks.models import Task

if TYPE_CHECKING:
    from accounts.models import User


def panels(contact: Contact, user: User) -> list[Panel]:
    """The open tasks of the card."""
    return [Panel("tasks", "tasks/card/tasks.html", partial(_tasks, contact, user), "side")]


def _tasks(contact: Contact, user: User) -> dict[str, Any]:
    tasks = Task.objects.visible_to(user).open().filter(contact=contact).select_related("assignee")
    return {"tasks": list(tasks.order_by("due_on", "created_at"))}
