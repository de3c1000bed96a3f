"""A request of Jana's, and letters that have left."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from contacts.models import Contact
from gdpr_requests.desk.services import open_request
from gdpr_requests.models import DataSubjectRequest
from tests import make

JANA = "jana@drevo.example"


@dataclass
class SentLetter:
    kind: str
    request_id: uuid.UUID | None
    sent_at: dt.datetime | None = field(default_factory=timezone.now)
    sent_via: str = "email"
    pk: uuid.UUID = field(default_factory=uuid.uuid4)


@pytest.fixture
def jana(petra: User) -> Contact:
    return make.contact(petra, email=JANA)


@pytest.fixture
def ask(jana: Contact, petra: User, dpo: User) -> Callable[..., DataSubjectRequest]:
    """`ask("erasure")` is Jana's request, received today by e-mail from her own address, recorded by Petra."""

    def recorded(right: str = "access", **values: Any) -> DataSubjectRequest:
        return open_request(
            **{
                "right": right,
                "channel": "email",
                "received_on": timezone.localdate(),
                "requester_name": "Jana Nováková",
                "requester_address": JANA,
                "contact": jana,
                "actor": petra,
                **values,
            }
        )

    return recorded


@pytest.fixture
def letter() -> Callable[..., Any]:
    """`letter("access", request)` is a letter of that kind, sent a moment ago."""

    def sent(kind: str, request: DataSubjectRequest, **values: Any) -> Any:
        return SentLetter(kind, request.pk, **values)

    return sent
