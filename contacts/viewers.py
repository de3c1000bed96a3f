"""Who looked at a card, as the audit knows it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from accounts.models import User as Colleague
from audit.models import AuditEvent

if TYPE_CHECKING:
    from accounts.models import User
    from contacts.models import Contact

SHOWN = 6
VIEWED = "contact.viewed"


@dataclass(frozen=True)
class Viewer:
    """A colleague and when they last saw the card; a deleted account has no name."""

    name: str
    at: dt.datetime


def of_card(contact: Contact, user: User) -> dict[str, Any]:
    """The last viewers for those who may read the audit; for everybody else how many there were."""
    views = AuditEvent.objects.filter(contact_id=contact.pk, action=VIEWED, actor_id__isnull=False)
    last = list(views.values_list("actor_id").annotate(at=Max("at")).order_by("-at"))
    context: dict[str, Any] = {"number": len(last), "last": last[0][1] if last else None, "viewers": None}
    if user.has_perm("audit.view_auditevent"):
        context["viewers"] = _named(last[:SHOWN])
        context["others"] = max(0, len(last) - SHOWN)
    return context


def _named(rows: list[tuple[uuid.UUID | None, dt.datetime]]) -> list[Viewer]:
    names = {c.pk: str(c) for c in Colleague.objects.filter(pk__in=[actor for actor, _at in rows])}
    return [Viewer(names.get(actor, "") if actor else "", at) for actor, at in rows]
