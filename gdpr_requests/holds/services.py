"""Placing and releasing legal holds, and what an erasure asks of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.services import record
from contacts.models import Contact
from gdpr_requests.models import ErasureItem, LegalHold
from privacy.queue import enqueue

if TYPE_CHECKING:
    from accounts.models import User


class Held(Exception):  # noqa: N818 - read as a sentence
    """A legal hold keeps the card. `until` is the last day of the longest."""

    def __init__(self, until: dt.date) -> None:
        super().__init__("a legal hold keeps the card")
        self.until = until


@transaction.atomic
def place_hold(*, contact: Contact, reason: str, until: dt.date, actor: User) -> LegalHold:
    """Keep the card from being erased until that day has passed. Raises Contact.DoesNotExist once it is erased."""
    # Locked, so that an erasure that is under way either sees the hold or is over.
    Contact.objects.select_for_update().get(pk=contact.pk)
    hold: LegalHold = LegalHold.objects.create(
        key=contact.key, contact=contact, reason=reason, until=until, placed_by_id=actor.pk
    )
    record("hold.placed", actor=actor, contact_id=contact.pk, target=hold)
    return hold


@transaction.atomic
def release_hold(*, hold: LegalHold, actor: User) -> None:
    """Let the card go. Erasures that waited for it are worked at once. Safe to repeat."""
    released = LegalHold.objects.filter(pk=hold.pk, released_at__isnull=True).update(
        released_at=timezone.now(), released_by_id=actor.pk
    )
    if not released:
        return
    record("hold.released", actor=actor, contact_id=hold.contact_id, target=hold)
    if ErasureItem.objects.filter(contact_id=hold.contact_id, state=ErasureItem.State.HELD).exists():
        enqueue("gdpr_requests.resume_erasures")


def demand_no_hold(contact: Contact) -> None:
    """Raise Held while any hold on the card is in force. The caller holds the card's lock."""
    ends = list(LegalHold.objects.filter(contact=contact).in_force().values_list("until", flat=True))
    if ends:
        raise Held(max(ends))
