"""New cards, one or many at a time, by the same set-based writes.

A primitive: it knows nothing of lawful bases. Cards are made through `intake`, which adds the ground in the same
transaction, so that no contact stands without one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.services import Row, record_many
from contacts.models import Contact, EmailAddress, Phone, PostalAddress, Subject, Tag
from contacts.services.index import reindex
from privacy.keys import new_subject_keys

if TYPE_CHECKING:
    from accounts.models import User
    from contacts.models.channels import Channel


@dataclass(kw_only=True)
class NewCard:
    """What a new card holds. `values` are fields of Contact; channels are the fields of their own models."""

    values: dict[str, Any]
    emails: list[dict[str, Any]] = field(default_factory=list)
    phones: list[dict[str, Any]] = field(default_factory=list)
    addresses: list[dict[str, Any]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@transaction.atomic
def create_cards(*, cards: Sequence[NewCard], actor: User | None, owner: User | None = None) -> list[Contact]:
    """Save the cards with their channels, tags, keys and index; the first channel of a sort becomes primary."""
    subject_ids = [uuid.uuid4() for _ in cards]
    keys = new_subject_keys(subject_ids)
    contacts = [
        Contact(key=key, created_by=actor, **{"owner": owner, **card.values})
        for key, card in zip(keys, cards, strict=True)
    ]
    Contact.objects.bulk_create(contacts)
    Subject.objects.bulk_create(
        [Subject(id=sid, contact=contact) for sid, contact in zip(subject_ids, contacts, strict=True)]
    )
    _create_channels(contacts, cards)
    _create_tags(contacts, cards, actor)
    reindex(contacts)
    record_many("contact.created", actor=actor, rows=[Row(contact_id=contact.pk) for contact in contacts])
    return contacts


def _create_channels(contacts: Sequence[Contact], cards: Sequence[NewCard]) -> None:
    emails: list[EmailAddress] = []
    phones: list[Phone] = []
    addresses: list[PostalAddress] = []
    for contact, card in zip(contacts, cards, strict=True):
        emails += _channels(EmailAddress, contact, card.emails, source=contact.source)
        phones += _channels(Phone, contact, card.phones, source=contact.source)
        addresses += _channels(PostalAddress, contact, card.addresses)
    EmailAddress.objects.bulk_create(emails, batch_size=1000)
    Phone.objects.bulk_create(phones, batch_size=1000)
    PostalAddress.objects.bulk_create(addresses, batch_size=1000)


def _channels(model: type[Channel], contact: Contact, rows: list[dict[str, Any]], **defaults: Any) -> list[Any]:
    first_primary = next((i for i, row in enumerate(rows) if row.get("is_primary")), 0)
    return [
        model(key=contact.key, contact=contact, **{**defaults, **row, "is_primary": i == first_primary})
        for i, row in enumerate(rows)
    ]


def tags_named(names: Iterable[str], *, actor: User | None) -> dict[str, Tag]:
    """The tags of these names, made where they don't exist yet. Names are compared as they are written."""
    wanted = {name.strip()[:40] for name in names if name.strip()}
    Tag.objects.bulk_create([Tag(name=name, made_by=actor) for name in sorted(wanted)], ignore_conflicts=True)
    return {tag.name: tag for tag in Tag.objects.filter(name__in=wanted)}


def _create_tags(contacts: Sequence[Contact], cards: Sequence[NewCard], actor: User | None) -> None:
    tags = tags_named((name for card in cards for name in card.tags), actor=actor)
    if not tags:
        return
    through = Contact.tags.through
    through.objects.bulk_create(
        [
            through(contact_id=contact.pk, tag_id=tags[name.strip()[:40]].pk)
            for contact, card in zip(contacts, cards, strict=True)
            for name in dict.fromkeys(card.tags)
            if name.strip()
        ],
        ignore_conflicts=True,
    )
