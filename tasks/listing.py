"""The parts of the task list: what stands in each, in which order, how much waits, and what each row offers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Case, Count, F, Q, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.access import may_change
from contacts.models import Contact
from tasks.models import Task
from tasks.querysets import TaskQuerySet

if TYPE_CHECKING:
    from accounts.models import User

# Days to put a task off by one click.
QUICK = ((1, _("Put off until tomorrow")), (7, _("Put off for a week")))
# What the address of the list may hold, and what a way back to it may repeat.
STATE = ("tab", "kind", "assignee", "page")
NOBODY = "none"


@dataclass(frozen=True)
class Row:
    """A task as the list shows it. `contact` is None where there is none, or the user may not see it."""

    task: Task
    contact: Contact | None
    may_change: bool
    quick: list[tuple[str, str | Promise]]


def tabs_for(user: User) -> dict[str, str | Promise]:
    """The parts of the list; who is in no team sees everybody's tasks in place of the team's."""
    team = _("My team") if user.team_id else _("Everybody’s")
    return {"mine": _("Mine"), "team": team, "overdue": _("Late"), "snoozed": _("Put off"), "done": _("Done")}


def in_tab(user: User, tab: str) -> TaskQuerySet:
    """The tasks of one part, the most urgent first."""
    seen = Task.objects.visible_to(user).select_related("assignee")
    if tab == "done":
        mine = Q(assignee=user) | Q(done_by=user)
        return seen.filter(mine, done_at__isnull=False).order_by("-done_at", "pk")
    # What was put off comes up on its new day, not on the one it was due.
    when = Case(When(snoozed_until__isnull=False, then=F("snoozed_until")), default=F("due_on"))
    return seen.open().filter(_parts(user)[tab]).order_by(when, "due_on", "created_at", "pk")


def counts_of(user: User) -> dict[str, int]:
    """How much waits in the parts that ask for something, in one query."""
    parts = _parts(user)
    wanted = {tab: Count("pk", filter=parts[tab]) for tab in ("mine", "team", "overdue")}
    found: dict[str, int] = Task.objects.visible_to(user).open().aggregate(**wanted)
    return found


def _parts(user: User) -> dict[str, Q]:
    """The parts of what is open."""
    today = timezone.localdate()
    awake = Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today)
    return {
        "mine": awake & Q(assignee=user),
        "team": awake & (Q(assignee__team_id=user.team_id) if user.team_id else Q()),
        "overdue": Q(due_on__lt=today),
        "snoozed": Q(assignee=user, snoozed_until__gt=today),
    }


def rows_of(user: User, tasks: Sequence[Task]) -> list[Row]:
    """The rows of one page, with the contacts that the user may see; one query whatever their number."""
    ids = {task.contact_id for task in tasks if task.contact_id}
    seen: dict[uuid.UUID, Contact] = Contact.objects.visible_to(user).in_bulk(ids) if ids else {}
    return [_row(user, task, seen.get(task.contact_id) if task.contact_id else None) for task in tasks]


def _row(user: User, task: Task, contact: Contact | None) -> Row:
    changes = user.has_perm("tasks.change_task")
    return Row(
        task=task,
        contact=contact,
        may_change=contact is not None and may_change(user, contact),
        quick=quick_days(task) if changes and task.done_at is None else [],
    )


def quick_days(task: Task) -> list[tuple[str, str | Promise]]:
    """The days that people put a task off to most, as far as its end allows."""
    today = timezone.localdate()
    days = [(today + dt.timedelta(days=distance), label) for distance, label in QUICK]
    return [(day.isoformat(), label) for day, label in days if not task.not_after or day <= task.not_after]


def state_of(params: QueryDict | str) -> str:
    """What of these parameters says which part of the list is open, as a query string: codes, ids and numbers."""
    given = QueryDict(params) if isinstance(params, str) else params
    return urlencode({name: given[name] for name in STATE if given.get(name)})
