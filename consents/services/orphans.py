"""A contact with no ground left must not stay: a colleague gets the task to erase it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from consents.models import LegalGround
from contacts.models import Contact
from contacts.querysets import ContactQuerySet
from tasks.assignees import privacy_officer
from tasks.models import Task
from tasks.services import create_tasks

if TYPE_CHECKING:
    from accounts.models import User


def without_ground(contacts: ContactQuerySet, on: dt.date | None = None) -> ContactQuerySet:
    """Those of the contacts that no open ground covers."""
    return contacts.filter(~Exists(LegalGround.objects.open(on).filter(subject__contact=OuterRef("pk"))))


def propose_erasure(contact_ids: Collection[uuid.UUID], *, actor: User | None, on: dt.date | None = None) -> int:
    """Make one task for each of these contacts that has no ground left; returns how many were proposed.

    The period is the end of the last ground, so a contact that gets a new ground and loses it again is proposed again.
    """
    day = on or timezone.localdate()
    orphans = without_ground(Contact.objects.filter(pk__in=list(contact_ids)), day).annotate(
        last_end=Max("subjects__grounds__ended_at"), last_day=Max("subjects__grounds__valid_until")
    )
    officer = privacy_officer()
    tasks = [
        Task(
            key=contact.key,
            contact=contact,
            kind=Task.Kind.NO_GROUND,
            about_id=contact.pk,
            assignee_id=contact.owner_id or (officer.pk if officer else None),
            due_on=day,
            period_key=f"no_ground:{contact.pk}:{_moment(contact)}",
            created_by=actor,
        )
        for contact in orphans
    ]
    create_tasks(tasks, actor=actor)
    return len(tasks)


def _moment(contact: Contact) -> str:
    end = getattr(contact, "last_end", None)
    last = getattr(contact, "last_day", None)
    return f"{end.astimezone(dt.UTC).isoformat() if end else ''}/{last or ''}"
