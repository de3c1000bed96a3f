"""Extending and closing a request. Each stands on a letter that has really left (Art. 12(3), (4)).

What a letter is about to do is kept on the request while the letter is a draft (`plan_extension`, `plan_refusal`);
`letter_sent`, which is called for every letter of a request when it has left, does it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Installation
from consents.periods import add_months
from gdpr_requests.desk.deadlines import extended_deadline
from gdpr_requests.desk.history import add_event
from gdpr_requests.desk.identity import WITHOUT_PROOF
from gdpr_requests.desk.locking import locked, open_one
from gdpr_requests.models import DataSubjectRequest, EventKind, RefusalGround, RequestState
from tasks.models import Task
from tasks.services import finish_tasks_about

if TYPE_CHECKING:
    from accounts.models import User


class SentLetter(Protocol):
    """What the register needs of a letter."""

    pk: UUID
    kind: str
    request_id: UUID | None
    sent_at: dt.datetime | None
    sent_via: str


EXTENSION = "extension"
REFUSAL = "refusal"
NOT_FOUND = "not_found"
# Letters on the way; every other kind answers the request.
ON_THE_WAY = ("acknowledgement", "identity", EXTENSION, "recipients", "indirect", "restriction_lift")


@transaction.atomic
def plan_extension(*, request: DataSubjectRequest, reason: str, actor: User) -> DataSubjectRequest:
    """Keep the reasons for an extension until its notice has left. Raises ValidationError, see `extend`."""
    request = open_one(request)
    _demand_extendable(request, reason, timezone.localdate())
    request.extension_reason = reason.strip()
    request.save(update_fields=["extension_reason"])
    return request


@transaction.atomic
def extend(*, request: DataSubjectRequest, reason: str, letter: SentLetter, actor: User | None) -> DataSubjectRequest:
    """Extend by two months (Art. 12(3)): with reasons, and with the notice sent within the first month.

    Raises ValidationError where the reasons are missing, the notice was not sent or too late, or it was extended
    before.
    """
    request = open_one(request)
    sent_on = _sent_on(letter, request)
    if letter.kind != EXTENSION:
        raise ValidationError(_("This letter is no notice of an extension."), code="letter")
    _demand_extendable(request, reason, sent_on)
    request.extension_reason = reason.strip()
    request.extended_on = sent_on
    request.extended_due_on = extended_deadline(request.received_on)
    request.extension_letter_id = letter.pk
    request.save(update_fields=["extension_reason", "extended_on", "extended_due_on", "extension_letter_id"])
    # What was reminded of the first month is over; the job reminds of the new end.
    finish_tasks_about(about_id=request.pk, outcome=Task.Outcome.CANCELLED, actor=actor)
    add_event(request, EventKind.EXTENDED, actor=actor, letter=letter.pk, until=request.extended_due_on.isoformat())
    return request


def _demand_extendable(request: DataSubjectRequest, reason: str, on: dt.date) -> None:
    if not reason.strip():
        raise ValidationError(_("An extension needs reasons, and the person gets to read them."), code="reason")
    if request.extended_on is not None:
        raise ValidationError(_("It was extended already; there is no second extension."), code="twice")
    if on > request.due_on:
        raise ValidationError(_("The first month is over: an extension had to be announced within it."), code="late")


@transaction.atomic
def plan_refusal(
    *,
    request: DataSubjectRequest,
    ground: str,
    reason: str,
    actor: User,
    keeps: Sequence[str] = (),
    until: dt.date | None = None,
) -> DataSubjectRequest:
    """Keep ground and reasons of a refusal until its letter has left. Raises ValidationError, see `refuse`."""
    request = open_one(request)
    _demand_refusable(request, ground, reason, timezone.localdate())
    _demand_end(request, ground, keeps, until)
    request.refusal_ground, request.refusal_reason = ground, reason.strip()
    request.refusal_keeps, request.refusal_until = list(keeps), until
    request.save(update_fields=["refusal_ground", "refusal_reason", "refusal_keeps", "refusal_until"])
    return request


@transaction.atomic
def refuse(
    *,
    request: DataSubjectRequest,
    ground: str,
    reason: str,
    letter: SentLetter,
    actor: User | None,
    keeps: Sequence[str] = (),
    until: dt.date | None = None,
) -> DataSubjectRequest:
    """Refuse, on a ground that the GDPR knows for this right, with reasons, within one month (Art. 12(4)).

    Keeping data against a request for erasure (Art. 17(3)) also says which categories and until when. Raises
    ValidationError for anything else, and once the month is over: then only answering remains.
    """
    request = open_one(request)
    sent_on = _sent_on(letter, request)
    if letter.kind != REFUSAL:
        raise ValidationError(_("This letter is no refusal."), code="letter")
    _demand_refusable(request, ground, reason, sent_on)
    _demand_end(request, ground, keeps, until)
    request.refusal_ground, request.refusal_reason = ground, reason.strip()
    request.refusal_keeps, request.refusal_until = list(keeps), until
    request.save(update_fields=["refusal_ground", "refusal_reason", "refusal_keeps", "refusal_until"])
    return _close(request, RequestState.REFUSED, EventKind.REFUSED, letter, actor, ground=ground)


def _demand_refusable(request: DataSubjectRequest, ground: str, reason: str, on: dt.date) -> None:
    if ground not in RefusalGround.values or request.right not in RefusalGround(ground).rights:
        raise ValidationError(_("Choose a ground on which the law lets this right be refused."), code="ground")
    if not reason.strip():
        raise ValidationError(_("A refusal needs reasons, and the person gets to read them."), code="reason")
    if on > request.due_on:
        raise ValidationError(_("The month for a refusal is over: the request has to be met."), code="late")


def _demand_end(request: DataSubjectRequest, ground: str, keeps: Sequence[str], until: dt.date | None) -> None:
    if RefusalGround(ground).keeps and (not keeps or until is None):
        raise ValidationError(_("Say which data stay, and until when."), code="keeps")


@transaction.atomic
def answer(*, request: DataSubjectRequest, letter: SentLetter, actor: User | None) -> DataSubjectRequest:
    """Close with the answer that was sent; it stays with the request (Art. 12(3), 5(2)).

    Raises ValidationError without a letter that answers and has left, and where data would go to somebody whose
    identity nobody checked.
    """
    request = open_one(request)
    _sent_on(letter, request)
    if letter.kind in ON_THE_WAY or letter.kind == REFUSAL:
        raise ValidationError(_("This letter does not answer the request."), code="letter")
    if needs_identity(request) and letter.kind != NOT_FOUND:
        raise ValidationError(_("Check first who asks."), code="identity")
    return _close(request, RequestState.ANSWERED, EventKind.ANSWERED, letter, actor)


@transaction.atomic
def take_back(*, request: DataSubjectRequest, letter: SentLetter, actor: User | None) -> DataSubjectRequest:
    """Close a request that the person took back, with a letter that confirms it to them."""
    request = open_one(request)
    _sent_on(letter, request)
    if letter.kind in ON_THE_WAY or letter.kind == REFUSAL:
        raise ValidationError(_("This letter does not answer the request."), code="letter")
    return _close(request, RequestState.WITHDRAWN, EventKind.WITHDRAWN, letter, actor)


def needs_identity(request: DataSubjectRequest) -> bool:
    """Whether somebody has still to make sure who asks, before data are disclosed, changed or erased."""
    return request.identity_checked_at is None and request.right not in WITHOUT_PROOF


@transaction.atomic
def letter_sent(*, letter: SentLetter, actor: User | None) -> None:
    """Called when a letter of a request has left: note it, and do what it was written for.

    The letter is gone, so nothing here may fail: what can't be done any more (the request was closed meanwhile, the
    month is over) leaves the request as it is, with the letter in its history.
    """
    if letter.request_id is None:
        return
    request = locked(DataSubjectRequest(pk=letter.request_id))
    add_event(request, EventKind.LETTER, actor=actor, letter=letter.pk, kind=letter.kind, via=letter.sent_via)
    try:
        with transaction.atomic():
            _follow(request, letter, actor)
    except ValidationError:
        return


def _follow(request: DataSubjectRequest, letter: SentLetter, actor: User | None) -> None:
    if letter.kind == EXTENSION:
        extend(request=request, reason=request.extension_reason, letter=letter, actor=actor)
    elif letter.kind == REFUSAL:
        refuse(
            request=request,
            ground=request.refusal_ground,
            reason=request.refusal_reason,
            letter=letter,
            actor=actor,
            keeps=request.refusal_keeps,
            until=request.refusal_until,
        )
    elif letter.kind not in ON_THE_WAY:
        answer(request=request, letter=letter, actor=actor)


def _sent_on(letter: SentLetter, request: DataSubjectRequest) -> dt.date:
    """The day on which this request's letter left. Raises ValidationError for any other, and for a draft."""
    if letter.request_id != request.pk:
        raise ValidationError(_("This letter belongs to another request."), code="letter")
    if letter.sent_at is None:
        raise ValidationError(_("The letter has not been sent yet."), code="unsent")
    return timezone.localdate(letter.sent_at)


def _close(
    request: DataSubjectRequest,
    state: RequestState,
    kind: EventKind,
    letter: SentLetter,
    actor: User | None,
    **detail: str,
) -> DataSubjectRequest:
    request.state = state
    request.answered_at = timezone.now()
    request.answered_by_id = actor.pk if actor else None
    request.answer_letter_id = letter.pk
    request.ends_on = add_months(timezone.localdate(), 12 * Installation.current().request_years)
    names = ["state", "answered_at", "answered_by_id", "answer_letter_id", "ends_on"]
    request.save(update_fields=names)
    finish_tasks_about(about_id=request.pk, outcome=Task.Outcome.DONE, actor=actor)
    add_event(request, kind, actor=actor, letter=letter.pk, **detail)
    return request
