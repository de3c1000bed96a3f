"""Writes of the register: record a request, find its card, give it to a colleague, check who asks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gdpr_requests.desk.closing import answer, extend, letter_sent, refuse, take_back
from gdpr_requests.desk.deadlines import deadline
from gdpr_requests.desk.history import add_event
from gdpr_requests.desk.identity import ask_identity, check_identity
from gdpr_requests.desk.locking import locked, open_one
from gdpr_requests.desk.reminders import remind
from gdpr_requests.models import (
    Channel,
    DataSubjectRequest,
    EventKind,
    RequestCounter,
    RequestState,
    Right,
)
from privacy.keys import new_subject_key
from privacy.models import SubjectKey
from tasks.assignees import privacy_officer
from tasks.models import Task

if TYPE_CHECKING:
    from accounts.models import User
    from contacts.models import Contact

__all__ = [
    "answer",
    "ask_identity",
    "assign_request",
    "check_identity",
    "extend",
    "letter_sent",
    "link_contact",
    "mark_worked",
    "open_request",
    "refuse",
    "take_back",
    "write_note",
]


@transaction.atomic
def open_request(
    *,
    right: str,
    channel: str,
    received_on: dt.date,
    requester_name: str,
    actor: User | None,
    requester_address: str = "",
    text: str = "",
    language: str = "cs",
    contact: Contact | None = None,
    assignee: User | None = None,
    note: str = "",
) -> DataSubjectRequest:
    """Record what a person asks for; the clock runs from `received_on` (Art. 12(3)), whenever it is recorded.

    Without an assignee it goes to whoever answers for privacy. `contact` None: nobody was found here, and they get an
    answer too. Raises ValidationError for a day in the future.
    """
    if received_on > timezone.localdate():
        raise ValidationError(_("A request can't have come in the future."), code="future")
    pk = uuid4()
    request = DataSubjectRequest.objects.create(
        pk=pk,
        key=new_subject_key(subject_id=pk, retention_class=SubjectKey.RetentionClass.PROOF),
        number=_next_number(received_on.year),
        right=Right(right).value,
        channel=Channel(channel).value,
        received_on=received_on,
        due_on=deadline(received_on),
        language=language,
        contact=contact,
        requester_name=requester_name,
        requester_address=requester_address,
        text=text,
        note=note,
        assignee=assignee or privacy_officer(),
        opened_by_id=actor.pk if actor else None,
    )
    add_event(request, EventKind.OPENED, actor=actor, right=request.right, channel=request.channel)
    # One that was recorded late may be due already.
    remind(only=[request.pk])
    return request


@transaction.atomic
def assign_request(*, request: DataSubjectRequest, assignee: User, actor: User) -> DataSubjectRequest:
    """Give an open request to a colleague, with the reminders that wait with the one who had it."""
    request = open_one(request)
    before = request.assignee
    request.assignee = assignee
    request.save(update_fields=["assignee"])
    Task.objects.open().filter(about_id=request.pk, assignee=before).update(assignee=assignee)
    add_event(request, EventKind.ASSIGNED, actor=actor, to=assignee.pk)
    return request


@transaction.atomic
def link_contact(*, request: DataSubjectRequest, contact: Contact | None, actor: User) -> DataSubjectRequest:
    """Say which card the request is about, or that there is none."""
    request = open_one(request)
    request.contact = contact
    request.save(update_fields=["contact"])
    add_event(request, EventKind.LINKED, actor=actor, found=int(contact is not None))
    return request


@transaction.atomic
def write_note(*, request: DataSubjectRequest, note: str, actor: User) -> DataSubjectRequest:
    """Change what colleagues noted, closed or not."""
    request = locked(request)
    if request.note != note:
        request.note = note
        request.save(update_fields=["note"])
        add_event(request, EventKind.NOTED, actor=actor)
    return request


@transaction.atomic
def mark_worked(*, request: DataSubjectRequest, actor: User | None, what: str) -> DataSubjectRequest:
    """Note that what was asked for has been done (`what` is a code: exported, corrected, erased …); the answer is next.

    A closed request keeps its state; the step stands in its history all the same.
    """
    request = locked(request)
    if request.is_open and request.state != RequestState.WORKING:
        request.state = RequestState.WORKING
        request.save(update_fields=["state"])
    add_event(request, EventKind.WORKED, actor=actor, what=what)
    return request


def _next_number(year: int) -> str:
    """The next number of that year, „Z-2026-000012“. Locks the counter until the transaction ends: none is skipped."""
    RequestCounter.objects.get_or_create(year=year)
    counter = RequestCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"Z-{year}-{counter.last:06d}"
