"""What Art. 15(1) asks for beside the copy: why, which data, who gets them, how long, which rights, from where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext

from accounts.models import Installation
from consents.models import Basis, Consent, LegalGround, Purpose, State
from consents.periods import length_text
from contacts.models import Contact
from gdpr_requests.authority import supervisory_authority
from gdpr_requests.export.collect import ids_of
from gdpr_requests.export.values import category_label, day_text

Json = dict[str, Any]


@dataclass(frozen=True)
class Information:
    """The information of Art. 15(1), tailored to one person; everything as JSON holds it."""

    controller: Json
    purposes: list[Json]
    categories: list[Json]
    recipients: list[str]
    sources: list[str]
    rights: list[Json]
    authority: Json
    automated_decisions: str
    transfers: str
    outside_eea: bool


def inform(contact: Contact) -> Information:
    """Put together what the person has to be told, from their grounds and the purposes behind these."""
    grounds = list(
        LegalGround.objects.filter(subject__contact__in=ids_of(contact))
        .select_related("purpose", "balancing_test")
        .order_by("valid_from", "created_at")
    )
    until = _ends_of_consents(contact)
    purposes = [_purpose(ground, until.get(ground.purpose_id)) for ground in grounds]
    codes = sorted({code for ground in grounds for code in ground.purpose.categories})
    return Information(
        controller=controller(),
        purposes=purposes,
        categories=[{"code": code, "label": category_label(code)} for code in codes],
        recipients=sorted({name for purpose in purposes for name in purpose["recipients"]}),
        sources=_sources(contact, grounds),
        rights=rights(),
        authority=supervisory_authority(),
        automated_decisions=gettext(
            "No decision about you is made by automated means alone, and no profile is made of you."
        ),
        transfers=transfers_text(ground.purpose for ground in grounds),
        outside_eea=any(ground.purpose.transfers.strip() for ground in grounds),
    )


def controller() -> Json:
    """Who is responsible (Art. 4(7)), as the installation says."""
    own = Installation.current()
    return {
        "name": own.name,
        "registration_number": own.registration_number,
        "address": own.address,
        "email": own.email,
        "phone": own.phone,
        "data_protection_officer": own.dpo_contact,
    }


def recipients_of_purpose(purpose: Purpose) -> list[str]:
    """Who else gets the data, one name on each line of the purpose."""
    return [line.strip() for line in purpose.recipients.splitlines() if line.strip()]


def transfers_text(purposes: Iterable[Purpose]) -> str:
    """Which transfers to third countries the purposes name, or that there are none (Art. 13(1)(f), 15(2))."""
    lines = [line.strip() for purpose in purposes for line in purpose.transfers.splitlines() if line.strip()]
    none = gettext("The data are not transferred to a country outside the European Economic Area.")
    return "\n".join(dict.fromkeys(lines)) or none


def _ends_of_consents(contact: Contact) -> dict[UUID, Any]:
    valid = Consent.objects.filter(subject__contact=contact, state=State.GIVEN)
    return dict(valid.values_list("purpose_id").annotate(end=Max("valid_until")))


def _purpose(ground: LegalGround, consent_until: Any) -> Json:
    purpose, basis = ground.purpose, Basis(ground.basis)
    until = ground.valid_until or (consent_until if ground.ended_at is None else None)
    return {
        "ground": str(ground.pk),
        "code": purpose.slug,
        "name": purpose.name,
        "description": purpose.description,
        "basis": {"code": str(basis), "label": str(basis.label), "article": f"6(1)({basis.letter})"},
        "legal_reference": ground.statute or purpose.legal_reference,
        "balancing_test": ground.balancing_test.name if ground.balancing_test else None,
        "categories": [{"code": code, "label": category_label(code)} for code in purpose.categories],
        "recipients": recipients_of_purpose(purpose),
        "retention": {
            "months": purpose.retention_months,
            "counted_from": {"code": purpose.start_event, "label": purpose.get_start_event_display()},
            "reason": purpose.retention_reason,
        },
        "since": ground.valid_from.isoformat(),
        "until": until.isoformat() if until else None,
        "ended": ground.ended_at.isoformat() if ground.ended_at else None,
        "end_reason": ground.get_end_reason_display() or None,
    }


def _sources(contact: Contact, grounds: list[LegalGround]) -> list[str]:
    told = [(contact.get_source_display(), contact.source_detail)]
    told += [(ground.get_source_display(), ground.source_detail) for ground in grounds]
    return list(dict.fromkeys(f"{where} ({detail})" if detail else str(where) for where, detail in told))


def period_text(purpose: Json) -> str:
    """How long the data are kept for a purpose and why, in words."""
    period = purpose["retention"]
    return gettext("%(length)s, counted from the event “%(start)s”. %(reason)s") % {
        "length": length_text(period["months"]),
        "start": period["counted_from"]["label"],
        "reason": period["reason"],
    }


def span_text(since: Any, until: Any) -> str:
    """„24. 11. 2026 – 24. 11. 2027“."""
    return f"{day_text(since)} – {day_text(until)}" if until else gettext("since %(day)s") % {"day": day_text(since)}


def rights() -> list[Json]:
    """What the person may ask for (Art. 15(1)(e), (f)), each with its article."""
    return [
        {"article": "15", "text": gettext("to know what is held about you and to get a copy")},
        {"article": "16", "text": gettext("to have wrong data corrected and incomplete data completed")},
        {"article": "17", "text": gettext("to have the data erased where there is no ground left to hold them")},
        {"article": "18", "text": gettext("to have processing restricted while a dispute lasts")},
        {"article": "20", "text": gettext("to take the data you gave us to somebody else, in machine-readable form")},
        {"article": "21", "text": gettext("to object; to marketing at any time, and it stops at once")},
        {"article": "7(3)", "text": gettext("to withdraw a consent at any time, as easily as it was given")},
        {"article": "77", "text": gettext("to lodge a complaint with the supervisory authority")},
    ]
