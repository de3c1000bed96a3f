"""The record of processing activities (Art. 30), put together from the purposes and the data map."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import Installation
from consents.models import BalancingTest, Basis, DataCategory, LegalGround, Purpose
from contacts.collation import in_order
from contacts.spreadsheet import lines
from gdpr_requests.accountability.house import house_processing
from gdpr_requests.accountability.measures import measures
from gdpr_requests.accountability.words import (
    basis_text,
    categories_text,
    controller_facts,
    joined,
    period_text,
    recipients_text,
)
from gdpr_requests.export.document import Document, Facts, Section
from gdpr_requests.export.information import controller
from gdpr_requests.export.values import article_text, category_label, day_text
from gdpr_requests.export.words import field_words
from privacy.datamap import Kind, collect

SCHEMA = "karta-processing/1"


@dataclass(frozen=True)
class Activity:
    """One processing activity, in words. `missing` names what the law asks for and nobody has filled in yet."""

    code: str
    name: str
    description: str
    lawful_basis: str
    legal_reference: str
    people: str
    categories: str
    recipients: str
    transfers: str
    period: str
    balancing_test: str
    responsible: str
    in_use: bool
    missing: list[str]


@dataclass(frozen=True)
class Record:
    """The whole record, in one language, as of one day."""

    language: str
    made_on: str
    controller: dict[str, Any]
    activities: list[Activity]
    data: list[tuple[str, str]]
    measures: list[str]


def record_of_processing(language: str) -> Record:
    """Everything that Art. 30(1) asks for, as of now."""
    with translation.override(language):
        rows = Purpose.objects.select_related("balancing_test", "owner")
        held = Exists(LegalGround.objects.open().filter(purpose=OuterRef("pk")))
        purposes = in_order(rows.filter(Q(is_active=True) | held), str)
        return Record(
            language=language,
            made_on=timezone.localdate().isoformat(),
            controller=controller(),
            activities=[*map(activity_of, purposes), *_house()],
            data=data_by_category(),
            measures=measures(),
        )


def activity_of(purpose: Purpose) -> Activity:
    """One purpose as the record tells it."""
    test = purpose.balancing_test if purpose.basis == Basis.LEGITIMATE_INTEREST else None
    return Activity(
        code=purpose.slug,
        name=purpose.name,
        description=purpose.description,
        lawful_basis=basis_text(purpose),
        legal_reference=purpose.legal_reference,
        people=purpose.people,
        categories=categories_text(purpose),
        recipients=recipients_text(purpose),
        transfers=joined([purpose.transfers]) or gettext("no transfers"),
        period=period_text(purpose),
        balancing_test=_test_text(test) if test else "",
        responsible=str(purpose.owner) if purpose.owner else "",
        in_use=purpose.is_active,
        missing=[] if purpose.people else [gettext("categories of people")],
    )


def _test_text(test: BalancingTest) -> str:
    return gettext("%(name)s, version %(version)d of %(day)s") % {
        "name": test.name,
        "version": test.version,
        "day": day_text(test.dated),
    }


def _house() -> Iterator[Activity]:
    for one in house_processing():
        yield Activity(
            code=one.code,
            name=one.name,
            description=one.description,
            lawful_basis=f"{one.basis} ({article_text(one.article)})",
            legal_reference=one.reference,
            people=one.people,
            categories=one.data,
            recipients=gettext("nobody outside the company"),
            transfers=gettext("no transfers"),
            period=one.period,
            balancing_test="",
            responsible="",
            in_use=True,
            missing=[],
        )


def data_by_category() -> list[tuple[str, str]]:
    """For each category of data what exactly is kept, as the data map declares it.

    What tells who somebody is, and what is special, is named field by field; the rest by the kind of record it is in.
    """
    items: dict[str, list[str]] = {code: [] for code in DataCategory.values}
    kinds: dict[str, list[str]] = {code: [] for code in DataCategory.values}
    for entry in collect().about_contacts():
        model = entry.get_model()
        for name in entry.named(export=True):
            declared = entry.fields[name]
            if declared.kind.is_personal and declared.category in items:
                named = declared.kind in (Kind.IDENTIFYING, Kind.SPECIAL)
                words = field_words(model._meta.get_field(name)) if named else model._meta.verbose_name_plural
                (items if named else kinds)[declared.category].append(_lower(str(words)))
    told = {code: dict.fromkeys([*items[code], *kinds[code]]) for code in DataCategory.values}
    return [(category_label(code), ", ".join(words)) for code, words in told.items() if words]


def _lower(text: str) -> str:
    """A heading within a sentence; abbreviations (DIČ, VAT) stay as they are."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def document(record: Record) -> Document:
    """The record as people read it, on a page and on paper."""
    with translation.override(record.language):
        own = Installation.current()
        return Document(
            language=record.language,
            title=gettext("Record of processing activities"),
            person=own.name,
            made=gettext("made on %(day)s") % {"day": day_text(timezone.localdate())},
            intro=gettext(
                "The record under Article 30(1) of the General Data Protection Regulation (EU) 2016/679. It is made "
                "from the purposes and the data map of the system, so it says what is really done."
            ),
            controller=controller_facts(own),
            sections=[
                Section(
                    id="activities",
                    title=gettext("Processing activities"),
                    groups=[(one.name, _facts(one)) for one in record.activities],
                ),
                Section(id="data", title=gettext("Kinds of data in detail"), facts=list(record.data)),
                Section(
                    id="measures",
                    title=gettext("Security measures"),
                    facts=[(f"{number}.", text) for number, text in enumerate(record.measures, start=1)],
                ),
            ],
            footer=gettext("Record of processing activities under Art. 30 GDPR"),
            words={"controller": gettext("Controller")},
        )


def columns() -> dict[str, str]:
    """What each column of the record is called."""
    return {
        "name": gettext("Activity"),
        "description": gettext("Purpose of the processing"),
        "lawful_basis": gettext("Lawful basis"),
        "legal_reference": gettext("Legal reference"),
        "people": gettext("Categories of people"),
        "categories": gettext("Categories of data"),
        "recipients": gettext("Recipients"),
        "transfers": gettext("Transfers to third countries"),
        "period": gettext("Period until erasure"),
        "balancing_test": gettext("Balancing test"),
        "responsible": gettext("Responsible"),
    }


def _facts(one: Activity) -> Facts:
    facts = [(label, getattr(one, name)) for name, label in columns().items() if name != "name"]
    if not one.in_use:
        facts.append((gettext("State"), gettext("no longer in use; data that are still held run out")))
    facts += [(gettext("Missing"), ", ".join(one.missing))] if one.missing else []
    return [(label, value) for label, value in facts if value]


def as_json(record: Record) -> bytes:
    """For machines."""
    content = {"schema": SCHEMA, **asdict(record)}
    content["data"] = [{"category": category, "items": items} for category, items in record.data]
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def csv_rows(record: Record) -> Iterator[list[str]]:
    """A line for each activity; controller and measures stand in the other forms."""
    with translation.override(record.language):
        named = columns()
    yield list(named.values())
    for one in record.activities:
        yield [getattr(one, name) for name in named]


def as_csv(record: Record) -> bytes:
    return "".join(lines(csv_rows(record))).encode()
