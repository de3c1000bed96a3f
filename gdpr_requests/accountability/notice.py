"""The information of Art. 13 and 14, put together from what the installation knows: nobody writes it twice."""

from __future__ import annotations

import json
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Installation
from consents.models import Basis, Purpose
from contacts.collation import in_order
from gdpr_requests.accountability.house import HouseProcessing, house_processing
from gdpr_requests.accountability.words import (
    basis_text,
    categories_text,
    controller_facts,
    joined,
    period_text,
    recipients_text,
)
from gdpr_requests.authority import supervisory_authority
from gdpr_requests.export.document import Document, Facts, Section
from gdpr_requests.export.information import rights, transfers_text
from gdpr_requests.export.values import article_text


def notice(language: str) -> Document:
    """What people are told, as of now, in one language. Purposes that are not in use are left out."""
    with translation.override(language):
        return _document(language)


def content_of(document: Document) -> str:
    """Everything that is said, in a fixed form: the same text means that nothing has changed."""
    plain = replace(document, made="").as_json()
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1)


def _document(language: str) -> Document:
    own = Installation.current()
    purposes = in_order(Purpose.objects.active().select_related("balancing_test"), str)
    return Document(
        language=language,
        title=gettext("How we handle personal data"),
        person=own.name,
        made="",
        intro=gettext(
            "Here we say which personal data we process, why, for how long and who gets them. It is the information "
            "under Articles 13 and 14 of the General Data Protection Regulation (EU) 2016/679 (GDPR)."
        ),
        controller=controller_facts(own),
        sections=[_purposes(purposes), _house(), _about(purposes), _rights(own)],
        footer=gettext("Information on the processing of personal data under Art. 13 and 14 GDPR"),
        words={"controller": gettext("Who is responsible")},
    )


def _purposes(purposes: list[Purpose]) -> Section:
    return Section(
        id="purposes",
        title=gettext("What we process data for, and for how long"),
        text="" if purposes else gettext("No purpose is in use yet."),
        groups=[(purpose.name, _purpose(purpose)) for purpose in purposes],
    )


def _purpose(purpose: Purpose) -> Facts:
    """Art. 13(1)(c) to (f), (2)(a), (e); Art. 14(1)(d)."""
    test = purpose.balancing_test if purpose.basis == Basis.LEGITIMATE_INTEREST else None
    pairs = [
        (gettext("What for"), purpose.description),
        (gettext("Whose data"), purpose.people),
        (gettext("Which data"), categories_text(purpose)),
        (gettext("Lawful basis"), basis_text(purpose)),
        (gettext("Our legitimate interest"), test.interest if test else ""),
        (gettext("Legal reference"), purpose.legal_reference),
        (gettext("Who gets the data"), recipients_text(purpose)),
        (gettext("Transfers to third countries"), joined([purpose.transfers])),
        (gettext("How long"), period_text(purpose)),
        (gettext("Do you have to give them?"), _must_give(purpose)),
    ]
    return [(term, value) for term, value in pairs if value]


def _must_give(purpose: Purpose) -> str:
    """Art. 13(2)(c) and (e)."""
    return {
        Basis.CONSENT: gettext(
            "No. You give your consent freely and may withdraw it at any time, as easily as you gave it; what we did "
            "before stays lawful."
        ),
        Basis.CONTRACT: gettext("Without the data we can neither conclude nor perform the contract."),
        Basis.LEGAL_OBLIGATION: gettext("Yes, the law requires it."),
        Basis.VITAL_INTERESTS: gettext("No; we process them only to protect somebody’s life or health."),
        Basis.PUBLIC_TASK: gettext("It follows from the act that gives us the task. You may object."),
        Basis.LEGITIMATE_INTEREST: gettext("No. You may object to the processing at any time."),
    }[Basis(purpose.basis)]


def _house() -> Section:
    return Section(
        id="system",
        title=gettext("What we process because the law asks for it"),
        groups=[(one.name, _house_facts(one)) for one in house_processing()],
    )


def _house_facts(one: HouseProcessing) -> Facts:
    return [
        (gettext("What for"), one.description),
        (gettext("Which data"), one.data),
        (gettext("Lawful basis"), f"{one.basis} ({article_text(one.article)})"),
        (gettext("Legal reference"), one.reference),
        (gettext("How long"), one.period),
    ]


def _about(purposes: list[Purpose]) -> Section:
    """Art. 13(1)(e), (f), (2)(f); Art. 14(2)(f)."""
    facts = [
        (
            gettext("Where the data come from"),
            gettext(
                "Mostly from you. Where we get data from somebody else or from a public register, we tell you the "
                "source within a month, and no later than when we first write to you."
            ),
        ),
        (
            gettext("Who gets the data"),
            joined(purpose.recipients for purpose in purposes) or gettext("nobody outside the company"),
        ),
        (gettext("Transfers to third countries"), transfers_text(purposes)),
        (
            gettext("Automated decisions"),
            gettext("We make no decision about you by automated means alone, and we make no profile of you."),
        ),
        (
            gettext("How long"),
            gettext("When a period ends and no other reason is left, we erase the data, not only hide them."),
        ),
    ]
    return Section(id="about", title=gettext("Sources, recipients and transfers"), facts=facts)


def _rights(own: Installation) -> Section:
    """Art. 13(2)(b) to (d)."""
    authority = supervisory_authority()
    where = ", ".join(part for part in (authority["name"], authority["address"], authority["web"]) if part)
    ask = [own.email, own.address]
    return Section(
        id="rights",
        title=gettext("Your rights"),
        text=gettext("You have the right:"),
        facts=[
            *((article_text(right["article"]), right["text"]) for right in rights()),
            (
                gettext("How to ask"),
                gettext("Write to us: %(where)s. We answer within a month, free of charge.")
                % {"where": ", ".join(part for part in ask if part) or gettext("at the address above")},
            ),
            (gettext("Supervisory authority"), where),
        ],
    )
