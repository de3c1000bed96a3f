"""Telling recipients of what became of data, and seeing to it that somebody does (Art. 19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.models import AuditEvent
from audit.services import record
from consents.periods import add_months
from contacts.models import Contact
from gdpr_requests.models import Letter, NoticeEvent, RecipientNotice
from gdpr_requests.recipients import pending
from tasks.assignees import privacy_officer
from tasks.models import Task
from tasks.services import create_tasks, finish_task

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def note_told(*, contact: Contact, names: Collection[str], actor: User | None) -> int:
    """Record that these recipients were told of everything corrected so far; closes the task with the last of them."""
    Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    waiting = pending(contact)
    told = [one for one in waiting if one.recipient.name in names]
    RecipientNotice.objects.bulk_create(
        [
            RecipientNotice(
                contact=contact,
                recipient=one.recipient.name,
                fields=one.fields,
                told_by_id=actor.pk if actor else None,
            )
            for one in told
        ]
    )
    if told:
        fields = {name for one in told for name in one.fields}
        detail = {"recipients": len(told)}
        record("recipients.notified", actor=actor, contact_id=contact.pk, fields=fields, detail=detail)
    if len(told) == len(waiting):
        _close_tasks(contact, actor)
    return len(told)


@transaction.atomic
def note_letter(*, letter: Letter, actor: User | None) -> RecipientNotice:
    """Record that a recipient was told by this letter; closes the task with the last of them.

    What was corrected after the letter was written, the letter does not tell: it goes on waiting.
    """
    assert letter.contact_id is not None  # noqa: S101 - the caller has looked
    contact = Contact.objects.select_for_update(no_key=True).get(pk=letter.contact_id)
    waiting = [one for one in pending(contact) if one.recipient.name == letter.recipient]
    is_correction = letter.event == NoticeEvent.RECTIFICATION
    is_newer = is_correction and any(one.last_at > letter.created_at for one in waiting)
    fields = waiting[0].fields if waiting and is_correction else []
    notice = RecipientNotice.objects.create(
        contact=contact,
        recipient=letter.recipient,
        event=letter.event or NoticeEvent.RECTIFICATION,
        fields=fields,
        told_at=letter.created_at if is_newer else timezone.now(),
        told_by_id=letter.sent_by_id,
        letter=letter,
    )
    record("recipients.notified", actor=actor, contact_id=contact.pk, fields=fields, detail={"recipients": 1})
    if is_correction and not pending(contact):
        _close_tasks(contact, actor)
    return notice


def _close_tasks(contact: Contact, actor: User | None) -> None:
    for task in Task.objects.open().filter(contact=contact, kind=Task.Kind.NOTIFY):
        finish_task(task=task, outcome=Task.Outcome.DONE, actor=actor)


def plan_notices(*, since: dt.datetime) -> int:
    """Make one task for each card corrected since then whose recipients wait. Safe to repeat and in parallel."""
    corrected = AuditEvent.objects.filter(action="contact.changed", at__gte=since, contact_id__isnull=False)
    ids = {pk for pk in corrected.values_list("contact_id", flat=True) if pk}
    officer, due = privacy_officer(), add_months(timezone.localdate(), 1)
    waiting = [(contact, pending(contact)) for contact in Contact.objects.filter(pk__in=ids)]
    tasks = [_task(contact, officer, due, min(one.first_at for one in of)) for contact, of in waiting if of]
    made = set(
        Task.objects.filter(period_key__in=[task.period_key for task in tasks]).values_list("period_key", flat=True)
    )
    fresh = [task for task in tasks if task.period_key not in made]
    create_tasks(fresh, actor=None)
    return len(fresh)


def _task(contact: Contact, officer: User | None, due: dt.date, corrected_at: dt.datetime) -> Task:
    """One for each round of corrections: as long as nobody was told, later corrections belong to the same task."""
    return Task(
        key=contact.key,
        contact=contact,
        kind=Task.Kind.NOTIFY,
        about_id=contact.pk,
        assignee_id=contact.owner_id or (officer.pk if officer else None),
        due_on=due,
        period_key=f"notify:{contact.pk}:{corrected_at.astimezone(dt.UTC).isoformat()}",
    )
