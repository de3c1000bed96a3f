"""Reminders before a request is due: 14, 7 and 2 days before, and when it is late, as tasks.

The first two are for whoever has the request; the last two go on to whoever answers for privacy. There is exactly one
task for each (request, deadline, step), however often, late or at once the job runs: the rows of the requests are
locked, and the key of the task is unique.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from gdpr_requests.desk.history import add_event
from gdpr_requests.models import DataSubjectRequest, EventKind
from privacy.keys import subject_key_for
from tasks.assignees import privacy_officer
from tasks.models import Task
from tasks.services import HOUSE, create_tasks, finish_tasks
from tasks.sql import pieces

if TYPE_CHECKING:
    from accounts.models import User

STEPS = (14, 7, 2)
"""Days before the deadline on which somebody is reminded."""
OVERDUE = "overdue"
# From here on the data protection officer is told too.
ESCALATED = ("2", OVERDUE)


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder of one request."""

    request: DataSubjectRequest
    name: str
    assignee: User | None

    @property
    def key(self) -> str:
        """What makes its task the only one. An extension moves the deadline, and its steps are new ones."""
        return f"request:{self.request.pk.hex}:{self.request.deadline.isoformat()}:{self.name}"


def remind(on: dt.date | None = None, *, only: Sequence[UUID] | None = None) -> int:
    """Make the tasks that are due on that day (today by default) and return how many."""
    day = on or timezone.localdate()
    soon = DataSubjectRequest.objects.open().due_by(day + dt.timedelta(days=max(STEPS)))
    if only is not None:
        soon = soon.filter(pk__in=only)
    ids = list(soon.order_by("pk").values_list("pk", flat=True))
    return sum(_remind_of(some, day) for some in pieces(ids))


@transaction.atomic
def _remind_of(ids: Sequence[UUID], day: dt.date) -> int:
    officer = privacy_officer()
    # Locked, so that nobody is reminded of what is being answered right now.
    rows = DataSubjectRequest.objects.open().filter(pk__in=ids).select_for_update().order_by("pk")
    steps = [step for request in rows for step in _steps(request, day, officer)]
    made = set(Task.objects.filter(period_key__in=[step.key for step in steps]).values_list("period_key", flat=True))
    steps = [step for step in steps if step.key not in made]
    create_tasks([_task(step) for step in steps], actor=None)
    for step in steps:
        _write_down(step)
    return len(steps)


def _steps(request: DataSubjectRequest, day: dt.date, officer: User | None) -> Iterator[Step]:
    """The step of the day; and for whoever has the request theirs, where only the officer would be told."""
    left = (request.deadline - day).days
    name = OVERDUE if left < 0 else str(min((step for step in STEPS if left <= step), default=""))
    if not name:
        return
    assignee = request.assignee if request.assignee and request.assignee.is_active else officer
    if name not in ESCALATED:
        yield Step(request, name, assignee)
        return
    yield Step(request, name, officer or assignee)
    if assignee != officer:
        yield Step(request, "7", assignee)


def _task(step: Step) -> Task:
    """About no card: it has to outlive the erasure that may be asked for."""
    request = step.request
    return Task(
        key=subject_key_for(subject_id=HOUSE),
        kind=Task.Kind.REQUEST,
        about_id=request.pk,
        label=request.number,
        assignee=step.assignee,
        due_on=request.deadline,
        not_after=request.deadline,
        period_key=step.key,
    )


def _write_down(step: Step) -> None:
    """A later step takes the place of the earlier one that the same colleague has."""
    earlier = Task.objects.filter(about_id=step.request.pk, assignee=step.assignee).exclude(period_key=step.key)
    finish_tasks(earlier, outcome=Task.Outcome.CANCELLED, actor=None)
    passed_on = step.name in ESCALATED and step.assignee != step.request.assignee
    add_event(step.request, EventKind.ESCALATED if passed_on else EventKind.REMINDED, actor=None, step=step.name)
