"""The tasks' panel of the card: what is next; and what was done, for the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from contacts.card import Panel
from contacts.happenings import Happening, Show
from contacts.models import Contact
from tasks.forms import TaskForm
from tasks.models import Task

if TYPE_CHECKING:
    from accounts.models import User


def panels(contact: Contact, user: User) -> list[Panel]:
    """The open tasks of the card."""
    return [Panel("tasks", "tasks/card/tasks.html", partial(_tasks, contact, user), "side")]


def _tasks(contact: Contact, user: User) -> dict[str, Any]:
    tasks = Task.objects.visible_to(user).open().filter(contact=contact).select_related("assignee")
    return {
        "tasks": list(tasks.order_by("due_on", "created_at")),
        "may_tick": user.has_perm("tasks.change_task"),
        "form": TaskForm(user=user) if user.has_perm("tasks.add_task") else None,
    }


@dataclass(frozen=True)
class DoneOf:
    """What the tasks add to the timeline: those that were done."""

    contact: Contact
    user: User

    def latest(self, show: Show, limit: int) -> Sequence[Happening]:
        if show is not Show.ALL:
            return []
        done = Task.objects.visible_to(self.user).filter(contact=self.contact, done_at__isnull=False)
        return [_happening(task) for task in done.select_related("done_by").order_by("-done_at")[:limit]]


def _happening(task: Task) -> Happening:
    outcome = "" if task.outcome == Task.Outcome.DONE else str(task.get_outcome_display())
    return Happening(
        at=task.done_at,  # type: ignore[arg-type]  # only done ones come here
        icon="check-circle",
        title=_("Task done"),
        text=task.heading,
        note=outcome,
        who=str(task.done_by) if task.done_by else "",
        by_system=task.done_by_id is None,
    )
