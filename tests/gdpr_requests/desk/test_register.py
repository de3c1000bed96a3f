"""The register's tables: what the database itself refuses."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from gdpr_requests.models import DataSubjectRequest, RequestEvent
from privacy.keys import new_subject_key

pytestmark = pytest.mark.django_db


def saved(**values: Any) -> DataSubjectRequest:
    """A request as a service would save it."""
    pk = uuid.uuid4()
    return DataSubjectRequest.objects.create(
        **{
            "pk": pk,
            "key": new_subject_key(subject_id=pk, retention_class="proof"),
            "number": f"Z-2026-{DataSubjectRequest.objects.count() + 1:06d}",
            "right": "access",
            "channel": "email",
            "received_on": dt.date(2026, 11, 2),
            "due_on": dt.date(2026, 12, 2),
            "requester_name": "Jana Nováková",
            **values,
        }
    )


ANSWER: dict[str, Any] = {
    "answered_at": timezone.now(),
    "answer_letter_id": uuid.UUID(int=7),
    "ends_on": dt.date(2029, 11, 24),
}


@pytest.mark.parametrize("state", ["answered", "refused", "withdrawn"])
@pytest.mark.parametrize("missing", ["answered_at", "answer_letter_id", "ends_on"])
def test_the_database_refuses_to_close_a_request_without_a_written_answer(state: str, missing: str) -> None:
    complete = {**ANSWER, "refusal_ground": "claims", "refusal_reason": "Spor běží."}
    with pytest.raises(IntegrityError), transaction.atomic():
        saved(state=state, **{**complete, missing: None})
    assert saved(state=state, **complete).state == state


@pytest.mark.parametrize("missing", ["refusal_ground", "refusal_reason"])
def test_the_database_refuses_a_refusal_without_ground_or_reasons(missing: str) -> None:
    complete = {**ANSWER, "refusal_ground": "claims", "refusal_reason": "Spor běží."}
    with pytest.raises(IntegrityError), transaction.atomic():
        saved(state="refused", **{**complete, missing: ""})


@pytest.mark.parametrize(
    "wrong",
    [
        {"extended_on": dt.date(2026, 12, 3)},
        {"extension_reason": ""},
        {"extension_letter_id": None},
        {"extended_due_on": None},
    ],
)
def test_the_database_refuses_an_extension_without_reasons_or_notice_or_after_the_first_month(wrong: Any) -> None:
    complete = {
        "extended_on": dt.date(2026, 12, 2),
        "extended_due_on": dt.date(2027, 2, 2),
        "extension_reason": "Tisíce záznamů.",
        "extension_letter_id": uuid.UUID(int=8),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        saved(**{**complete, **wrong})
    assert saved(**complete).deadline == dt.date(2027, 2, 2)


def test_the_history_of_a_request_can_be_neither_changed_nor_deleted() -> None:
    event = RequestEvent.objects.create(request=saved(), kind="opened")
    for change in (lambda: RequestEvent.objects.update(kind="answered"), event.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert list(RequestEvent.objects.values_list("kind", flat=True)) == ["opened"]
