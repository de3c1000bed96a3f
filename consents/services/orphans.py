"""A contact with no ground left must not stay: a colleague gets the task to erase it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import CharField, Count, DateField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from consents.models import LegalGround
from contacts.models import Contact
from contacts.querysets import ContactQuerySet
from tasks.assignees import colleague_for
from tasks.models import Task
from tasks.services import create_tasks_from
from tasks.sql import hex_of, pieces

if TYPE_CHECKING:
    from accounts.models import User


def without_ground(contacts: ContactQuerySet, on: dt.date | None = None) -> ContactQuerySet:
    """Those of the contacts that no open ground covers. A restricted one stays: the person wants it kept (Art. 18)."""
    return uncovered(contacts.unrestricted(), on)


def uncovered(contacts: ContactQuerySet, on: dt.date | None = None) -> ContactQuerySet:
    """Those of the contacts that no open ground covers, the restricted among them."""
    return contacts.filter(~Exists(LegalGround.objects.open(on).filter(subject__contact=OuterRef("pk"))))


def propose_erasure(contact_ids: Collection[uuid.UUID] | None, *, actor: User | None, on: dt.date | None = None) -> int:
    """Make one task for each of these contacts (of all, where None) that has no ground left; returns how many are new.

    The period is counted in grounds: a contact that gets a new ground and loses it again is proposed again.
    """
    day = on or timezone.localdate()
    if contact_ids is None:
        # Found by a plain read, which holds up nobody and which PostgreSQL spreads over its processes; those few are
        # looked at again where the tasks are written.
        orphans = list(without_ground(Contact.objects.all(), day).order_by().values_list("pk", flat=True))
        return sum(propose_erasure(some, actor=actor, on=on) for some in pieces(orphans))
    contacts = Contact.objects.filter(pk__in=list(contact_ids))
    grounds = LegalGround.objects.filter(subject__contact=OuterRef("pk")).order_by().values("subject__contact")
    held = Coalesce(Subquery(grounds.annotate(n=Count("pk")).values("n")), 0)
    return create_tasks_from(
        without_ground(contacts, day),
        actor=actor,
        key=F("key"),
        contact=F("pk"),
        kind=Value(Task.Kind.NO_GROUND.value),
        label=Value(""),
        about_id=F("pk"),
        assignee=colleague_for("owner"),
        due_on=Value(day, output_field=DateField()),
        created_by=Value(actor.pk if actor else None, output_field=Contact._meta.pk),
        period_key=Concat(
            Value("no_ground:"), hex_of("pk"), Value(":"), Cast(held, CharField()), output_field=CharField()
        ),
    )
