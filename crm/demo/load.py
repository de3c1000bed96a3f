"""Loading the demo: firms first, then people, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from accounts.models import User
from consents.models import Consent, LegalGround
from contacts.models import Contact, TimelineEntry
from contacts.services.new import NewCard, create_cards
from crm.demo.company import build_company
from crm.demo.people import People
from crm.demo.requests import ask
from crm.demo.story import Story
from tasks.models import Task

BATCH = 500


class AlreadyLoaded(Exception):  # noqa: N818 - a state, said to the person who runs the command
    """This seed's company is in the database already."""


def load(contacts: int, seed: int, language: str, password: str) -> dict[str, int]:
    """Load the company; returns what there is now. Raises AlreadyLoaded where this seed was loaded before."""
    people = People(seed, language)
    colleagues = build_company(language, password)
    story = Story(people.chance, language, colleagues)
    owners = cycle([*colleagues[:3], None])
    first = [people.firm() for _ in range(max(1, contacts // 8))]
    if Contact.objects.filter(pk=first[0].values["id"]).exists():
        raise AlreadyLoaded(f"The demo with seed {seed} is loaded already.")
    firms = _save(first, owners, story)
    rest = (people.person(people.chance.choice([*firms, None, None, None])) for _ in range(contacts - len(first)))
    ask(_save(rest, owners, story), language)
    return {
        "contacts": Contact.objects.count(),
        "grounds": LegalGround.objects.count(),
        "consents": Consent.objects.count(),
        "notes": TimelineEntry.objects.count(),
        "tasks": Task.objects.count(),
    }


def _save(cards: Sequence[NewCard] | Iterator[NewCard], owners: Iterator[User | None], story: Story) -> list[Contact]:
    saved: list[Contact] = []
    remaining = iter(cards)
    while batch := list(islice(remaining, BATCH)):
        for card in batch:
            card.values["owner"] = next(owners)
        contacts = create_cards(cards=batch, actor=None)
        story.tell(contacts)
        saved += contacts
    return saved
