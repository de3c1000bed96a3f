"""What the gate has to know, loaded for one contact or for thousands by the same fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Max
from django.utils import timezone

from consents.models import Channel, Consent, LegalGround, NoticeVersion, Purpose, Suppression
from consents.services.suppression import all_digests
from contacts.models import Contact, EmailAddress, Phone, PostalAddress

# A voice call and an SMS reach the same numbers.
NUMBER_CHANNELS = (Channel.PHONE, Channel.SMS)


@dataclass(frozen=True)
class Address:
    """One way to reach a contact. `value` is the e-mail, the number, or the id of a postal address."""

    value: str
    source: str
    is_primary: bool


@dataclass
class Facts:
    """Everything the gate may ask about one contact."""

    contact_id: uuid.UUID
    is_restricted: bool
    addresses: dict[str, list[Address]] = field(default_factory=lambda: defaultdict(list))
    consents: list[Consent] = field(default_factory=list)
    grounds: list[LegalGround] = field(default_factory=list)
    # Address value -> ids of the purposes it is suppressed for; None stands for all marketing.
    suppressed: dict[str, set[uuid.UUID | None]] = field(default_factory=lambda: defaultdict(set))
    # Purpose -> since when its latest material change is in force.
    changed_at: dict[uuid.UUID, dt.datetime] = field(default_factory=dict)


def load(contacts: Sequence[Contact]) -> dict[uuid.UUID, Facts]:
    """The facts of these contacts, by id, in seven queries whatever their number."""
    facts = {c.pk: Facts(contact_id=c.pk, is_restricted=c.is_restricted) for c in contacts}
    _load_addresses(facts)
    _load_grounds(facts)
    _load_suppressions(facts)
    changed_at = material_changes()
    for one in facts.values():
        one.changed_at = changed_at
    return facts


def _load_addresses(facts: dict[uuid.UUID, Facts]) -> None:
    for email in EmailAddress.objects.filter(contact_id__in=facts).order_by("-is_primary"):
        facts[email.contact_id].addresses[Channel.EMAIL].append(Address(email.value, email.source, email.is_primary))
    for phone in Phone.objects.filter(contact_id__in=facts).exclude(kind=Phone.Kind.FAX).order_by("-is_primary"):
        for channel in NUMBER_CHANNELS:
            facts[phone.contact_id].addresses[channel].append(Address(phone.value, phone.source, phone.is_primary))
    posts = PostalAddress.objects.filter(contact_id__in=facts).order_by("-is_primary")
    for pk, contact_id, primary, source in posts.values_list("pk", "contact_id", "is_primary", "contact__source"):
        facts[contact_id].addresses[Channel.POST].append(Address(str(pk), source, primary))


def _load_grounds(facts: dict[uuid.UUID, Facts]) -> None:
    for consent in Consent.objects.filter(subject__contact_id__in=facts).select_related("subject", "purpose"):
        facts[consent.subject.contact_id].consents.append(consent)
    grounds = LegalGround.objects.filter(subject__contact_id__in=facts).select_related("subject", "purpose")
    for ground in grounds:
        facts[ground.subject.contact_id].grounds.append(ground)


def _load_suppressions(facts: dict[uuid.UUID, Facts]) -> None:
    holders: dict[str, list[Facts]] = defaultdict(list)
    for one in facts.values():
        for channel in (Channel.EMAIL, Channel.PHONE):
            for address in one.addresses[channel]:
                holders[address.value].append(one)
    for value, purpose_ids in suppressions_of(holders).items():
        for one in holders[value]:
            one.suppressed[value] |= purpose_ids


def suppressions_of(addresses: Collection[str]) -> dict[str, set[uuid.UUID | None]]:
    """For each suppressed address the purposes it is suppressed for; None stands for all marketing."""
    digests = all_digests(addresses)
    found: dict[str, set[uuid.UUID | None]] = defaultdict(set)
    keys = list(digests)
    for start in range(0, len(keys), 500):  # SQLite takes a limited number of parameters
        rows = Suppression.objects.filter(digest__in=keys[start : start + 500], ends_on__gte=timezone.localdate())
        for digest, purpose_id in rows.values_list("digest", "purpose_id"):
            for address in digests[digest]:
                found[address].add(purpose_id)
    return found


def material_changes() -> dict[uuid.UUID, dt.datetime]:
    """For each purpose, since when its latest material change is in force. The first text is no change."""
    rows = NoticeVersion.objects.filter(is_material=True, version__gt=1).values_list("purpose_id")
    return dict(rows.annotate(since=Max("created_at")))


def purposes_on_card(facts: Facts, marketing: Sequence[Purpose]) -> list[Purpose]:
    """The purposes worth a light: every marketing one in use, and those the card has a ground for."""
    mine = {ground.purpose_id: ground.purpose for ground in facts.grounds}
    mine |= {consent.purpose_id: consent.purpose for consent in facts.consents}
    return list(marketing) + [p for pk, p in mine.items() if pk not in {m.pk for m in marketing}]
