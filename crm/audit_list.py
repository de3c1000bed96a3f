"""The audit as people read it: filtered, newest first, a page at a time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import AuditEvent, AuditEventQuerySet
from contacts.models import Contact, ContactAlias
from crm.audit_details import Names, about
from crm.audit_words import words_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

PER_PAGE = 50
BATCH = 1000


@dataclass(frozen=True)
class Line:
    """One event in words. `contact` is the card where the reader may see it."""

    event: AuditEvent
    who: str
    what: str
    contact: Contact | None
    about: str


def matching(wanted: Mapping[str, Any]) -> QuerySet[AuditEvent]:
    """The events that meet every filter given (see `AuditFilterForm`)."""
    events: AuditEventQuerySet = AuditEvent.objects.all()
    if actor := wanted.get("actor"):
        events = events.filter(actor_id=None) if actor == "system" else events.by_actor(uuid.UUID(actor))
    if contact := wanted.get("contact"):
        events = events.for_contact([contact, *former_ids(contact)])
    if action := wanted.get("action"):
        events = events.filter(action=action)
    # Half-open ranges of moments let the index answer; a day taken out of every row would not.
    if start := wanted.get("since"):
        events = events.filter(at__gte=_midnight(start))
    if (end := wanted.get("until")) and end < dt.date.max:
        events = events.filter(at__lt=_midnight(end + dt.timedelta(days=1)))
    return events


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def former_ids(contact_id: uuid.UUID) -> list[uuid.UUID]:
    """Ids under which a merged card was known before."""
    return list(ContactAlias.objects.filter(contact_id=contact_id).values_list("old_id", flat=True))


def page_of(events: QuerySet[AuditEvent], before: int | None) -> tuple[list[AuditEvent], int | None]:
    """The newest events older than the event `before`, and where the next page begins. Fast however long the record."""
    older = events.filter(pk__lt=before) if before else events
    found = list(older.order_by("-pk")[: PER_PAGE + 1])
    return found[:PER_PAGE], found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None


def all_pages(events: QuerySet[AuditEvent]) -> Iterator[list[AuditEvent]]:
    """All the events, newest first, a batch at a time: however long the record, no more than one batch is held."""
    before: int | None = None
    while True:
        older = events if before is None else events.filter(pk__lt=before)
        batch = list(older.order_by("-pk")[:BATCH])
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        before = batch[-1].pk


def lines(events: Iterable[AuditEvent], reader: User) -> Iterator[Line]:
    """The events in words, in at most five more queries."""
    rows = list(events)
    ids = {event.contact_id for event in rows if event.contact_id}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in={e.actor_id for e in rows if e.actor_id})}
    cards = {card.pk: card for card in Contact.objects.visible_to(reader).filter(pk__in=ids)}
    names = Names(rows)
    for event in rows:
        who = people.get(event.actor_id, _("a former colleague")) if event.actor_id else _("the system")
        card = cards.get(event.contact_id) if event.contact_id else None
        yield Line(event, who, words_of(event.action), card, about(event, names))
