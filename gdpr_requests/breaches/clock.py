"""The 72 hours (Art. 33(1)): how far they are, and the tasks that say so.

Counted in plain hours from becoming aware, so that summer time moves nothing. One task is open at a time: from the
start, from 24 hours before the end, and from the end on. Whoever makes a task holds the breach's row, so that runs may
be late, repeated and parallel.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consents import clock
from gdpr_requests.models import Breach
from gdpr_requests.models.breaches import CLOCK
from privacy.keys import subject_key_for
from tasks.assignees import privacy_officer
from tasks.models import Task
from tasks.services import HOUSE, create_tasks, finish_tasks

WARNING = dt.timedelta(hours=24)
STAGES = (Task.Kind.BREACH, Task.Kind.BREACH_SOON, Task.Kind.BREACH_LATE)


def end_of_clock(became_aware_at: dt.datetime) -> dt.datetime:
    """When the 72 hours are over. Counted in UTC: an hour put forward or back on the wall does not count."""
    return became_aware_at.astimezone(dt.UTC) + CLOCK


def stage_at(breach: Breach, now: dt.datetime) -> Task.Kind:
    """Which of the three tasks belongs to that moment."""
    if now >= breach.notify_by:
        return Task.Kind.BREACH_LATE
    return Task.Kind.BREACH_SOON if now >= breach.notify_by - WARNING else Task.Kind.BREACH


def watch(now: dt.datetime | None = None) -> int:
    """Make the tasks that are due now for every open breach; returns how many are new. Safe to repeat, in parallel."""
    at = now or clock.moment()
    return sum(watch_one(pk, at) for pk in Breach.objects.filter(state="open").values_list("pk", flat=True))


@transaction.atomic
def watch_one(pk: uuid.UUID, now: dt.datetime) -> int:
    """The same for one breach, whose row is held meanwhile; tasks that are answered are closed."""
    breach = Breach.objects.select_for_update().filter(pk=pk).first()
    if breach is None:
        return 0
    return _watch_authority(breach, now) + _watch_people(breach)


def _watch_authority(breach: Breach, now: dt.datetime) -> int:
    if not breach.is_ticking:
        outcome = Task.Outcome.DONE if breach.authority_notified_at else Task.Outcome.CANCELLED
        finish_tasks(_open(breach, STAGES), outcome=outcome, actor=None)
        return 0
    return _one_open(breach, stage_at(breach, now), STAGES)


def _watch_people(breach: Breach) -> int:
    people = (Task.Kind.BREACH_PEOPLE,)
    if not breach.is_open or not breach.must_tell_people:
        outcome = Task.Outcome.DONE if breach.people_notified_at else Task.Outcome.CANCELLED
        finish_tasks(_open(breach, people), outcome=outcome, actor=None)
        return 0
    return _one_open(breach, Task.Kind.BREACH_PEOPLE, people)


def _open(breach: Breach, kinds: Iterable[str]) -> QuerySet[Task]:
    return Task.objects.open().filter(about_id=breach.pk, kind__in=list(kinds))


def _one_open(breach: Breach, kind: Task.Kind, family: Iterable[str]) -> int:
    """See to it that of the family exactly this task is open, with the right day."""
    due = timezone.localdate(breach.notify_by)
    fitting = _open(breach, [kind]).filter(due_on=due)
    outdated = _open(breach, family).exclude(pk__in=fitting.values("pk"))
    finish_tasks(outdated, outcome=Task.Outcome.CANCELLED, actor=None)
    if fitting.exists():
        return 0
    before = Task.objects.filter(about_id=breach.pk, kind=kind).count()
    task = Task(
        key=subject_key_for(subject_id=HOUSE),
        kind=kind,
        label=breach.number,
        about_id=breach.pk,
        assignee=privacy_officer(),
        due_on=due,
        not_after=max(due, timezone.localdate()),
        period_key=f"{kind.value}:{breach.pk.hex}:{before}",
    )
    return create_tasks([task], actor=None)
