"""Corrections of a card (Art. 16): which fields changed is recorded, their values never."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.services import record
from contacts.models import Contact, PostalAddress, Tag
from contacts.refusal import demand_welcome
from contacts.services.channels import spoken_of
from contacts.services.door import enter
from contacts.services.index import reindex
from contacts.services.new import tags_named

if TYPE_CHECKING:
    from accounts.models import User
    from contacts.models.channels import Channel


class CardChanged(Exception):  # noqa: N818 - read as a sentence
    """Somebody else changed the card after this colleague opened it."""


@transaction.atomic
def correct_everything(
    *,
    contact: Contact,
    values: Mapping[str, Any],
    channels: Mapping[type[Channel], Sequence[Mapping[str, Any]]],
    tags: Sequence[str],
    version: str,
    actor: User | None,
) -> None:
    """Correct the whole card at once, or nothing of it.

    `version` is what `version_of` said when the colleague opened the card. Raises CardChanged where it says something
    else by now: nothing is overwritten that they have not seen.
    """
    enter(contact, actor, correcting=True)
    locked = Contact.objects.get(pk=contact.pk)
    if version_of(locked) != version:
        raise CardChanged
    correct_card(contact=contact, values=values, actor=actor)
    for model, rows in channels.items():
        set_channels(contact=contact, model=model, rows=rows, actor=actor)
    set_tags(contact=contact, names=tags, actor=actor)


def version_of(contact: Contact) -> str:
    """When the card was last changed, to the microsecond."""
    return contact.updated_at.astimezone(dt.UTC).isoformat(timespec="microseconds")


@transaction.atomic
def correct_card(*, contact: Contact, values: Mapping[str, Any], actor: User | None) -> list[str]:
    """Change fields of the card and return the names of those that really changed."""
    enter(contact, actor, correcting=True)
    changed = [name for name, value in values.items() if getattr(contact, name) != value]
    for name in changed:
        setattr(contact, name, values[name])
    if changed:
        contact.__dict__.pop("display_name", None)
        contact.save(update_fields=[*changed, "updated_at"])
        reindex([contact])
        names = [Contact._meta.get_field(name).name for name in changed]
        record("contact.changed", actor=actor, contact_id=contact.pk, fields=names)
    return changed


@transaction.atomic
def set_channels(
    *, contact: Contact, model: type[Channel], rows: Sequence[Mapping[str, Any]], actor: User | None
) -> list[str]:
    """Make the contact's channels of one sort equal to `rows`; a row with an `id` is the one it had before.

    Returns the names of the changed fields, for example `["emails.value"]`. Exactly one of the rows ends up primary.
    """
    enter(contact, actor, correcting=True)
    demand_welcome(contact, spoken_of(model, rows))
    before: dict[Any, Any] = {channel.pk: channel for channel in model._default_manager.filter(contact=contact)}
    kept = {row["id"] for row in rows if row.get("id") in before}
    name = str(model._meta.get_field("contact").remote_field.related_name)
    changed = [f"{name}.removed"] if set(before) - kept else []
    model._default_manager.filter(contact=contact).exclude(pk__in=kept).delete()
    # The old primary steps down first: two at once would break the constraint.
    model._default_manager.filter(contact=contact, is_primary=True).update(is_primary=False)
    primary = next((i for i, row in enumerate(rows) if row.get("is_primary")), 0)
    for i, row in enumerate(rows):
        changed += _set_channel(contact, model, before.get(row.get("id")), {**row, "is_primary": i == primary}, name)
    changed = sorted(set(changed))
    if changed:
        reindex([contact])
        contact.save(update_fields=["updated_at"])
        record("contact.changed", actor=actor, contact_id=contact.pk, fields=changed)
    return changed


def _set_channel(contact: Contact, model: type[Channel], channel: Any, row: dict[str, Any], name: str) -> list[str]:
    values = {key: value for key, value in row.items() if key != "id"}
    if channel is None:
        if model is not PostalAddress:
            values.setdefault("source", contact.source)
        model._default_manager.create(key=contact.key, contact=contact, **values)
        return [f"{name}.added"]
    changed = [key for key, value in values.items() if getattr(channel, key) != value]
    for key, value in values.items():
        setattr(channel, key, value)
    # The primary flag of every row was lowered above, so it's written back even where it did not change.
    channel.save(update_fields=sorted({*changed, "is_primary"}))
    return [f"{name}.{key}" for key in changed]


@transaction.atomic
def set_tags(*, contact: Contact, names: Sequence[str], actor: User | None) -> None:
    """Make the contact's tags equal to `names`."""
    enter(contact, actor, correcting=True)
    tags = tags_named(names, actor=actor)
    before = set(contact.tags.values_list("name", flat=True))
    if before != set(tags):
        contact.tags.set(tags.values())
        contact.save(update_fields=["updated_at"])
        record("contact.changed", actor=actor, contact_id=contact.pk, fields=["tags"])


@transaction.atomic
def add_tag(*, contact: Contact, name: str, actor: User | None) -> None:
    """Put a tag on the card. One that is there already, however it is written, is left alone."""
    enter(contact, actor)
    known = Tag.objects.filter(name__iexact=name).first()
    tag = known or tags_named([name], actor=actor)[name]
    if not contact.tags.filter(pk=tag.pk).exists():
        contact.tags.add(tag)
        record("contact.changed", actor=actor, contact_id=contact.pk, fields=["tags"])


@transaction.atomic
def remove_tag(*, contact: Contact, tag: Tag, actor: User | None) -> None:
    """Take a tag off the card. The tag itself stays for others, and to be put back."""
    enter(contact, actor)
    if contact.tags.filter(pk=tag.pk).exists():
        contact.tags.remove(tag)
        record("contact.changed", actor=actor, contact_id=contact.pk, fields=["tags"])
