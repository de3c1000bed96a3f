"""Writes of what happened with a contact."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.services import record
from contacts.models import Contact, TimelineEntry
from contacts.services.door import enter

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def add_entry(
    *,
    contact: Contact,
    kind: str,
    actor: User | None,
    body: str = "",
    subject: str = "",
    direction: str = "",
    occurred_at: dt.datetime | None = None,
    message_digest: uuid.UUID | None = None,
) -> TimelineEntry:
    """Write a note, call, meeting or e-mail on the card."""
    enter(contact, actor)
    entry = TimelineEntry.objects.create(
        key=contact.key,
        contact=contact,
        kind=kind,
        subject=subject,
        body=body,
        direction=direction,
        occurred_at=occurred_at or timezone.now(),
        message_digest=message_digest,
        author=actor,
    )
    record("timeline.added", actor=actor, contact_id=contact.pk, target=entry)
    return entry


@transaction.atomic
def change_entry(*, entry: TimelineEntry, values: dict[str, object], actor: User) -> list[str]:
    """Correct an entry; returns the names of the changed fields."""
    enter(entry.contact, actor)
    changed = [name for name, value in values.items() if getattr(entry, name) != value]
    for name in changed:
        setattr(entry, name, values[name])
    if changed:
        entry.save(update_fields=changed)
        record("timeline.changed", actor=actor, contact_id=entry.contact_id, target=entry, fields=changed)
    return changed
