"""Drafts of the notices: to the authority with the items of Art. 33(3), to the people in plain words (Art. 34(2))."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import Installation
from consents.models import DataCategory
from gdpr_requests.authority import supervisory_authority
from gdpr_requests.export.values import moment_text
from gdpr_requests.models import Breach
from gdpr_requests.typesetting import pdf

AUTHORITY, PEOPLE = "authority", "people"
KINDS = (AUTHORITY, PEOPLE)
Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """A heading with a text, facts, or both."""

    title: str
    text: str = ""
    facts: Facts | None = None


@dataclass(frozen=True)
class Notice:
    """One draft, in one language."""

    kind: str
    language: str
    title: str
    to: str
    opening: str
    sections: list[Section]
    closing: str

    @property
    def text(self) -> str:
        """The whole draft as plain text, for an e-mail or a form of the authority."""
        parts = [self.title, self.to, self.opening]
        for section in self.sections:
            lines = [f"{term}: {value}" for term, value in section.facts or []]
            parts.append("\n".join([section.title, *([section.text] if section.text else []), *lines]))
        return "\n\n".join(part for part in [*parts, self.closing] if part) + "\n"


def draft(breach: Breach, kind: str, language: str) -> Notice:
    """The draft of that kind ("authority", "people") in that language, filled from the register as it stands."""
    with translation.override(language):
        return _to_authority(breach, language) if kind == AUTHORITY else _to_people(breach, language)


def notice_pdf(notice: Notice) -> bytes:
    """The draft as a tagged PDF."""
    with translation.override(notice.language):
        footer = gettext("A draft: read it before you send it.")
    sections = [{"title": s.title, "text": s.text, "facts": s.facts or []} for s in notice.sections]
    data = {
        "language": notice.language,
        "title": notice.title,
        "to": notice.to,
        "opening": notice.opening,
        "sections": sections,
        "closing": notice.closing,
        "footer": footer,
    }
    return pdf("breach_notice.typ", data)


def _to_authority(breach: Breach, language: str) -> Notice:
    authority = supervisory_authority()
    return Notice(
        kind=AUTHORITY,
        language=language,
        title=gettext("Notification of a personal data breach (Art. 33 GDPR)"),
        to=f"{authority['name']}\n{authority['address']}",
        opening="",
        sections=[
            Section(gettext("Controller and contact point (Art. 33(3)(b))"), facts=_controller()),
            Section(gettext("When"), breach.delay_reason, _times(breach)),
            Section(gettext("What happened (Art. 33(3)(a))"), breach.facts, _nature(breach)),
            Section(gettext("Likely consequences (Art. 33(3)(c))"), _known(breach.effects), _risk(breach)),
            Section(gettext("What was done and will be done (Art. 33(3)(d))"), _known(breach.remedy), _told(breach)),
        ],
        closing=gettext("What is not known yet will be sent without undue further delay (Art. 33(4))."),
    )


def _to_people(breach: Breach, language: str) -> Notice:
    authority = supervisory_authority()
    complaint = gettext("You may complain to the supervisory authority: %(name)s, %(address)s, %(web)s.") % authority
    return Notice(
        kind=PEOPLE,
        language=language,
        title=gettext("What happened to your data"),
        to="",
        opening=gettext("we are sorry to tell you that the security of your personal data was breached."),
        sections=[
            Section(gettext("What happened"), breach.plain_words or breach.facts),
            Section(gettext("Which data"), _categories(breach)),
            Section(gettext("What may follow from it"), _known(breach.effects)),
            Section(gettext("What we did, and what you can do"), _known(breach.remedy)),
            Section(gettext("Whom to ask"), complaint, _controller()),
        ],
        closing="",
    )


def _controller() -> Facts:
    company = Installation.current()
    pairs = [
        (gettext("Company"), company.name),
        (gettext("IČO"), company.registration_number),
        (gettext("Address"), company.address),
        (gettext("Data protection officer"), company.dpo_contact),
        (gettext("E-mail"), company.email),
        (gettext("Phone"), company.phone),
    ]
    return [(term, value) for term, value in pairs if value]


def _times(breach: Breach) -> Facts:
    pairs: list[tuple[str, dt.datetime | None]] = [
        (gettext("It began"), breach.happened_from),
        (gettext("It ended"), breach.happened_until),
        (gettext("We became aware of it"), breach.became_aware_at),
        (gettext("72 hours are over"), breach.notify_by),
    ]
    facts = [(gettext("Our number"), breach.number)]
    facts += [(term, moment_text(at)) for term, at in pairs if at]
    late = not breach.delay_reason and timezone.now() > breach.notify_by and not breach.authority_notified_at
    return facts + ([(gettext("Reasons for the delay"), _known(""))] if late else [])


def _nature(breach: Breach) -> Facts:
    natures = dict(Breach.Nature.choices)
    return [
        (gettext("Kind of breach"), ", ".join(str(natures.get(code, code)) for code in breach.natures) or _known("")),
        (gettext("Categories of people"), _known(breach.people_kinds)),
        (gettext("About how many people"), _number(breach.people_about or breach.affected_count)),
        (gettext("Categories of data"), _categories(breach)),
        (gettext("About how many records"), _number(breach.records_about)),
    ]


def _risk(breach: Breach) -> Facts:
    risk = str(breach.get_risk_display())
    return [(gettext("Risk"), f"{risk}. {breach.risk_reason}".strip() if breach.risk else risk)]


def _told(breach: Breach) -> Facts:
    words = str(breach.get_people_decision_display())
    when = moment_text(breach.people_notified_at) if breach.people_notified_at else ""
    return [(gettext("The people"), f"{words} ({when})" if when else words)]


def _categories(breach: Breach) -> str:
    names = dict(DataCategory.choices)
    return ", ".join(str(names.get(code, code)) for code in breach.categories) or _known("")


def _known(text: str) -> str:
    return text or gettext("not known yet")


def _number(value: int | None) -> str:
    return str(value) if value else _known("")
