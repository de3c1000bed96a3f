"""Whose data a breach touched, asked of the audit: who viewed, exported or changed which cards, when."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, UUIDField, Value
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEvent
from audit.services import record
from contacts.models import Contact, ContactAlias
from contacts.querysets import ContactQuerySet
from gdpr_requests.models import AffectedContact, Breach
from tasks.sql import NewUuid, insert_missing, slices

if TYPE_CHECKING:
    from accounts.models import User

#: What can be done with a card, and the actions of the audit that say so.
WAYS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "viewed": (_("looked at cards"), ("contact.viewed", "contact.shown", "contact.found", "file.opened")),
    "exported": (_("exported or listed"), ("contact.exported", "contact.on_mailinglist")),
    "changed": (
        _("changed cards"),
        ("contact.changed", "contact.merged", "timeline.changed", "timeline.removed", "file.removed"),
    ),
}
SEARCHED = "contact.searched"
SIGNED_IN, SIGNED_OUT = "user.signed_in", "user.signed_out"
SESSIONS = 50


@dataclass(frozen=True)
class Criteria:
    """Which events count: at or after `start`, before `end`, by this colleague, in these ways (all, where none).

    `everybody` stands for a breach of the whole database: no event is asked.
    """

    start: dt.datetime | None = None
    end: dt.datetime | None = None
    actor_id: uuid.UUID | None = None
    ways: tuple[str, ...] = ()
    everybody: bool = False

    @property
    def actions(self) -> list[str]:
        return [action for way in self.ways for action in WAYS[way][1]]


@dataclass(frozen=True)
class Session:
    """One stay of a colleague: from signing in to signing out, or to the next sign-in."""

    start: dt.datetime
    end: dt.datetime | None


@dataclass(frozen=True)
class Preview:
    """What a search would find: contacts held now, how many of them are new here, and how many were erased since.

    `searches` is how often somebody searched in that time: the audit does not say whom a search showed.
    """

    found: int
    new: int
    erased: int
    searches: int
    sessions: list[Session] = field(default_factory=list)


def events(criteria: Criteria) -> QuerySet[AuditEvent]:
    """The events about cards that the criteria describe."""
    found = _window(criteria).filter(contact_id__isnull=False)
    return found.filter(action__in=criteria.actions) if criteria.ways else found


def contacts(criteria: Criteria) -> ContactQuerySet:
    """The contacts touched, also those whose card was merged into another since."""
    if criteria.everybody:
        return Contact.objects.all()
    touched = events(criteria).order_by().values("contact_id")
    merged = ContactAlias.objects.filter(old_id__in=touched).values("contact_id")
    return Contact.objects.filter(Q(pk__in=touched) | Q(pk__in=merged))


def preview(breach: Breach, criteria: Criteria) -> Preview:
    """Count without writing anything; a fixed number of queries."""
    found = contacts(criteria)
    new = found.exclude(pk__in=breach.affected.values("contact_id")).count()
    if criteria.everybody:
        return Preview(found=found.count(), new=new, erased=0, searches=0)
    touched = events(criteria).order_by().values("contact_id")
    held = Contact.objects.filter(pk=OuterRef("contact_id"))
    gone = touched.filter(~Exists(held), ~Exists(ContactAlias.objects.filter(old_id=OuterRef("contact_id"))))
    return Preview(
        found=found.count(),
        new=new,
        erased=gone.distinct().count(),
        searches=_window(criteria).filter(action=SEARCHED).count(),
        sessions=_sessions(criteria),
    )


@transaction.atomic
def add_affected(*, breach: Breach, criteria: Criteria, actor: User | None) -> int:
    """Write down the contacts found, each once, by set-based SQL; returns how many are new."""
    breach = Breach.objects.select_for_update().get(pk=breach.pk)
    source = contacts(criteria).exclude(pk__in=breach.affected.values("contact_id"))
    found_by = AffectedContact.FoundBy.EVERYBODY if criteria.everybody else AffectedContact.FoundBy.AUDIT
    columns: dict[str, Any] = {
        "id": NewUuid(),
        "breach": Value(breach.pk, output_field=UUIDField()),
        "contact": F("pk"),
        "found_by": Value(found_by.value, output_field=CharField()),
        "found_at": Value(timezone.now(), output_field=DateTimeField()),
        "found_by_id": Value(actor.pk if actor else None, output_field=UUIDField()),
    }
    made = sum(len(insert_missing(AffectedContact, some, columns, returning="contact")) for some in slices(source))
    breach.affected_count = F("affected_count") + made
    breach.save(update_fields=["affected_count"])
    way = criteria.ways[0] if len(criteria.ways) == 1 else "several"
    detail: dict[str, int | str | uuid.UUID] = {"new": made, "way": "all" if criteria.everybody else way}
    record("breach.contacts_found", actor=actor, target=breach, detail=detail)
    return made


@transaction.atomic
def remove_affected(*, affected: AffectedContact, actor: User | None) -> None:
    """Take off a contact that a closer look shows was not touched."""
    breach = Breach.objects.select_for_update().get(pk=affected.breach_id)
    count, _rows = AffectedContact.objects.filter(pk=affected.pk).delete()
    if count:
        breach.affected_count = F("affected_count") - 1
        breach.save(update_fields=["affected_count"])
        record("breach.contact_removed", actor=actor, target=breach, contact_id=affected.contact_id)


def _window(criteria: Criteria) -> QuerySet[AuditEvent]:
    found: QuerySet[AuditEvent] = AuditEvent.objects.all()
    if criteria.start:
        found = found.filter(at__gte=criteria.start)
    if criteria.end:
        found = found.filter(at__lt=criteria.end)
    return found.filter(actor_id=criteria.actor_id) if criteria.actor_id else found


def _sessions(criteria: Criteria) -> list[Session]:
    """The stays of the chosen colleague in the window, newest first."""
    if criteria.actor_id is None:
        return []
    marks = _window(criteria).filter(action__in=[SIGNED_IN, SIGNED_OUT]).order_by("at", "pk")
    found: list[Session] = []
    for action, at in marks.values_list("action", "at"):
        if found and found[-1].end is None:
            found[-1] = Session(found[-1].start, at)
        if action == SIGNED_IN:
            found.append(Session(at, None))
    return found[::-1][:SESSIONS]
