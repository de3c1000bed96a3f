"""What happened with the demo's contacts: why they are held, what they agreed to, what was said, what is next."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from accounts.models import User
from consents.models import Channel, Consent, EventKind, LegalGround, Method, NoticeVersion, Purpose
from consents.periods import add_months
from consents.services.batch import give_to_new
from consents.services.grounds import build_ground
from consents.services.ledger import Evidence, record_event
from contacts.models import Contact, TimelineEntry
from tasks.models import Task

SAID = {
    "cs": [
        ("call", "", "Chce cenovou nabídku na dubové stoly, ozvat se do pátku."),
        ("note", "", "Preferuje masiv, dýhu nechce. Rozpočet schvaluje vedení."),
        ("email", "Potvrzení termínu montáže", "Dobrý den, termín montáže nám vyhovuje. Děkujeme."),
        ("meeting", "Schůzka ve výrobě", "Prošli jsme vzorky, vybrali olejovaný dub."),
        ("call", "", "Reklamace police vyřízena, spokojenost."),
        ("email", "Objednávka", "V příloze posílám objednávku na šest židlí."),
    ],
    "en": [
        ("call", "", "Wants a quote for oak tables, call back by Friday."),
        ("note", "", "Prefers solid wood, no veneer. The board approves the budget."),
        ("email", "Installation date confirmed", "Hello, the installation date suits us. Thank you."),
        ("meeting", "Visit to the workshop", "We went through the samples and chose oiled oak."),
        ("call", "", "The complaint about the shelf is settled."),
        ("email", "Order", "Please find attached an order for six chairs."),
    ],
}
TODO = {
    "cs": ["Poslat nabídku stolů", "Zavolat kvůli termínu", "Připravit smlouvu", "Poslat vzorky dřeva"],
    "en": ["Send the quote for tables", "Call about the date", "Prepare the contract", "Send wood samples"],
}
# Days until a consent ends, and how often: most lie far ahead, some near, a few have just passed.
ENDS = [(3, 1), (12, 2), (20, 2), (28, 1), (120, 5), (300, 6), (600, 6)]


class Story:
    """Writes one batch of contacts into the life of the company, set by set."""

    def __init__(self, chance: random.Random, language: str, colleagues: Sequence[User]) -> None:
        self.chance = chance
        self.language = language
        self.colleagues = colleagues
        self.purposes = {purpose.slug: purpose for purpose in Purpose.objects.all()}
        self.notice = NoticeVersion.objects.filter(purpose__slug="newsletter").order_by("-version").first()
        self.now = timezone.now()
        self.today = timezone.localdate()

    def tell(self, contacts: Sequence[Contact]) -> None:
        self._grounds(contacts)
        self._consents([c for c in contacts if self.chance.random() < 0.45])
        self._timeline(contacts)
        self._tasks(contacts)

    def _grounds(self, contacts: Sequence[Contact]) -> None:
        grounds: list[LegalGround] = []
        for contact in contacts:
            start = self.today - dt.timedelta(days=self.chance.randint(5, 330))
            fate = self.chance.random()
            if fate < 0.55:
                number = f"S-{start.year}/{self.chance.randint(1, 400):03d}"
                grounds.append(self._ground(contact, "contract", start, reference=number))
                grounds.append(self._ground(contact, "accounting", start))
            elif fate < 0.97:
                # Some enquiries are about to end: the watch has something to say on the first day.
                start = self.today - dt.timedelta(days=self.chance.choice([30, 90, 200, 340, 350]))
                grounds.append(self._ground(contact, "enquiry", start))
        LegalGround.objects.bulk_create(grounds, batch_size=1000)

    def _ground(self, contact: Contact, slug: str, start: dt.date, **values: Any) -> LegalGround:
        actor = contact.owner
        return build_ground(
            contact=contact,
            purpose=self.purposes[slug],
            actor=actor,
            method=self.chance.choice([Method.EMAIL, Method.WEB_FORM, Method.IN_PERSON]),
            valid_from=start,
            **values,
        )

    def _consents(self, contacts: Sequence[Contact]) -> None:
        newsletter = self.purposes["newsletter"]
        days = self.chance.choices([d for d, _ in ENDS], [w for _, w in ENDS], k=len(contacts))
        for until in sorted(set(days)):
            end = self.today + dt.timedelta(days=until)
            given = timezone.make_aware(dt.datetime.combine(add_months(end, -24), dt.time(10, 15)))
            group = [contact for contact, day in zip(contacts, days, strict=True) if day == until]
            reference = "webový formulář, dvojité potvrzení" if self.language == "cs" else "web form, double opt-in"
            give_to_new(
                contacts=group,
                purpose=newsletter,
                evidence=Evidence(method=Method.WEB_FORM, reference=reference, notice=self.notice),
                actor=None,
                channel=Channel.EMAIL,
                occurred_at=given,
                valid_until=end,
            )
        for contact in contacts[:: max(10, len(contacts) // 5)]:
            self._withdraw(contact, newsletter)

    def _withdraw(self, contact: Contact, purpose: Purpose) -> None:
        if Consent.objects.filter(subject__contact=contact, purpose=purpose).exists():
            record_event(
                contact=contact,
                purpose=purpose,
                kind=EventKind.WITHDRAWN,
                evidence=Evidence(method=Method.EMAIL),
                actor=contact.owner,
                channel=Channel.EMAIL,
                occurred_at=self.now - dt.timedelta(days=self.chance.randint(1, 60)),
            )

    def _timeline(self, contacts: Sequence[Contact]) -> None:
        entries = []
        for contact in contacts:
            for kind, subject, body in self.chance.sample(SAID[self.language], self.chance.choice([0, 1, 2, 3])):
                ago = dt.timedelta(days=self.chance.randint(0, 200), minutes=self.chance.randint(0, 500))
                entries.append(
                    TimelineEntry(
                        key=contact.key,
                        contact=contact,
                        kind=kind,
                        direction=self.chance.choice(["in", "out"]) if kind != "note" else "",
                        subject=subject,
                        body=body,
                        occurred_at=self.now - ago,
                        author=self.chance.choice(self.colleagues),
                    )
                )
        TimelineEntry.objects.bulk_create(entries, batch_size=1000)

    def _tasks(self, contacts: Sequence[Contact]) -> None:
        tasks = [
            Task(
                key=contact.key,
                contact=contact,
                title=self.chance.choice(TODO[self.language]),
                assignee=contact.owner,
                due_on=self.today + dt.timedelta(days=self.chance.choice([-2, 0, 1, 3, 7, 14])),
                created_by=contact.owner,
            )
            for contact in contacts
            if self.chance.random() < 0.2
        ]
        Task.objects.bulk_create(tasks, batch_size=1000)
