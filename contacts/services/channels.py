"""Corrections of one e-mail, phone or address at a time. The card keeps at most one primary of each sort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.services import record
from contacts.models import Contact, PostalAddress
from contacts.refusal import demand_welcome
from contacts.services.door import enter
from contacts.services.index import reindex

if TYPE_CHECKING:
    from accounts.models import User
    from contacts.models.channels import Channel


@transaction.atomic
def add_channel(*, contact: Contact, model: type[Channel], values: Mapping[str, Any], actor: User | None) -> Channel:
    """Put one more on the card; the first of its sort becomes primary by itself."""
    enter(contact, actor, correcting=True)
    demand_welcome(contact, spoken_of(model, [values]))
    first = not model._default_manager.filter(contact=contact).exists()
    primary = bool(values.get("is_primary")) or first
    if primary:
        _step_down(contact, model)
    channel: Channel = model._default_manager.create(
        key=contact.key, contact=contact, **{**values, "is_primary": primary}
    )
    _changed(contact, [f"{sort_of(model)}.added"], actor)
    return channel


@transaction.atomic
def correct_channel(*, channel: Channel, values: Mapping[str, Any], actor: User | None) -> list[str]:
    """Change one of the card's and return the names of what really changed, for example `["emails.value"]`.

    A primary one steps down only by another one becoming it.
    """
    contact = channel.contact
    enter(contact, actor, correcting=True)
    values = {**values, "is_primary": channel.is_primary or bool(values.get("is_primary"))}
    changed = [name for name, value in values.items() if getattr(channel, name) != value]
    if not changed:
        return []
    demand_welcome(contact, spoken_of(type(channel), [values]))
    if "is_primary" in changed:
        _step_down(contact, type(channel))
    for name in changed:
        setattr(channel, name, values[name])
    channel.save(update_fields=changed)
    fields = [f"{sort_of(type(channel))}.{name}" for name in changed]
    _changed(contact, fields, actor)
    return fields


@transaction.atomic
def remove_channel(*, channel: Channel, actor: User | None) -> None:
    """Take one off the card; where it was the primary one, another takes its place."""
    contact, model = channel.contact, type(channel)
    enter(contact, actor, correcting=True)
    was_primary = channel.is_primary
    channel.delete()
    if was_primary:
        heir = model._default_manager.filter(contact=contact).order_by("pk").first()
        if heir is not None:
            heir.is_primary = True
            heir.save(update_fields=["is_primary"])
    _changed(contact, [f"{sort_of(model)}.removed"], actor)


def spoken_of(model: type[Channel], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The e-mails or phones that some rows name; a postal address is on no list of those to leave alone."""
    return [] if model is PostalAddress else [str(row["value"]) for row in rows if row.get("value")]


def sort_of(model: type[Channel]) -> str:
    """What a sort is called on the card: "emails", "phones" or "addresses"."""
    return str(model._meta.get_field("contact").remote_field.related_name)


def _step_down(contact: Contact, model: type[Channel]) -> None:
    model._default_manager.filter(contact=contact, is_primary=True).update(is_primary=False)


def _changed(contact: Contact, fields: list[str], actor: User | None) -> None:
    contact.save(update_fields=["updated_at"])
    reindex([contact])
    record("contact.changed", actor=actor, contact_id=contact.pk, fields=fields)
