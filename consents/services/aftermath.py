"""What follows from an event in the same transaction: sends stop, grounds end, tasks close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consents.models import Basis, Channel, Consent, ConsentEvent, EndReason, EventKind, LegalGround, State, Suppression
from consents.services.grounds import end_ground, end_grounds
from consents.services.orphans import propose_erasure
from consents.services.suppression import lift, suppress
from contacts.models import Contact, EmailAddress, Phone
from tasks.models import Task
from tasks.services import finish_tasks_about

if TYPE_CHECKING:
    from accounts.models import User

ENDING = frozenset({EventKind.REFUSED, EventKind.WITHDRAWN, EventKind.EXPIRED, EventKind.OBJECTED})
OUTCOMES = {
    EventKind.GIVEN: Task.Outcome.RENEWED,
    EventKind.CONFIRMED: Task.Outcome.RENEWED,
    EventKind.RENEWED: Task.Outcome.RENEWED,
    EventKind.REFUSED: Task.Outcome.WITHDRAWN,
    EventKind.WITHDRAWN: Task.Outcome.WITHDRAWN,
    EventKind.OBJECTED: Task.Outcome.WITHDRAWN,
}


def follow(*, contact: Contact, consent: Consent, event: ConsentEvent, actor: User | None) -> None:
    """Draw the consequences of one event of the contact."""
    kind = EventKind(event.kind)
    if kind in OUTCOMES:
        finish_tasks_about(about_id=consent.pk, outcome=OUTCOMES[kind], actor=actor)
    if kind in (EventKind.WITHDRAWN, EventKind.OBJECTED):
        _leave_alone(contact, event, actor)
    elif kind in OUTCOMES and kind is not EventKind.REFUSED and not event.is_weak:
        _welcome_back(contact, event, actor)
    if kind is EventKind.OBJECTED and event.purpose.is_marketing:
        _end_marketing_grounds(contact, actor)
    if kind in ENDING:
        _end_consent_grounds(contact, event, actor)


def addresses_of(contact: Contact, channel: str) -> list[str]:
    """The e-mails and phones of the card that a word about the channel concerns."""
    found: list[str] = []
    if channel in (Channel.ANY, Channel.EMAIL):
        found += [email.value for email in EmailAddress.objects.filter(contact=contact)]
    if channel in (Channel.ANY, Channel.PHONE, Channel.SMS):
        found += [phone.value for phone in Phone.objects.filter(contact=contact)]
    return found


def _leave_alone(contact: Contact, event: ConsentEvent, actor: User | None) -> None:
    """An objection or withdrawal goes with the address: it binds every card that holds it, now or later."""
    objected = event.kind == EventKind.OBJECTED and event.purpose.is_marketing
    if event.kind == EventKind.OBJECTED and not objected:
        return  # it halts one processing of this person; the address itself may be written to for any other
    suppress(
        addresses=[event.address] if event.address else addresses_of(contact, event.channel),
        scope=Suppression.Scope.MARKETING if objected else Suppression.Scope.PURPOSE,
        purpose=None if objected else event.purpose,
        reason=Suppression.Reason.OBJECTION if objected else Suppression.Reason.WITHDRAWAL,
        actor=actor,
        is_named=bool(event.address),
    )


def _welcome_back(contact: Contact, event: ConsentEvent, actor: User | None) -> None:
    """A new consent lifts what its own withdrawal had closed; only the person's own confirmation lifts an objection."""
    lift(
        addresses=[event.address] if event.address else addresses_of(contact, event.channel),
        purpose=event.purpose,
        everything=event.kind == EventKind.CONFIRMED,
        is_named=bool(event.address),
        actor=actor,
    )


def _end_marketing_grounds(contact: Contact, actor: User | None) -> None:
    """Whatever else marketing rested on ends with the objection: data are no longer held for it (Art. 21(3))."""
    grounds = LegalGround.objects.filter(subject__contact=contact, purpose__is_marketing=True, ended_at__isnull=True)
    resting = grounds.exclude(basis=Basis.CONSENT).select_related("subject")
    if end_grounds(list(resting), reason=EndReason.OBJECTION, actor=actor):
        propose_erasure([contact.pk], actor=actor)


def _end_consent_grounds(contact: Contact, event: ConsentEvent, actor: User | None) -> None:
    """The ground goes with the last consent that carried it, and the card may be left without any."""
    still = Consent.objects.filter(subject_id=event.subject_id, purpose_id=event.purpose_id, state=State.GIVEN)
    if still.exists():
        return
    grounds = LegalGround.objects.filter(
        subject_id=event.subject_id, purpose_id=event.purpose_id, basis="consent", ended_at__isnull=True
    ).select_related("subject")
    for ground in grounds:
        end_ground(ground=ground, reason=EndReason.CONSENT_ENDED, actor=actor)
    propose_erasure([contact.pk], actor=actor)
