"""Requests end: the register is proof for a time, and then it goes with its keys."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from gdpr_requests.desk.ending import end_old
from gdpr_requests.desk.services import answer
from gdpr_requests.models import DataSubjectRequest, RequestEvent
from gdpr_requests.services.erase import erase_contact
from privacy.models import SubjectKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(ask, dpo, letter) -> DataSubjectRequest:
    request = ask("objection", text="Nepište mi.")
    return answer(request=request, letter=letter("objection", request), actor=dpo)


def test_a_request_goes_after_its_end_with_its_history_and_its_key(answered, ask) -> None:
    waiting = ask()
    key_id = answered.key_id
    assert (end_old(answered.ends_on), DataSubjectRequest.objects.count()) == (0, 2)
    assert end_old(answered.ends_on + dt.timedelta(days=1)) == 1
    assert list(DataSubjectRequest.objects.all()) == [waiting]
    assert not RequestEvent.objects.filter(request_id=answered.pk).exists()
    assert not SubjectKey.objects.filter(pk=key_id).exists()
    ended = AuditEvent.objects.get(action="request.ended")
    assert (ended.actor_id, ended.target_id, ended.contact_id) == (None, str(answered.pk), None)


def test_ending_twice_ends_nothing_more(answered) -> None:
    day = answered.ends_on + dt.timedelta(days=1)
    assert [end_old(day), end_old(day)] == [1, 0]


def test_an_open_request_never_ends_by_itself(ask) -> None:
    ask()
    assert end_old(timezone.localdate() + dt.timedelta(days=36500)) == 0


def test_erasing_the_card_leaves_the_register_readable_and_nameless_elsewhere(answered, petra) -> None:
    erase_contact(pk=answered.contact.pk, reason="requested", actor=petra)
    kept = DataSubjectRequest.objects.get()
    assert (kept.contact, kept.requester_name, kept.text) == (None, "Jana Nováková", "Nepište mi.")
    assert RequestEvent.objects.filter(request=kept).count() == 2
