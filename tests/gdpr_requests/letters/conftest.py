"""A company with a letterhead, a person who asks, and a request of theirs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Installation, User
from contacts.models import Contact
from gdpr_requests.models import DataSubjectRequest
from privacy.keys import new_subject_key
from tests import make


@pytest.fixture(autouse=True)
def company(db: None) -> Installation:
    return Installation.objects.create(
        id=1,
        name="Dřevovýroba Sázava s. r. o.",
        registration_number="27082440",
        address="Nádražní 12, 285 06 Sázava",
        email="osobni-udaje@drevo.example",
        dpo_contact="Lenka Bílá, poverenec@drevo.example",
    )


def make_request(contact: Contact | None = None, **values: Any) -> DataSubjectRequest:
    """A request that came on 3 November and is due on 3 December 2026."""
    request = DataSubjectRequest(
        number=values.pop("number", f"Z-2026-{DataSubjectRequest.objects.count() + 1:06d}"),
        **{
            "right": "access",
            "channel": "email",
            "received_on": dt.date(2026, 11, 3),
            "due_on": dt.date(2026, 12, 3),
            "contact": contact,
            "language": "cs",
            **values,
        },
    )
    sealed = {"requester_name": "Jana Nováková", "requester_address": "jana@drevo.example"}
    request.key = new_subject_key(subject_id=request.pk, retention_class="proof")
    for name, value in sealed.items():
        setattr(request, name, values.get(name, value))
    request.save()
    return request


@pytest.fixture
def jana(petra: User) -> Contact:
    return make.contact(petra, salutation="Vážená paní Nováková")


@pytest.fixture
def asked(jana: Contact) -> DataSubjectRequest:
    return make_request(jana)
