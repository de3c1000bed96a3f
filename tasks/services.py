"""Writes of tasks: make, give to a colleague, put off, finish."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import Row, record, record_many
from privacy.keys import subject_key_for
from tasks.assignees import privacy_officer
from tasks.models import DigestSent, Task
from tasks.sql import NewUuid, insert_missing, pieces, slices

if TYPE_CHECKING:
    from accounts.models import User
    from contacts.models import Contact

# Tasks that are about no contact are sealed under a key of the house.
HOUSE = uuid.UUID(int=0)
# Days that a finished task about no contact is kept; one about a contact goes with its card.
KEPT_DAYS = 365


@transaction.atomic
def create_task(
    *, title: str, assignee: User | None, due_on: dt.date, actor: User | None, contact: Contact | None = None
) -> Task:
    """A colleague's own to-do, with or without a contact."""
    task = Task.objects.create(
        key=contact.key if contact else subject_key_for(subject_id=HOUSE),
        contact=contact,
        title=title,
        assignee=assignee,
        due_on=due_on,
        created_by=actor,
    )
    record("task.created", actor=actor, contact_id=contact.pk if contact else None, target=task)
    return task


@transaction.atomic
def create_tasks(tasks: Sequence[Task], *, actor: User | None) -> int:
    """Save the system's tasks and return how many; one whose period already has its task is left out."""
    if not tasks:
        return 0
    Task.objects.bulk_create(tasks, batch_size=1000, ignore_conflicts=True)
    made = set(Task.objects.filter(pk__in=[task.pk for task in tasks]).values_list("pk", flat=True))
    rows = [Row(contact_id=task.contact_id, target=task) for task in tasks if task.pk in made]
    return record_many("task.created", actor=actor, rows=rows)


def create_tasks_from(source: QuerySet[Any], *, actor: User | None, **columns: Any) -> int:
    """Make one task for each row of the query by set-based SQL and return how many were new.

    `columns` are fields of Task as expressions over the query; `key`, `kind`, `due_on` and `period_key` must be among
    them. A period that has its task already gets no other, however many processes do this at once. Works in pieces,
    each a transaction of its own.
    """
    return sum(_insert_tasks(piece, actor, columns) for piece in slices(source))


@transaction.atomic
def _insert_tasks(source: QuerySet[Any], actor: User | None, columns: dict[str, Any]) -> int:
    given = {
        "id": NewUuid(),
        "contact": Value(None, output_field=Task._meta.pk),
        "title": Value(""),
        "outcome": Value(""),
        "created_at": Value(timezone.now(), output_field=Task._meta.get_field("created_at")),
        **columns,
    }
    made = insert_missing(Task, source, given, returning="contact")
    rows = [Row(contact_id=contact_id, target=Task(pk=pk)) for pk, contact_id in made]
    return record_many("task.created", actor=actor, rows=rows)


@transaction.atomic
def finish_task(*, task: Task, outcome: str, actor: User | None) -> Task:
    """Tick a task off. Finishing one that is done changes nothing."""
    task = _locked(task)
    if task.done_at is None:
        task.done_at = timezone.now()
        task.done_by = actor
        task.outcome = outcome
        task.save(update_fields=["done_at", "done_by", "outcome"])
        record("task.done", actor=actor, contact_id=task.contact_id, target=task, detail={"outcome": str(outcome)})
    return task


def finish_tasks_about(*, about_id: uuid.UUID, outcome: str, actor: User | None, kind: str = "") -> int:
    """Close every open task about a consent, ground or card (of one kind only, where it is given)."""
    tasks = Task.objects.filter(about_id=about_id)
    return finish_tasks(tasks.filter(kind=kind) if kind else tasks, outcome=outcome, actor=actor)


@transaction.atomic
def finish_tasks(tasks: QuerySet[Task], *, outcome: str, actor: User | None) -> int:
    """Close those of the tasks that are open, in two statements, and return how many; each is recorded."""
    rows = list(tasks.filter(done_at__isnull=True).order_by("pk").select_for_update().only("pk", "contact_id"))
    now = timezone.now()
    for some in pieces(rows):
        Task.objects.filter(pk__in=[task.pk for task in some]).update(done_at=now, done_by=actor, outcome=outcome)
    detail = {"outcome": str(outcome)}
    events = [Row(contact_id=task.contact_id, target=task, detail=detail) for task in rows]
    return record_many("task.done", actor=actor, rows=events)


@transaction.atomic
def reopen_task(*, task: Task, actor: User) -> Task:
    """Take a tick back. Raises ValidationError for a task that was answered otherwise."""
    task = _locked(task)
    if task.done_at is None:
        return task
    if not task.may_reopen:
        raise ValidationError(_("This task is settled and can't be taken up again."), code="settled")
    task.done_at = None
    task.done_by = None
    task.outcome = ""
    task.save(update_fields=["done_at", "done_by", "outcome"])
    record("task.reopened", actor=actor, contact_id=task.contact_id, target=task)
    return task


@transaction.atomic
def snooze_task(*, task: Task, until: dt.date, actor: User) -> Task:
    """Put a task off to a later day, never beyond the end that it watches. Raises ValidationError for any other."""
    task = _open(task)
    if until <= timezone.localdate():
        raise ValidationError(_("Choose a day in the future."), code="past")
    if task.not_after and until > task.not_after:
        raise ValidationError(_("A task can't be put off beyond the end of its period."), code="end")
    task.snoozed_until = until
    task.save(update_fields=["snoozed_until"])
    record("task.snoozed", actor=actor, contact_id=task.contact_id, target=task, fields=["snoozed_until"])
    return task


@transaction.atomic
def assign_task(*, task: Task, assignee: User, actor: User) -> Task:
    """Give an open task to a colleague. Raises ValidationError for one that is done."""
    task = _open(task)
    task.assignee = assignee
    task.save(update_fields=["assignee"])
    record("task.assigned", actor=actor, contact_id=task.contact_id, target=task, fields=["assignee"])
    return task


def _locked(task: Task) -> Task:
    return Task.objects.select_for_update().get(pk=task.pk)


def _open(task: Task) -> Task:
    """The task as it stands, locked. Raises ValidationError where somebody has finished it meanwhile."""
    task = _locked(task)
    if task.done_at is not None:
        raise ValidationError(_("This task is done already."), code="done")
    return task


@transaction.atomic
def hand_over_tasks(*, leaver: User, heir: User | None, actor: User) -> int:
    """Give every open task of the leaver to a colleague, else to whoever answers for privacy; answers how many."""
    tasks = list(Task.objects.open().filter(assignee=leaver))
    Task.objects.open().filter(assignee=leaver).update(assignee=heir or privacy_officer())
    rows = [Row(contact_id=task.contact_id, target=task, fields=["assignee"]) for task in tasks]
    record_many("task.assigned", actor=actor, rows=rows)
    return len(tasks)


@transaction.atomic
def end_old_rows(on: dt.date | None = None) -> int:
    """Delete finished tasks about no contact, and the notes of sent letters, after a year; returns how many tasks."""
    before = timezone.now() if on is None else timezone.make_aware(dt.datetime.combine(on, dt.time.min))
    before -= dt.timedelta(days=KEPT_DAYS)
    count, _rows = Task.objects.filter(contact__isnull=True, done_at__lt=before).delete()
    DigestSent.objects.filter(day__lt=timezone.localdate(before)).delete()
    if count:
        record("task.ended", actor=None, detail={"count": count})
    return count
