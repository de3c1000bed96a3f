"""The register is personal data too: it is in the person's copy, in the plan of an erasure, and outlives the card."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.utils import timezone

from accounts import reauth
from gdpr_requests.desk.services import answer, check_identity
from gdpr_requests.erasure.plan import plan_of
from gdpr_requests.export.collect import gather
from gdpr_requests.letters.services import change_letter, draft_letter, send_letter
from gdpr_requests.models import DataSubjectRequest
from gdpr_requests.services.erase import erase_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(ask, dpo) -> DataSubjectRequest:
    """Jana's request for access, answered by letter."""
    request = check_identity(request=ask("access", text="Co o mně vedete?"), method="known_address", actor=dpo)
    letter = draft_letter(kind="access", request=request, actor=dpo)
    values = {"body": "Vedeme toto.", "to_address": "", "to_email": ""}
    send_letter(letter=change_letter(letter=letter, values=values, actor=dpo), via="post", actor=dpo)
    request.refresh_from_db()
    return request


def test_the_copy_holds_requests_answers_and_their_dates(answered, jana) -> None:
    collected = gather(jana)
    table = collected.table("gdpr_requests.DataSubjectRequest")
    assert table is not None
    [row] = table.records
    cells: dict[str, Any] = {name: cell.data for name, cell in row.cells.items()}
    assert (cells["number"], cells["text"]) == (answered.number, "Co o mně vedete?")
    assert (cells["received_on"], cells["ends_on"]) == (answered.received_on.isoformat(), answered.ends_on.isoformat())
    assert cells["answered_at"] == timezone.localtime(answered.answered_at).isoformat()
    letters = collected.table("gdpr_requests.Letter")
    assert letters is not None
    assert "Vedeme toto." in json.dumps([cell.data for cell in letters.records[0].cells.values()], ensure_ascii=False)
    history = collected.table("gdpr_requests.RequestEvent")
    assert history is not None
    assert [row.cells["kind"].data["code"] for row in history.records] == ["opened", "identified", "letter", "answered"]


def test_the_copy_names_no_colleague(answered, jana, dpo, petra) -> None:
    told = [
        str(cell.data)
        for table in gather(jana).tables
        if table.name.startswith("gdpr_requests.")
        for record in table.records
        for cell in record.cells.values()
    ]
    assert [words for words in told if str(dpo) in words or str(petra) in words or str(dpo.pk) in words] == []


def test_the_plan_of_an_erasure_says_that_the_register_stays_and_until_when(
    answered, ask, jana, dpo, client_of
) -> None:
    waiting = ask("erasure")
    assert plan_of(jana).requests == [answered, waiting]
    client = client_of(dpo)
    session = client.session
    session[reauth.CONFIRMED] = int(time.time())
    session.save()
    page = client.get(f"/contacts/{jana.pk}/erase/").content.decode()
    assert "17(3)(e)" in page
    assert f'datetime="{answered.ends_on.isoformat()}"' in page
    assert "3 years after its answer" in page


def test_after_the_erasure_the_answer_can_still_be_read_until_its_end(answered, jana, petra) -> None:
    erase_contact(pk=jana.pk, reason="requested", actor=petra)
    kept = DataSubjectRequest.objects.get()
    [letter] = kept.letters.all()
    assert (kept.contact, letter.contact, letter.body) == (None, None, "Vedeme toto.")


def test_a_request_that_asked_for_the_erasure_is_answered_after_it(ask, jana, petra, dpo, letter) -> None:
    request = check_identity(request=ask("erasure"), method="known_address", actor=dpo)
    erase_contact(pk=jana.pk, reason="requested", actor=petra, request_id=request.pk)
    request = answer(request=request, letter=letter("erasure", request), actor=dpo)
    assert request.state == "answered"
