"""The card: every room's panels on one page, in one request, by a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consents import card as consents_card
from contacts import card as contacts_card
from contacts.card import Panel, Place
from contacts.happenings import Query, Source
from contacts.models import Contact
from gdpr_requests import card as rights_card
from gdpr_requests.letters.timeline import LettersOf
from tasks import card as tasks_card

if TYPE_CHECKING:
    from accounts.models import User

# Top to bottom, whatever room a panel comes from. One that is not named here comes last in its place.
ORDER = (
    "head",
    "rights",
    "holds",
    "recipients",
    "lights",
    "grounds",
    "timeline",
    "tasks",
    "requests",
    "contact",
    "people",
    "viewers",
)


@dataclass(frozen=True)
class Card:
    """The panels of one contact for one user, in the order of the page."""

    contact: Contact
    panels: tuple[Panel, ...]

    def at(self, place: Place) -> list[Panel]:
        return [panel for panel in self.panels if panel.place == place]

    @property
    def head(self) -> Panel | None:
        return self.named("head")

    @property
    def top(self) -> list[Panel]:
        return [panel for panel in self.at("top") if panel.name != "head"]

    @property
    def actions(self) -> list[Panel]:
        return self.at("actions")

    @property
    def main(self) -> list[Panel]:
        return self.at("main")

    @property
    def side(self) -> list[Panel]:
        return self.at("side")

    def named(self, name: str) -> Panel | None:
        """The panel of that name, or None."""
        return next((panel for panel in self.panels if panel.name == name), None)


def compose(contact: Contact, user: User, query: Query) -> Card:
    """The card as this user sees it. Nothing is read yet: each panel loads when it is drawn."""
    others: list[Source] = [
        consents_card.EventsOf(contact),
        tasks_card.DoneOf(contact, user),
        LettersOf(contact, user),
    ]
    panels = [
        *contacts_card.panels(contact, user, query, more=others),
        *consents_card.panels(contact, user),
        *tasks_card.panels(contact, user),
        *rights_card.panels(contact, user),
    ]
    rank = {name: position for position, name in enumerate(ORDER)}
    return Card(contact, tuple(sorted(panels, key=lambda panel: rank.get(panel.name, len(rank)))))
