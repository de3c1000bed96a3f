"""Writes of the blind index. It is derived from the cards, so it can be made anew at any time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from contacts import index
from contacts.models import AddressToken, Contact, EmailAddress, NameToken, Phone
from privacy import blind_index
from privacy.errors import KeyMissing


def reindex(contacts: Iterable[Contact]) -> None:
    """Make the tokens of these cards anew from what they hold. A restricted card keeps its exact hashes only."""
    cards = list(contacts)
    ids = [card.pk for card in cards]
    names: set[tuple[int, uuid.UUID]] = set()
    exact: dict[tuple[uuid.UUID, uuid.UUID], str] = {}
    for card in cards:
        if not card.is_restricted:
            names |= {(token, card.pk) for token in blind_index.name_tokens(indexed_names(card))}
        for number in (card.ico, card.dic):
            if number:
                exact[index.number_key(number), card.pk] = AddressToken.Kind.NUMBER
    for email in EmailAddress.objects.filter(contact_id__in=ids):
        exact[index.email_key(email.value), email.contact_id] = AddressToken.Kind.EMAIL
    for phone in Phone.objects.filter(contact_id__in=ids):
        exact[index.phone_key(phone.value), phone.contact_id] = AddressToken.Kind.PHONE
    with transaction.atomic():
        NameToken.objects.filter(contact_id__in=ids).delete()
        AddressToken.objects.filter(contact_id__in=ids).delete()
        NameToken.objects.bulk_create([NameToken(token=t, contact_id=c) for t, c in sorted(names)], batch_size=2000)
        AddressToken.objects.bulk_create(
            [AddressToken(digest=d, contact_id=c, kind=kind) for (d, c), kind in exact.items()], batch_size=2000
        )


def reindex_all(*, batch: int = 500) -> tuple[int, int]:
    """Make the whole index anew, `batch` cards at a time: it is left out of backups. Safe to repeat.

    Returns how many cards were indexed, and how many could not be read because their data key is gone.
    """
    done = unreadable = 0
    ids = list(Contact._base_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), batch):
        cards = list(Contact._base_manager.select_related("key").filter(pk__in=ids[start : start + batch]))
        try:
            reindex(cards)
            done += len(cards)
        except KeyMissing:
            indexed = sum(_reindexed(card) for card in cards)
            done, unreadable = done + indexed, unreadable + len(cards) - indexed
    return done, unreadable


def _reindexed(card: Contact) -> bool:
    try:
        reindex([card])
    except KeyMissing:
        return False
    return True


def indexed_names(card: Contact) -> list[str]:
    """What of a card is searched by its beginning: names only, never notes or titles."""
    return [name for name in (card.first_name, card.last_name, card.organisation_name) if name]
