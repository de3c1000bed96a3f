"""A new call, meeting or e-mail on the timeline moves the periods that count from the last contact, at once.

What no signal tells (rows written by set, entries removed, cards merged) the hourly watch finds.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save

from consents.services.start_events import follow_last_contact
from contacts.models import TimelineEntry


def entry_saved(sender: object, instance: TimelineEntry, **kwargs: Any) -> None:
    if instance.kind not in (TimelineEntry.Kind.NOTE, TimelineEntry.Kind.FILE, TimelineEntry.Kind.SYSTEM):
        follow_last_contact([instance.contact_id])


def connect() -> None:
    post_save.connect(entry_saved, sender=TimelineEntry, dispatch_uid="consents.last_contact")
