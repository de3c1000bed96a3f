"""Why we hold a contact's data, line by line, as the card shows it.

A consent is told by its events, every other ground by its period.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from consents.facts import material_changes
from consents.models import Basis, Consent, ConsentEvent, DataCategory, LegalGround, Purpose, State
from consents.services.ledger import GIVING
from contacts.models import Contact

# So many stand open on the card; one more is shown rather than folded away alone.
SHOWN = 7
OPEN = frozenset({State.GIVEN, State.REQUESTED})


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One line: a consent (with the event that gave it) or another ground, and where it lies in time.

    `end` is the last day it stands or stood. `standing` is false for what has ended, was refused or objected to.
    """

    purpose: Purpose
    basis: str
    start: dt.date
    end: dt.date | None
    standing: bool
    ground: LegalGround | None = None
    consent: Consent | None = None
    given: ConsentEvent | None = None
    recorded_by: str = ""
    needs_renewal: bool = False

    @property
    def waiting(self) -> bool:
        """The person was asked and has not answered yet."""
        return self.consent is not None and self.consent.state == State.REQUESTED

    @property
    def categories(self) -> list[str]:
        """The categories of data that the purpose covers, in words."""
        return [str(DataCategory(code).label) for code in self.purpose.categories if code in DataCategory.values]

    @property
    def recipients(self) -> list[str]:
        return [line.strip() for line in self.purpose.recipients.splitlines() if line.strip()]


@dataclass(frozen=True)
class Reasons:
    """Everything the panel shows: what stands (soonest end first), what has ended (latest first), and every event.

    Beside each event of the history stands the colleague who recorded it, "" for the system.
    """

    standing: list[Reason]
    ended: list[Reason]
    history: list[tuple[ConsentEvent, str]]

    @property
    def first(self) -> list[Reason]:
        """Those shown at once: the ones that end soonest."""
        return self.standing if len(self.standing) <= SHOWN + 1 else self.standing[:SHOWN]

    @property
    def rest(self) -> list[Reason]:
        """Those folded away below them."""
        return self.standing[len(self.first) :]

    @property
    def all(self) -> list[Reason]:
        return [*self.standing, *self.ended]


def of_contact(contact: Contact, today: dt.date | None = None) -> Reasons:
    """The reasons of one card, in five queries whatever their number."""
    day = today or timezone.localdate()
    events = list(events_of(contact).order_by("-occurred_at", "-sequence"))
    book = Book(events, name_recorders(events), material_changes(), day)
    consents = Consent.objects.of_contacts([contact.pk]).select_related("purpose", "notice")
    grounds = LegalGround.objects.of_contact(contact.pk).select_related("purpose", "balancing_test", "created_by")
    found = [book.consent(consent) for consent in consents]
    found += [book.ground(ground) for ground in grounds.exclude(basis=Basis.CONSENT)]
    return Reasons(
        sorted((r for r in found if r.standing), key=lambda r: (r.end is None, r.end or day)),
        sorted((r for r in found if not r.standing), key=lambda r: r.end or r.start, reverse=True),
        [(event, book.names.get(event.recorded_by_id, "")) for event in events],
    )


def events_of(contact: Contact) -> QuerySet[ConsentEvent]:
    """Every event of the card's consents, of all its subjects."""
    events: QuerySet[ConsentEvent] = ConsentEvent.objects.filter(subject__contact=contact)
    return events.select_related("key", "purpose", "notice")


def name_recorders(events: Iterable[ConsentEvent]) -> dict[uuid.UUID | None, str]:
    """The names of the colleagues who recorded these events, by id; the system has none."""
    ids = {event.recorded_by_id for event in events if event.recorded_by_id}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}


@dataclass(frozen=True)
class Book:
    """What the lines are written from: the events, who recorded them, when purposes changed, and today."""

    events: list[ConsentEvent]
    names: dict[uuid.UUID | None, str]
    changed: dict[uuid.UUID, dt.datetime]
    today: dt.date

    def ground(self, ground: LegalGround) -> Reason:
        """The line of a ground that has a period of its own."""
        end = timezone.localdate(ground.ended_at) if ground.ended_at else ground.valid_until
        return Reason(
            purpose=ground.purpose,
            basis=ground.basis,
            start=ground.valid_from,
            end=max(end, ground.valid_from) if end else None,
            standing=ground.ended_at is None and (end is None or end >= self.today),
            ground=ground,
            recorded_by=str(ground.created_by) if ground.created_by else "",
        )

    def consent(self, consent: Consent) -> Reason:
        """The line of a consent, or of a word against a purpose that needs none."""
        given = self._given(consent)
        changed = self.changed.get(consent.purpose_id)
        end = self._end(consent)
        return Reason(
            purpose=consent.purpose,
            basis=consent.purpose.basis,
            start=timezone.localdate(consent.given_at or consent.last_event_at),
            end=end,
            standing=consent.state in OPEN and consent.objected_at is None and (end is None or end >= self.today),
            consent=consent,
            given=given,
            recorded_by=self.names.get(given.recorded_by_id, "") if given else "",
            needs_renewal=bool(changed and consent.given_at and consent.given_at < changed),
        )

    def _given(self, consent: Consent) -> ConsentEvent | None:
        """The event that the consent rests on: the latest that gave it."""
        key = (consent.subject_id, consent.purpose_id, consent.channel)
        mine = (e for e in self.events if (e.subject_id, e.purpose_id, e.channel) == key and e.kind in GIVING)
        return max(mine, key=lambda event: event.sequence, default=None)

    def _end(self, consent: Consent) -> dt.date | None:
        if consent.state in (State.GIVEN, State.EXPIRED):
            return consent.valid_until
        return None if consent.state == State.REQUESTED else timezone.localdate(consent.last_event_at)
