"""The copy as people read it: titles, facts and tables, the same on the screen, on paper and in the HTML file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext

from contacts.models import Contact
from gdpr_requests.export.collect import Collected, Record, Table, Variant, gather
from gdpr_requests.export.information import Information, inform, period_text, span_text
from gdpr_requests.export.values import article_text, day_text
from gdpr_requests.export.words import rank

Facts = list[tuple[str, str]]
Review = Callable[[Collected], Collected]

# Tables that have a part of the document of their own.
ELSEWHERE = ("audit.AuditEvent", "consents.LegalGround")
# What a purpose has already said of its ground.
TOLD_BY_PURPOSE = ("purpose", "basis", "balancing_test", "statute", "valid_from", "valid_until", "end_reason")
# Short rows, side by side: their columns.
GRIDS: dict[str, tuple[str, ...]] = {
    "contacts.EmailAddress": ("value", "kind", "source", "is_primary"),
    "contacts.Phone": ("value", "kind", "source", "is_primary"),
    "contacts.Contact_tags": ("tag",),
    "contacts.StoredFile": ("name", "content_type", "size", "created_at"),
    "consents.Consent": ("purpose", "channel", "state"),
    "consents.Suppression": ("address", "scope", "purpose", "reason", "ends_on"),
}
# What stands above a row where there are several.
TITLES: dict[str, tuple[str, ...]] = {
    "contacts.PostalAddress": ("kind",),
    "contacts.TimelineEntry": ("occurred_at", "kind", "direction"),
    "consents.ConsentEvent": ("occurred_at", "kind", "purpose"),
    "tasks.Task": ("kind", "label"),
}


@dataclass(frozen=True)
class Section:
    """One part of the document, with a heading of its own.

    `facts` are pairs of term and value; `groups` are several things of one kind, each a heading with its facts;
    `head` and `rows` are a table.
    """

    id: str
    title: str
    text: str = ""
    facts: Facts = field(default_factory=list)
    groups: list[tuple[str, Facts]] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """The rows with the heading of each cell, for screens too narrow for columns."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Document:
    """The whole copy, in one language."""

    language: str
    title: str
    person: str
    made: str
    intro: str
    controller: Facts
    sections: list[Section]
    footer: str
    words: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Copy:
    """Everything one export needs, read at one moment."""

    variant: Variant
    made_at: dt.datetime
    language: str
    collected: Collected
    information: Information
    document: Document


def language_of(contact: Contact) -> str:
    """The language in which the person is answered: theirs where we speak it; Slovaks are answered in Czech."""
    return "cs" if contact.language in ("cs", "sk") else "en"


def make_copy(
    contact: Contact, *, language: str = "", variant: Variant = Variant.COMPLETE, review: Review | None = None
) -> Copy:
    """Read everything about the contact, in the person's language unless another one is asked for.

    `review` takes out what would harm the rights of others, before anything is laid out (Art. 15(4), 20(4)).
    """
    chosen = language or language_of(contact)
    with translation.override(chosen):
        collected, information, now = gather(contact, variant), inform(contact), timezone.now()
        if review is not None:
            collected = review(collected)
        document = build(collected, information, now, chosen, variant)
    return Copy(variant, now, chosen, collected, information, document)


def build(
    collected: Collected,
    information: Information,
    made_at: dt.datetime,
    language: str,
    variant: Variant = Variant.COMPLETE,
) -> Document:
    """Lay out what was collected; the language must be active."""
    title, intro, footer = _about_the_copy(variant)
    data = _in_order(collected)
    complete = [_why(information, collected), _about(information), *data, *_look_ups(collected), _rights(information)]
    return Document(
        language=language,
        title=title,
        person=collected.contact.display_name,
        made=gettext("made on %(day)s") % {"day": day_text(timezone.localdate(made_at))},
        intro=intro,
        controller=_controller(information),
        sections=complete if variant is Variant.COMPLETE else data or [_nothing_portable()],
        footer=footer,
        words={"controller": gettext("Who is responsible")},
    )


def _about_the_copy(variant: Variant) -> tuple[str, str, str]:
    """Title, introduction and foot of the page."""
    if variant is Variant.PORTABLE:
        return (
            gettext("Data you gave us"),
            gettext(
                "This is a copy, under Article 20 of the General Data Protection Regulation (EU) 2016/679, of the data "
                "that you provided to us and that we process under your consent or a contract. The files data.json "
                "and data.csv hold the same for another provider's computer."
            ),
            gettext("Copy of data for transfer under Art. 20 GDPR"),
        )
    return (
        gettext("What we hold about you"),
        gettext(
            "This is the information under Article 15 of the General Data Protection Regulation (EU) 2016/679 and a "
            "copy of all personal data that we process about you."
        ),
        gettext("Copy of personal data under Art. 15 GDPR"),
    )


def _in_order(collected: Collected) -> list[Section]:
    tables = sorted(collected.tables, key=lambda table: rank(table.name))
    return [_data(table) for table in tables if table.name not in ELSEWHERE]


def _nothing_portable() -> Section:
    return Section(
        id="nothing",
        title=gettext("Nothing to transfer"),
        text=gettext("We hold no data that you provided and that we process under your consent or a contract."),
    )


def _controller(information: Information) -> Facts:
    own = information.controller
    pairs = [
        (gettext("Company"), own["name"]),
        (gettext("IČO"), own["registration_number"]),
        (gettext("Address"), own["address"]),
        (gettext("E-mail"), own["email"]),
        (gettext("Phone"), own["phone"]),
        (gettext("Data protection officer"), own["data_protection_officer"]),
    ]
    return [(term, value) for term, value in pairs if value]


def _why(information: Information, collected: Collected) -> Section:
    """Art. 15(1)(a) and (d): purposes and periods, each with what its ground says beside."""
    grounds = collected.table("consents.LegalGround")
    told = {record.id: _facts(grounds, record, TOLD_BY_PURPOSE) for record in grounds.records} if grounds else {}
    return Section(
        id="purposes",
        title=gettext("Why we hold your data and for how long"),
        text="" if information.purposes else gettext("There is no ground recorded; the data will be erased."),
        groups=[
            (purpose["name"], [*_purpose_facts(purpose), *told.get(purpose["ground"], [])])
            for purpose in information.purposes
        ],
    )


def _purpose_facts(purpose: dict[str, Any]) -> Facts:
    since = dt.date.fromisoformat(purpose["since"])
    until = dt.date.fromisoformat(purpose["until"]) if purpose["until"] else None
    basis = f"{purpose['basis']['label']} ({article_text(purpose['basis']['article'])})"
    pairs = [
        (gettext("What for"), purpose["description"]),
        (gettext("Lawful basis"), basis),
        (gettext("Legal reference"), purpose["legal_reference"]),
        (gettext("Balancing test"), purpose["balancing_test"]),
        (gettext("Categories of data"), ", ".join(item["label"] for item in purpose["categories"])),
        (gettext("Recipients"), ", ".join(purpose["recipients"]) or gettext("nobody outside the company")),
        (gettext("How long"), period_text(purpose)),
        (gettext("Period"), span_text(since, until)),
        (gettext("Ended because"), purpose["end_reason"]),
    ]
    return [(term, str(value)) for term, value in pairs if value]


def _about(information: Information) -> Section:
    """Art. 15(1)(b), (c), (g), (h) and 15(2): categories, recipients, source, automated decisions, transfers."""
    facts = [
        (gettext("Categories of data"), ", ".join(item["label"] for item in information.categories)),
        (gettext("Recipients"), ", ".join(information.recipients) or gettext("nobody outside the company")),
        (gettext("Where the data come from"), "; ".join(information.sources)),
        (gettext("Automated decisions"), information.automated_decisions),
        (gettext("Transfers to third countries"), information.transfers),
    ]
    title = gettext("What kinds of data, from where and for whom")
    return Section(id="about", title=title, facts=[(term, value) for term, value in facts if value])


def _rights(information: Information) -> Section:
    """Art. 15(1)(e) and (f)."""
    authority = information.authority
    where = ", ".join(part for part in (authority["name"], authority["address"], authority["web"]) if part)
    return Section(
        id="rights",
        title=gettext("Your rights"),
        text=gettext("You have the right:"),
        facts=[
            *((article_text(right["article"]), right["text"]) for right in information.rights),
            (gettext("Supervisory authority"), where),
        ],
    )


def _data(table: Table) -> Section:
    """One table of the data map: as a grid, as facts where there is one row, else each row under a title."""
    anchor = table.name.lower().replace(".", "-")
    if table.name in GRIDS:
        here = {column.name for column in table.columns}
        names = [
            name for name in GRIDS[table.name] if name in here and any(row.cells[name].text for row in table.records)
        ]
        labels = {column.name: _capital(column.label) for column in table.columns}
        rows = [[record.cells[name].text for name in names] for record in table.records]
        return Section(id=anchor, title=table.label, head=[labels[name] for name in names], rows=rows)
    if len(table.records) == 1:
        return Section(id=anchor, title=table.label, facts=_facts(table, table.records[0]))
    title = TITLES.get(table.name, ())
    groups = [
        (_title(record, title) or str(number), _facts(table, record, without=title))
        for number, record in enumerate(table.records, start=1)
    ]
    return Section(id=anchor, title=table.label, groups=groups)


def _title(record: Record, names: Iterable[str]) -> str:
    return " · ".join(cell.text for name in names if (cell := record.cells.get(name)) and cell.text)


def _facts(table: Table, record: Record, without: Collection[str] = ()) -> Facts:
    """The filled fields of one row. Which colleague wrote it is left to data.json: here it would hide the rest."""
    shown = [column for column in table.columns if column.name not in without and not column.is_colleague]
    return [(_capital(column.label), text) for column in shown if (text := record.cells[column.name].text)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _look_ups(collected: Collected) -> list[Section]:
    """Who looked and why: dates and purposes, colleagues by role (CJEU C-579/21). Every single time is in data.json."""
    table = collected.table("audit.AuditEvent")
    if table is None:
        return []
    counted = Counter(
        (str(record.cells["at"].data)[:10], record.cells["action"].text, record.cells["actor"].text)
        for record in table.records
    )
    return [
        Section(
            id="look-ups",
            title=table.label,
            text=gettext("Colleagues are named by their role."),
            head=[gettext("When"), gettext("What for"), gettext("Who"), gettext("How many times")],
            rows=[
                [day_text(dt.date.fromisoformat(day)), action, who, str(times)]
                for (day, action, who), times in counted.items()
            ],
        )
    ]
