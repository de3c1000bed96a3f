"""Writes of tasks: make, give to a colleague, put off, finish."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import Row, record, record_many
from privacy.keys import subject_key_for
from tasks.assignees import privacy_officer
from tasks.models import Task

if TYPE_CHECKING:
    from accounts.models import User
    from contacts.models import Contact

# Tasks that are about no contact are sealed under a key of the house.
HOUSE = uuid.UUID(int=0)


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
def create_tasks(tasks: Sequence[Task], *, actor: User | None) -> None:
    """Save the system's tasks; one whose period already has its task is left out, whoever made it."""
    if not tasks:
        return
    Task.objects.bulk_create(tasks, batch_size=1000, ignore_conflicts=True)
    record_many("task.created", actor=actor, rows=[Row(contact_id=task.contact_id) for task in tasks])


@transaction.atomic
def finish_task(*, task: Task, outcome: str, actor: User | None) -> Task:
    """Tick a task off. Finishing one that is done changes nothing."""
    task = Task.objects.select_for_update().get(pk=task.pk)
    if task.done_at is None:
        task.done_at = timezone.now()
        task.done_by = actor
        task.outcome = outcome
        task.save(update_fields=["done_at", "done_by", "outcome"])
        record("task.done", actor=actor, contact_id=task.contact_id, target=task, detail={"outcome": str(outcome)})
    return task


@transaction.atomic
def finish_tasks_about(*, about_id: uuid.UUID, outcome: str, actor: User | None) -> int:
    """Close every open task about a consent or ground, for example because it was renewed."""
    tasks = list(Task.objects.open().filter(about_id=about_id))
    for task in tasks:
        finish_task(task=task, outcome=outcome, actor=actor)
    return len(tasks)


@transaction.atomic
def reopen_task(*, task: Task, actor: User) -> Task:
    """Undo a tick."""
    task.done_at = None
    task.done_by = None
    task.outcome = ""
    task.save(update_fields=["done_at", "done_by", "outcome"])
    record("task.reopened", actor=actor, contact_id=task.contact_id, target=task)
    return task


@transaction.atomic
def snooze_task(*, task: Task, until: dt.date, actor: User) -> Task:
    """Put a task off to a later day, never beyond the end that it watches."""
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
    """Give a task to a colleague."""
    task.assignee = assignee
    task.save(update_fields=["assignee"])
    record("task.assigned", actor=actor, contact_id=task.contact_id, target=task, fields=["assignee"])
    return task


@transaction.atomic
def hand_over_tasks(*, leaver: User, heir: User | None, actor: User) -> int:
    """Give every open task of the leaver to a colleague, else to whoever answers for privacy; answers how many."""
    tasks = list(Task.objects.open().filter(assignee=leaver))
    Task.objects.open().filter(assignee=leaver).update(assignee=heir or privacy_officer())
    rows = [Row(contact_id=task.contact_id, target=task, fields=["assignee"]) for task in tasks]
    record_many("task.assigned", actor=actor, rows=rows)
    return len(tasks)
