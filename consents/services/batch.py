"""Consents of many new contacts at once, by set-based writes: for imports and for the demo.

Only for contacts that have no consent event yet; whoever has a history goes through the ledger one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.services import Row, record_many
from consents import projection
from consents.models import Basis, Channel, Consent, ConsentEvent, EventKind, LegalGround, Purpose
from consents.periods import last_day
from consents.services.ledger import Evidence, chain_mac, check_event, source_of
from contacts.models import Contact
from privacy.keys import new_subject_keys

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def give_to_new(
    *,
    contacts: Sequence[Contact],
    purpose: Purpose,
    evidence: Evidence,
    actor: User | None,
    channel: str = Channel.ANY,
    occurred_at: dt.datetime | None = None,
    valid_until: dt.date | None = None,
) -> list[Consent]:
    """Record the same consent for each of these new contacts. Raises ValidationError as the ledger does."""
    when = occurred_at or timezone.now()
    until = valid_until or last_day(timezone.localdate(when), purpose.retention_months)
    check_event(EventKind.GIVEN, when, until, purpose)
    events = _events(contacts, purpose, evidence, actor, channel=channel, when=when, until=until)
    ConsentEvent.objects.bulk_create(events, batch_size=1000)
    consents = [projection.fold(None, event) for event in events]
    Consent.objects.bulk_create(consents, batch_size=1000)
    LegalGround.objects.bulk_create(
        [
            LegalGround(
                key=contact.key,
                subject_id=contact.subject_id,
                purpose=purpose,
                basis=Basis.CONSENT,
                source=source_of(evidence.is_weak, contact),
                method=evidence.method,
                valid_from=timezone.localdate(when),
                created_by=actor,
            )
            for contact in contacts
        ],
        batch_size=1000,
    )
    detail = {"purpose": purpose.slug, "channel": str(channel)}
    record_many(
        "consent.given",
        actor=actor,
        rows=[Row(contact.pk, event, (), detail) for contact, event in zip(contacts, events, strict=True)],
    )
    return consents


def _events(
    contacts: Sequence[Contact],
    purpose: Purpose,
    evidence: Evidence,
    actor: User | None,
    *,
    channel: str,
    when: dt.datetime,
    until: dt.date,
) -> list[ConsentEvent]:
    keys = new_subject_keys([contact.subject_id for contact in contacts], "proof")
    events = [
        ConsentEvent(
            key=key,
            subject_id=key.subject_id,
            sequence=1,
            purpose=purpose,
            channel=channel,
            kind=EventKind.GIVEN,
            method=evidence.method,
            notice=evidence.notice,
            evidence_reference=evidence.reference,
            is_weak=evidence.is_weak,
            occurred_at=when,
            valid_until=until,
            recorded_by_id=actor.pk if actor else None,
        )
        for key in keys
    ]
    for event in events:
        event.mac = chain_mac(event, "")
    return events
