"""Writes of the blind index. It is derived from the cards, so it can be made anew at any time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from contacts import index
from contacts.models import AddressToken, Contact, EmailAddress, NameToken, Phone
from privacy import blind_index


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


def indexed_names(card: Contact) -> list[str]:
    """What of a card is searched by its beginning: names only, never notes or titles."""
    return [name for name in (card.first_name, card.last_name, card.organisation_name) if name]
