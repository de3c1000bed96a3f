"""The gate: may this message go to this address for this purpose?

Every way out of the house asks here: sending, segments, mailing lists, exports, the API. It answers with the rule and
the evidence, and it is shut unless a rule opens it. One pure function decides, for a single address and for whole
audiences alike, so the two can't disagree (GDPR Art. 6, 7, 18, 21; Act 480/2004 § 7; Act 127/2005 § 96).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.utils import timezone

from consents import facts as loading
from consents.facts import Address, Facts
from consents.models import Basis, Channel, Consent, LegalGround, Purpose, State
from consents.projection import address_digest
from consents.rules import Decision, Rule
from contacts.models import Contact, Source

NEGATIVE = {State.WITHDRAWN: Rule.WITHDRAWN, State.REFUSED: Rule.REFUSED, State.OBJECTED: Rule.OBJECTED}
BATCH = 500


def may_contact(
    contact: Contact | None,
    address: str | None,
    purpose: Purpose,
    at: dt.datetime | None = None,
    *,
    channel: str | None = None,
) -> Decision:
    """Whether the address of the contact may be used for the purpose.

    `address` None means the primary one of the channel; the channel follows from the address where it isn't given.
    A contact that does not exist (any more) is refused. Never raises for a refusal: the answer is the refusal.
    """
    if contact is None:
        return Decision(rule=Rule.UNKNOWN, purpose_id=purpose.pk, purpose_name=purpose.name)
    by = channel or (Channel.EMAIL if address is None or "@" in address else Channel.PHONE)
    return decide(loading.load([contact])[contact.pk], address, purpose, by, at or timezone.now())


def may_contact_each(
    contacts: Iterable[Contact], purpose: Purpose, *, channel: str, at: dt.datetime | None = None
) -> Iterator[tuple[Contact, str, Decision]]:
    """For each contact the address to use ("" where none) and the gate's answer; fixed queries a batch."""
    when = at or timezone.now()
    remaining = iter(contacts)
    while batch := list(islice(remaining, BATCH)):
        facts = loading.load(batch)
        for contact in batch:
            yield (contact, *_best(facts[contact.pk], purpose, channel, when))


def _best(facts: Facts, purpose: Purpose, channel: str, at: dt.datetime) -> tuple[str, Decision]:
    """The first address of the channel that is allowed, primary first; else the answer for the primary one."""
    answers = [
        (address.value, decide(facts, address.value, purpose, channel, at)) for address in facts.addresses[channel]
    ]
    return next((a for a in answers if a[1].allowed), None) or next(
        iter(answers), ("", decide(facts, None, purpose, channel, at))
    )


def decide(facts: Facts, address: str | None, purpose: Purpose, channel: str, at: dt.datetime) -> Decision:
    """The pure rule book over loaded facts; see the module's text."""

    def answer(rule: Rule, evidence: Consent | LegalGround | None = None) -> Decision:
        return Decision(
            rule=rule,
            purpose_id=purpose.pk,
            purpose_name=purpose.name,
            channel=channel,
            evidence_id=evidence.pk if evidence else None,
            until=evidence.valid_until if evidence else None,
        )

    if facts.is_restricted:
        return answer(Rule.RESTRICTED)
    if not purpose.is_active:
        return answer(Rule.PURPOSE_INACTIVE)
    if channel not in purpose.channel_codes:
        return answer(Rule.CHANNEL_NOT_COVERED)
    reached = _address(facts, channel, address)
    if reached is None:
        return answer(Rule.NO_ADDRESS)
    if _is_suppressed(facts, reached, purpose):
        return answer(Rule.SUPPRESSED)
    objection = _objection(facts, purpose, channel)
    if objection is not None:
        return answer(_said_of(objection, facts, purpose), objection)
    if purpose.basis == Basis.CONSENT:
        return answer(*_by_consent(facts, purpose, channel, reached, at))
    if purpose.is_marketing:
        return answer(*_by_marketing_exception(facts, purpose, channel, reached, at))
    return answer(*_by_ground(facts, purpose, at))


def _address(facts: Facts, channel: str, wanted: str | None) -> Address | None:
    """The address on the card, or None. One that is not on the card is never written to."""
    if wanted is None:
        return next(iter(facts.addresses[channel]), None)
    return next((a for a in facts.addresses[channel] if a.value.casefold() == wanted.casefold()), None)


def _is_suppressed(facts: Facts, reached: Address, purpose: Purpose) -> bool:
    """All marketing, or a consent that was taken back at this address; never the messages of a contract or a duty."""
    if purpose.is_marketing:
        return bool(facts.suppressed[reached.value] & {None, purpose.pk})
    return purpose.basis == Basis.CONSENT and purpose.pk in facts.suppressed[reached.value]


def _objection(facts: Facts, purpose: Purpose, channel: str) -> Consent | None:
    """An objection to this purpose or, for marketing, to any marketing at all (Art. 21(2)).

    It outlasts whatever staff records afterwards. Only the person's own later confirmation for this purpose and channel
    is heard against it, or the recorded balance, which clears it in the projection.
    """
    if purpose.basis == Basis.CONSENT and not purpose.is_marketing:
        return None  # Art. 21 is not about consent: such a word takes it back, and the next consent gives it again
    confirmed = max(
        (
            c.confirmed_at
            for c in facts.consents
            if c.confirmed_at and c.purpose_id == purpose.pk and c.channel in (channel, Channel.ANY)
        ),
        default=None,
    )
    objected = (c for c in facts.consents if c.objected_at and (confirmed is None or c.objected_at >= confirmed))
    return next(
        (c for c in objected if c.purpose_id == purpose.pk or (purpose.is_marketing and c.purpose.is_marketing)), None
    )


def _said_of(objection: Consent, facts: Facts, purpose: Purpose) -> Rule:
    """An objection that is still being weighed halts; any other one has been heard."""
    waits = any(g.halted_at and g.ended_at is None for g in facts.grounds if g.purpose_id == purpose.pk)
    return Rule.HALTED if waits and objection.purpose_id == purpose.pk else Rule.OBJECTED


def _by_consent(
    facts: Facts, purpose: Purpose, channel: str, reached: Address, at: dt.datetime
) -> tuple[Rule, Consent | None]:
    """Consent of the one person, for this purpose, channel and address, proven and not ended.

    A refusal, withdrawal or objection, for the channel or for any, beats whatever was given before it.
    """
    rows = [c for c in facts.consents if c.purpose_id == purpose.pk and c.channel in (channel, Channel.ANY)]
    negative = max((c for c in rows if c.state in NEGATIVE), key=lambda c: c.last_event_at, default=None)
    answers = [
        (_validity(c, facts, reached, at), c)
        for c in rows
        if c.state not in NEGATIVE and (negative is None or _spoken_at(c) > negative.last_event_at)
    ]
    good = next(((rule, c) for rule, c in answers if rule is Rule.CONSENT), None)
    if good:
        return good
    if negative is not None:
        return NEGATIVE[State(negative.state)], negative
    return next(iter(answers), (Rule.NO_CONSENT, None))


def _spoken_at(consent: Consent) -> dt.datetime:
    """When the person said yes. Being asked again, or a lapse, is no new word of theirs."""
    return consent.given_at or consent.last_event_at


def _validity(consent: Consent, facts: Facts, reached: Address, at: dt.datetime) -> Rule:
    """CONSENT where this row opens the gate, else what is missing."""
    changed = facts.changed_at.get(consent.purpose_id)
    if consent.state == State.REQUESTED:
        return Rule.PENDING
    if consent.state == State.EXPIRED or consent.valid_until is None or consent.valid_until < timezone.localdate(at):
        return Rule.EXPIRED
    if consent.is_weak:
        return Rule.WEAK
    if consent.given_at is None or (changed is not None and consent.given_at < changed):
        return Rule.RENEW
    if consent.address_digest and consent.address_digest != address_digest(reached.value):
        return Rule.OTHER_ADDRESS
    return Rule.CONSENT


def _open(ground: LegalGround, at: dt.datetime) -> bool:
    day = timezone.localdate(at)
    return (
        ground.ended_at is None
        and ground.valid_from <= day
        and (ground.valid_until is None or day <= ground.valid_until)
    )


def _by_marketing_exception(
    facts: Facts, purpose: Purpose, channel: str, reached: Address, at: dt.datetime
) -> tuple[Rule, LegalGround | None]:
    """Marketing without consent: only to a customer, only for goods of the same line, never to a found address.

    The exception covers the address that the customer gave with a sale and no other one they may have (Act 480/2004,
    § 7(3)): one from an enquiry or a business card needs consent, however much they bought.
    """
    if reached.source in Source.public():
        return Rule.PUBLIC_SOURCE, None
    if purpose.existing_customer:
        sales = [g for g in facts.grounds if g.purpose.basis == Basis.CONTRACT and _open(g, at)]
        similar = next((g for g in sales if g.purpose.product_line == purpose.product_line), None)
        if similar is None:
            return (Rule.OTHER_PRODUCT if sales else Rule.NOT_A_CUSTOMER), None
        if reached.source != Source.SALE:
            return Rule.NOT_FROM_SALE, None
        return Rule.EXISTING_CUSTOMER, similar
    # Electronic messages need consent whatever the balance says; only post may rest on it.
    if channel == Channel.POST and purpose.basis == Basis.LEGITIMATE_INTEREST:
        return _by_ground(facts, purpose, at)
    return Rule.NO_CONSENT, None


def _by_ground(facts: Facts, purpose: Purpose, at: dt.datetime) -> tuple[Rule, LegalGround | None]:
    mine = [ground for ground in facts.grounds if ground.purpose_id == purpose.pk]
    standing = next((ground for ground in mine if _open(ground, at)), None)
    if standing and standing.halted_at:
        return Rule.HALTED, standing
    if standing:
        return Rule(standing.basis), standing
    return (Rule.GROUND_ENDED if mine else Rule.NO_GROUND), None


def allowed_ids(contacts: Sequence[Contact], purpose: Purpose, *, channel: str) -> set[uuid.UUID]:
    """The ids of those who may be contacted, for segments and lists."""
    return {contact.pk for contact, _, answer in may_contact_each(contacts, purpose, channel=channel) if answer.allowed}
