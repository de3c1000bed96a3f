"""The audit as people read it: filtered, newest first, a page at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import AuditEvent, AuditEventQuerySet
from contacts.models import Contact, ContactAlias
from crm.audit_words import words_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

PER_PAGE = 50


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
    if start := wanted.get("since"):
        events = events.filter(at__date__gte=start)
    if end := wanted.get("until"):
        events = events.filter(at__date__lte=end)
    return events


def former_ids(contact_id: uuid.UUID) -> list[uuid.UUID]:
    """Ids under which a merged card was known before."""
    return list(ContactAlias.objects.filter(contact_id=contact_id).values_list("old_id", flat=True))


def page_of(events: QuerySet[AuditEvent], before: int | None) -> tuple[list[AuditEvent], int | None]:
    """The newest events older than the event `before`, and where the next page begins. Fast however long the record."""
    older = events.filter(pk__lt=before) if before else events
    found = list(older.order_by("-pk")[: PER_PAGE + 1])
    return found[:PER_PAGE], found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None


def lines(events: Iterable[AuditEvent], reader: User) -> Iterator[Line]:
    """The events in words, in two more queries."""
    rows = list(events)
    ids = {event.contact_id for event in rows if event.contact_id}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in={e.actor_id for e in rows if e.actor_id})}
    cards = {card.pk: card for card in Contact.objects.visible_to(reader).filter(pk__in=ids)}
    for event in rows:
        who = people.get(event.actor_id, _("a former colleague")) if event.actor_id else _("the system")
        card = cards.get(event.contact_id) if event.contact_id else None
        yield Line(event, who, words_of(event.action), card, _about(event))


def _about(event: AuditEvent) -> str:
    """Names of fields and codes, as they were recorded; never a value."""
    fields = [", ".join(event.fields)] if event.fields else []
    codes = [f"{name}: {value}" for name, value in event.detail.items()]
    return "; ".join(fields + codes)
