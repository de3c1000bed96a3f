"""Believable contacts: names that agree in gender, firms with valid IČO, addresses that exist nowhere."""

from __future__ import annotations

import random
import uuid
from typing import Any

from django.utils.text import slugify
from faker import Faker
from stdnum.cz.dic import calc_check_digit_legal

from contacts.models import Contact, Source
from contacts.services.new import NewCard

TITLES = ["", "", "", "", "", "Ing.", "Mgr.", "Bc.", "MUDr.", "JUDr."]
POSITIONS = {
    "cs": ["jednatel", "obchodní ředitelka", "nákupčí", "účetní", "asistentka", "vedoucí provozu", "architektka", ""],
    "en": ["managing director", "sales director", "buyer", "accountant", "assistant", "site manager", "architect", ""],
}
TAGS = {
    "cs": ["VIP", "nábytek", "stavba", "veletrh 2026", "velkoobchod", "reklamace"],
    "en": ["VIP", "furniture", "building", "trade fair 2026", "wholesale", "complaint"],
}
FIRMS = {
    "cs": ["Dřevo", "Stavby", "Interiéry", "Pila", "Nábytek", "Truhlářství", "Projekt", "Ateliér"],
    "en": ["Timber", "Builders", "Interiors", "Sawmill", "Furniture", "Joinery", "Design", "Studio"],
}
SOURCES = [Source.PERSON, Source.ENQUIRY, Source.SALE, Source.SALE, Source.EVENT, Source.REFERRAL]


def host_of(name: str) -> str:
    """The firm's domain, under the ending that never reaches anybody (RFC 2606)."""
    return f"{'-'.join(slugify(name).split('-')[:2])[:22]}.example"


class People:
    """Makes cards from one stream of chance."""

    def __init__(self, seed: int, language: str) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a demo needs the same company for the same seed, not secrecy
        self.fake = Faker({"cs": "cs_CZ", "en": "en_GB"}[language])
        self.fake.seed_instance(seed)
        self.language = language

    def identifier(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def firm(self) -> NewCard:
        """An organisation with a valid IČO."""
        town = self.fake.city_name() if self.language == "cs" else self.fake.city()
        trade = self.chance.choice(FIRMS[self.language])
        name = f"{trade} {town} s. r. o." if self.language == "cs" else f"{town} {trade} Ltd"
        digits = f"{self.chance.randint(1, 8)}{self.chance.randint(0, 999_999):06d}"
        ico = digits + calc_check_digit_legal(digits)
        card = self._card(kind=Contact.Kind.ORGANISATION, organisation_name=name)
        if self.language == "cs":
            card.values |= {"ico": ico, "dic": f"CZ{ico}"}
        card.emails = [{"value": f"info@{host_of(name)}", "kind": "work"}]
        return card

    def person(self, firm: Contact | None) -> NewCard:
        """A person, at work in the firm where there is one."""
        woman = self.chance.random() < 0.5
        fake = self.fake
        first = fake.first_name_female() if woman else fake.first_name_male()
        last = fake.last_name_female() if woman else fake.last_name_male()
        card = self._card(
            title_before=self.chance.choice(TITLES) if self.language == "cs" else "",
            first_name=first,
            last_name=last,
            position=self.chance.choice(POSITIONS[self.language]) if firm else "",
            employer=firm,
        )
        host = host_of(firm.organisation_name) if firm else "posta.example"
        mailbox = f"{slugify(first)}.{slugify(last)}{self.chance.randint(1, 99)}"
        card.emails = [{"value": f"{mailbox}@{host}", "kind": "work" if firm else "private"}]
        return card

    def _card(self, **values: Any) -> NewCard:
        card = NewCard(
            values={
                "id": self.identifier(),
                "language": self.language,
                "source": self.chance.choice(SOURCES),
                **values,
            }
        )
        if self.chance.random() < 0.8:
            card.phones = [{"value": self._phone(), "kind": "mobile"}]
        if self.chance.random() < 0.6:
            card.addresses = [self._address()]
        card.tags = self.chance.sample(TAGS[self.language], self.chance.choice([0, 0, 1, 1, 2]))
        return card

    def _phone(self) -> str:
        if self.language == "cs":
            return f"+4206{self.chance.randint(0, 99_999_999):08d}"
        # The British numbers that are set aside for fiction.
        return f"+447700900{self.chance.randint(0, 999):03d}"

    def _address(self) -> dict[str, Any]:
        czech = self.language == "cs"
        return {
            "street": self.fake.street_address().split("\n")[0],
            "city": self.fake.city_name() if czech else self.fake.city(),
            "postcode": self.fake.postcode(),
            "country": "Česko" if czech else "United Kingdom",
            "kind": "work",
        }
