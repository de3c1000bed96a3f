"""The consents' panels of the card: may we contact the person, and why we hold their data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from consents import reasons
from consents.lights import lights, marketing_refusals
from consents.models import ConsentEvent, EventKind
from contacts.card import Panel
from contacts.happenings import Happening, Show
from contacts.models import Contact

if TYPE_CHECKING:
    from accounts.models import User

ICONS = {
    EventKind.REQUESTED: "question-mark-circle",
    EventKind.GIVEN: "hand-thumb-up",
    EventKind.CONFIRMED: "hand-thumb-up",
    EventKind.RENEWED: "arrow-path",
    EventKind.REFUSED: "hand-thumb-down",
    EventKind.WITHDRAWN: "hand-raised",
    EventKind.EXPIRED: "clock",
    EventKind.OBJECTED: "hand-raised",
    EventKind.OVERRULED: "scale",
    EventKind.CORRECTED: "pencil-square",
}
TITLES = {
    EventKind.REQUESTED: _("Consent asked for"),
    EventKind.GIVEN: _("Consent given"),
    EventKind.CONFIRMED: _("Consent confirmed"),
    EventKind.RENEWED: _("Consent renewed"),
    EventKind.REFUSED: _("Consent refused"),
    EventKind.WITHDRAWN: _("Consent withdrawn"),
    EventKind.EXPIRED: _("Consent expired"),
    EventKind.OBJECTED: _("Objection"),
    EventKind.OVERRULED: _("Objection weighed: the processing goes on"),
    EventKind.CORRECTED: _("Address of a consent corrected"),
}
GOOD = frozenset({EventKind.GIVEN, EventKind.CONFIRMED, EventKind.RENEWED})


def panels(contact: Contact, user: User) -> list[Panel]:
    """The lights across the top, and the grounds in the main column."""
    return [
        Panel("lights", "consents/card/lights.html", partial(_lights, contact), "top"),
        Panel("grounds", "consents/card/grounds.html", partial(_grounds, contact, user), "main"),
    ]


def _lights(contact: Contact) -> dict[str, Any]:
    shown = lights(contact)
    return {"lights": shown, "refusals": marketing_refusals(shown)}


def _grounds(contact: Contact, user: User) -> dict[str, Any]:
    return {
        "reasons": reasons.of_contact(contact),
        "may_record": user.has_perm("consents.record_consent"),
    }


@dataclass(frozen=True)
class EventsOf:
    """What the ledger adds to the timeline: every event of a consent."""

    contact: Contact

    def latest(self, show: Show, limit: int) -> Sequence[Happening]:
        if show is not Show.ALL:
            return []
        events = list(reasons.events_of(self.contact).order_by("-occurred_at", "-sequence")[:limit])
        names = reasons.name_recorders(events)
        return [_happening(event, names.get(event.recorded_by_id, "")) for event in events]


def _happening(event: ConsentEvent, who: str) -> Happening:
    kind = EventKind(event.kind)
    return Happening(
        at=event.occurred_at,
        icon=ICONS[kind],
        title=TITLES[kind],
        text=" · ".join(part for part in (event.purpose.name, str(event.get_method_display())) if part),
        who=who,
        by_system=event.recorded_by_id is None,
        tone="accent" if kind in GOOD else "bad" if kind in (EventKind.WITHDRAWN, EventKind.OBJECTED) else "",
    )
