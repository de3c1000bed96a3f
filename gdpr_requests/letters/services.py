"""Writes of letters: draft, correct, throw away, send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit.services import record
from gdpr_requests.export.document import language_of
from gdpr_requests.letters import aftermath
from gdpr_requests.letters.demands import demand_sendable
from gdpr_requests.letters.facts import About, values_of
from gdpr_requests.letters.reach import Reach, reach_of
from gdpr_requests.letters.register import locked_letter
from gdpr_requests.letters.templates import filled, template_for
from gdpr_requests.models import DataSubjectRequest, Letter, LetterKind
from privacy.queue import enqueue

if TYPE_CHECKING:
    from accounts.models import User
    from contacts.models import Contact


@dataclass(frozen=True)
class Draft:
    """What a letter would begin with; nothing is saved."""

    language: str
    subject: str
    body: str
    reach: Reach


def language_for(request: DataSubjectRequest | None, contact: Contact | None) -> str:
    """The language to write in: that of the request, else the person's."""
    if request is not None:
        return str(request.language)
    return language_of(contact) if contact is not None else "cs"


def compose(
    *,
    kind: str,
    request: DataSubjectRequest | None = None,
    contact: Contact | None = None,
    language: str = "",
    facts: Mapping[str, str] | None = None,
    actor: User | None = None,
) -> Draft:
    """Fill the wording in force. `facts` are texts by English placeholder; they win over what the system knows."""
    chosen = language or language_for(request, contact)
    with translation.override(chosen):
        about = About(LetterKind(kind).value, chosen, request, contact, actor, dict(facts or {}))
        wording = filled(template_for(kind, chosen), values_of(about))
        return Draft(chosen, wording.subject, wording.body, reach_of(about))


@transaction.atomic
def draft_letter(
    *,
    kind: str,
    request: DataSubjectRequest | None = None,
    contact: Contact | None = None,
    language: str = "",
    facts: Mapping[str, str] | None = None,
    actor: User | None = None,
    recipient: str = "",
    event: str = "",
) -> Letter:
    """Save a letter that begins with the wording in force.

    Sealed under the request's key where there is a request, else under the card's. Raises ValueError without either.
    """
    contact = contact or (request.contact if request is not None else None)
    draft = compose(kind=kind, request=request, contact=contact, language=language, facts=facts, actor=actor)
    to_address = recipient if kind == LetterKind.RECIPIENTS else draft.reach.address
    return save_letter(
        kind=kind,
        request=request,
        contact=contact,
        language=draft.language,
        subject=draft.subject,
        values={
            "body": draft.body,
            "to_address": to_address,
            "to_email": "" if kind == LetterKind.RECIPIENTS else draft.reach.email,
        },
        recipient=recipient,
        event=event,
        actor=actor,
    )


@transaction.atomic
def write_letter(
    *, values: Mapping[str, str], via: str, actor: User, letter: Letter | None = None, **columns: Any
) -> Letter:
    """Save a new letter (`columns` are those of save_letter) or a draft, and send it where `via` says how.

    All of it or nothing: raises ValidationError where it can't be sent, and then nothing is saved.
    """
    if letter is None:
        saved = save_letter(values=values, actor=actor, **columns)
    else:
        saved = change_letter(letter=letter, values=values, actor=actor)
    return send_letter(letter=saved, via=via, actor=actor) if via else saved


@transaction.atomic
def save_letter(
    *,
    kind: str,
    language: str,
    subject: str,
    values: Mapping[str, str],
    request: DataSubjectRequest | None = None,
    contact: Contact | None = None,
    recipient: str = "",
    event: str = "",
    actor: User | None,
) -> Letter:
    """Save a new draft; `values` are body, to_address and to_email. The subject is the template's, and no one's own."""
    owner = request or contact
    if owner is None:
        raise ValueError("A letter belongs to a request or to a card")
    letter = Letter.objects.create(
        key=owner.key,
        kind=kind,
        language=language,
        request=request,
        contact=contact or (request.contact if request is not None else None),
        subject=subject,
        recipient=recipient,
        event=event,
        created_by_id=actor.pk if actor else None,
        **values,
    )
    record("letter.drafted", actor=actor, contact_id=letter.contact_id, target=letter, detail=_what(letter))
    return letter


@transaction.atomic
def change_letter(*, letter: Letter, values: Mapping[str, str], actor: User) -> Letter:
    """Correct a draft. Raises ValidationError where it has left or is leaving."""
    letter = _locked(letter)
    if not letter.is_draft:
        raise ValidationError(_("The letter has been sent and can’t be changed any more."), code="sent")
    changed = [name for name in ("body", "to_address", "to_email") if getattr(letter, name) != values[name]]
    for name in changed:
        setattr(letter, name, values[name])
    if changed:
        letter.save(update_fields=changed)
        record("letter.changed", actor=actor, contact_id=letter.contact_id, target=letter, fields=changed)
    return letter


@transaction.atomic
def discard_letter(*, letter: Letter, actor: User) -> None:
    """Throw a draft away. Raises ValidationError for a letter that was sent: it is a proof."""
    letter = _locked(letter)
    if not letter.is_draft:
        raise ValidationError(_("A letter that was sent stays."), code="sent")
    record("letter.discarded", actor=actor, contact_id=letter.contact_id, target=letter, detail=_what(letter))
    letter.delete()


@transaction.atomic
def send_letter(*, letter: Letter, via: str, actor: User | None) -> Letter:
    """Send by e-mail (the worker does), or note that it was sent by post, by data box, or handed over.

    Sending again what is on its way or was sent changes nothing. Raises ValidationError for what may not leave, see
    `demands`.
    """
    letter = _locked(letter)
    if letter.sent_at is not None or letter.is_waiting:
        return letter
    demand_sendable(letter, via)
    if via != Letter.Via.EMAIL:
        return note_sent(letter=letter, via=via, actor=actor)
    letter.queued_at, letter.claimed_at, letter.failure, letter.attempts = timezone.now(), None, "", 0
    letter.sent_by_id = actor.pk if actor else None
    letter.save(update_fields=["queued_at", "claimed_at", "failure", "attempts", "sent_by_id"])
    record("letter.queued", actor=actor, contact_id=letter.contact_id, target=letter, detail=_what(letter))
    enqueue("gdpr_requests.deliver_letter", letter.pk)
    return letter


@transaction.atomic
def take_back(*, letter: Letter, actor: User) -> Letter:
    """Make a letter that could not be delivered a draft again, for example to correct its address."""
    letter = _locked(letter)
    if letter.has_failed or (letter.is_waiting and letter.claimed_at is None):
        letter.queued_at, letter.claimed_at, letter.failure = None, None, ""
        letter.save(update_fields=["queued_at", "claimed_at", "failure"])
        record("letter.taken_back", actor=actor, contact_id=letter.contact_id, target=letter)
    return letter


def note_sent(*, letter: Letter, via: str, actor: User | None) -> Letter:
    """Note that the letter has left, and draw the consequences. The caller holds the row."""
    letter.sent_at, letter.sent_via, letter.failure = timezone.now(), Letter.Via(via).value, ""
    if via != Letter.Via.EMAIL:
        letter.queued_at = None
        letter.sent_by_id = actor.pk if actor else None
    letter.save(update_fields=["sent_at", "sent_via", "failure", "queued_at", "sent_by_id"])
    detail = {**_what(letter), "via": letter.sent_via}
    record("letter.sent", actor=actor, contact_id=letter.contact_id, target=letter, detail=detail)
    aftermath.follow(letter=letter, actor=actor)
    return letter


def _locked(letter: Letter) -> Letter:
    found = locked_letter(letter.pk)
    if found is None:
        raise ValidationError(_("The letter is no longer here."), code="gone")
    return found


def _what(letter: Letter) -> dict[str, str]:
    return {"kind": str(letter.kind), "language": str(letter.language)}
