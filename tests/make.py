"""Small, believable things that many tests need. Each is made by the same services as in daily work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import User
from consents.models import Basis, Method, Purpose
from consents.presets import ensure_presets
from consents.services.ledger import Evidence
from contacts.models import Contact, Source
from contacts.services.new import NewCard
from intake.services import NewGround, create_contact

PAPER = Evidence(method=Method.PAPER, reference="šanon 3, list 12")


def purpose(slug: str) -> Purpose:
    """One of the Czech presets."""
    ensure_presets()
    return Purpose.objects.get(slug=slug)


def new_purpose(slug: str, basis: str = Basis.CONSENT, **fields: Any) -> Purpose:
    """A purpose of the test's own, beside the presets."""
    ensure_presets()
    return Purpose.objects.create(
        **{
            "slug": slug,
            "name": slug.title(),
            "description": "Popis",
            "basis": basis,
            "categories": ["identity", "contact"],
            "retention_months": 12,
            "retention_reason": "Rok stačí.",
            "legal_reference": "zákon č. 1/2000 Sb." if basis == Basis.LEGAL_OBLIGATION else "",
            **fields,
        }
    )


def contact(
    owner: User | None = None,
    *,
    first_name: str = "Jana",
    last_name: str = "Nováková",
    email: str | None = "jana@drevo.example",
    phone: str | None = "+420603111222",
    source: str = Source.PERSON,
    ground: NewGround | None = None,
    **values: Any,
) -> Contact:
    """A contact with a contract as its ground, unless another ground is given."""
    card = NewCard(
        values={"first_name": first_name, "last_name": last_name, "source": source, **values},
        emails=[{"value": email}] if email else [],
        phones=[{"value": phone}] if phone else [],
    )
    ground = ground or NewGround(purpose=purpose("contract"), values={"reference": "S-2024/118"})
    return create_contact(card=card, ground=ground, actor=owner, owner=owner)


def consent_ground(slug: str = "newsletter", *, days: int = 365, evidence: Evidence = PAPER, **where: Any) -> NewGround:
    """A consent given today that lasts so many days."""
    until = timezone.localdate() + dt.timedelta(days=days)
    return NewGround(purpose=purpose(slug), evidence=evidence, consent={"valid_until": until, **where})
