"""From events to the state of a consent. The same events always give the same row, byte for byte."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from consents.models import Consent, ConsentEvent, EventKind, State
from contacts.index import email_key, phone_key

if TYPE_CHECKING:
    from consents.models import NoticeVersion  # noqa: F401

NAMESPACE = uuid.UUID("6f1f9d5e-8a53-4c39-9a3e-0a4f5b1f7c11")
STATES = {
    EventKind.REQUESTED: State.REQUESTED,
    EventKind.GIVEN: State.GIVEN,
    EventKind.CONFIRMED: State.GIVEN,
    EventKind.RENEWED: State.GIVEN,
    EventKind.REFUSED: State.REFUSED,
    EventKind.WITHDRAWN: State.WITHDRAWN,
    EventKind.EXPIRED: State.EXPIRED,
    EventKind.OBJECTED: State.OBJECTED,
    EventKind.OVERRULED: State.OVERRULED,
}
TAKING_BACK = frozenset({EventKind.WITHDRAWN, EventKind.REFUSED, EventKind.OBJECTED})


def consent_id(event: ConsentEvent) -> uuid.UUID:
    """The id of the consent that the event belongs to, the same on every rebuild."""
    return uuid.uuid5(NAMESPACE, f"{event.subject_id}:{event.purpose_id}:{event.channel}")


def address_digest(address: str) -> uuid.UUID | None:
    if not address:
        return None
    return email_key(address) if "@" in address else phone_key(address)


def fold(consent: Consent | None, event: ConsentEvent) -> Consent:
    """The consent after the event."""
    after = consent or Consent(
        id=consent_id(event), subject_id=event.subject_id, purpose_id=event.purpose_id, channel=event.channel
    )
    kind = EventKind(event.kind)
    if kind is EventKind.CORRECTED:
        # The same mailbox under its right name: who said what and when stays as it was.
        after.address_digest = address_digest(event.address) if after.address_digest else None
        after.last_event_id = event.pk
        return after
    state = STATES[kind]
    # Asking again does not take away what still stands.
    if not (state == State.REQUESTED and consent is not None and consent.state == State.GIVEN):
        after.state = state
    if state == State.GIVEN:
        after.given_at = event.occurred_at
        after.valid_until = event.valid_until
        after.is_weak = event.is_weak
        after.notice_id = event.notice_id
        after.method = event.method
        after.address_digest = address_digest(event.address) or after.address_digest
    elif not after.method:
        after.method = event.method
    _fold_objection(after, event, kind)
    after.last_event_id = event.pk
    after.last_event_at = event.occurred_at
    after.recorded_by_id = event.recorded_by_id
    return after


def _fold_objection(after: Consent, event: ConsentEvent, kind: EventKind) -> None:
    """An objection stands until the person confirms a new consent themselves, or the balance is recorded."""
    if kind is EventKind.OBJECTED:
        after.objected_at = event.occurred_at
    if kind in TAKING_BACK:
        after.confirmed_at = None
    elif kind is EventKind.CONFIRMED and not event.is_weak:
        after.confirmed_at, after.objected_at = event.occurred_at, None
    elif kind is EventKind.OVERRULED:
        after.objected_at = None


def apply(event: ConsentEvent) -> Consent:
    """Bring the projection up to date with one new event."""
    consent = fold(Consent.objects.select_for_update().filter(pk=consent_id(event)).first(), event)
    consent.save()
    return consent


@transaction.atomic
def rebuild(subject_ids: Iterable[uuid.UUID]) -> int:
    """Make the projection of these subjects anew from their events; returns the number of consents."""
    ids = list(subject_ids)
    rebuilt: dict[uuid.UUID, Consent] = {}
    for event in ConsentEvent.objects.filter(subject_id__in=ids).order_by("subject_id", "sequence"):
        key = consent_id(event)
        rebuilt[key] = fold(rebuilt.get(key), event)
    Consent.objects.filter(subject_id__in=ids).delete()
    Consent.objects.bulk_create(rebuilt.values(), batch_size=1000)
    return len(rebuilt)
