"""The plan says of each field and ground what becomes of it; what the law keeps is shown in counts and ends only."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.utils import timezone, translation

from accounts import reauth
from consents.models import LegalGround
from consents.services.grounds import open_ground
from gdpr_requests.desk.services import open_request
from gdpr_requests.erasure.decisions import decisions_of, grounds_of
from gdpr_requests.erasure.overview import kept_by_law
from gdpr_requests.erasure.plan import plan_of
from gdpr_requests.models import ErasureItem, RetainedRecord
from gdpr_requests.services.erase import erase_contact
from tests import make
from tests.gdpr_requests.people import PLANTED, planted

pytestmark = pytest.mark.django_db


@pytest.fixture
def zofie(petra):
    return planted(petra).contact


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def last_day() -> dt.date:
    """When the duty to keep accounts ends, as the ground itself says."""
    day: dt.date = LegalGround.objects.filter(purpose__slug="accounting").values_list("valid_until", flat=True)[0]
    return day


def test_each_category_of_data_goes_or_stays_until_a_day_because_of_a_provision(zofie):
    decided = {decision.label: decision for decision in decisions_of(plan_of(zofie))}
    kept = {label: decision for label, decision in decided.items() if decision.keeping}
    assert set(kept) == {"name and identification", "contact details"}
    assert {decision.until for decision in kept.values()} == {last_day()}
    assert [(keeping.because, keeping.article) for keeping in kept["contact details"].keeping] == [
        ("zákon č. 563/1991 Sb., § 31 odst. 2", "17(3)(b)")
    ]
    goes = decided["communication and notes"]
    assert (goes.keeping, goes.until) == ([], None)


def test_the_longest_of_several_duties_is_the_day_that_is_shown(zofie, petra):
    duty = make.new_purpose("archive", "legal_obligation", categories=["contact"], retention_months=120)
    open_ground(contact=zofie, purpose=duty, actor=petra)
    decision = next(d for d in decisions_of(plan_of(zofie)) if d.label == "contact details")
    longest = LegalGround.objects.get(purpose=duty).valid_until
    assert (len(decision.keeping), decision.until, longest > last_day()) == (2, longest, True)


def test_fields_are_named_as_the_person_would_read_them_and_only_where_the_card_holds_any(petra, zofie):
    named = {words for decision in decisions_of(plan_of(zofie)) for words in decision.fields}
    bare = {words for decision in decisions_of(plan_of(make.contact(petra))) for words in decision.fields}
    assert {"The card: last name", "Files: name"} <= {words.replace("file name", "name") for words in named}
    assert [words for words in bare if words.startswith("Files")] == []


def test_each_ground_says_what_becomes_of_it(zofie):
    lines = {line.ground.purpose.slug: line for line in grounds_of(plan_of(zofie))}
    assert lines["contract"].words == "ends with the erasure and keeps nothing"
    assert "because of zákon č. 563/1991 Sb., § 31 odst. 2" in lines["accounting"].words
    assert (lines["contract"].until, lines["accounting"].until) == (None, last_day())


# --- what the law keeps -----------------------------------------------------------------------------------------------


def test_what_the_law_keeps_is_counted_with_its_ends(petra, dpo, client_of):
    for number in range(2):
        contact = make.contact(petra, email=f"c{number}@drevo.example")
        open_ground(contact=contact, purpose=make.purpose("accounting"), actor=petra)
        until = last_day()
        erase_contact(pk=contact.pk, reason="requested", actor=petra)
    (kept,) = kept_by_law()
    assert (kept.people, kept.records, kept.first_end, kept.last_end) == (2, 2, until, until)
    assert kept.categories == ["name and identification", "contact details", "invoices and payments"]
    page = client_of(dpo).get("/requests/retained/").content.decode()
    assert ("563/1991" in page, str(until.year) in page) == (True, True)
    assert [value for value in ("Jana", "Nováková", "drevo.example") if value in page] == []


def test_the_page_of_what_the_law_keeps_names_nobody(zofie, petra, dpo, client_of):
    erase_contact(pk=zofie.pk, reason="requested", actor=petra)
    assert RetainedRecord.objects.exists()
    page = client_of(dpo).get("/requests/retained/").content.decode()
    assert [name for name, value in PLANTED.items() if value in page] == []


# --- the request that an erasure answers ------------------------------------------------------------------------------


@pytest.fixture
def ask(petra):
    def open_one(contact):
        return open_request(
            right="erasure",
            channel="email",
            received_on=timezone.localdate(),
            requester_name="Žofie",
            actor=petra,
            contact=contact,
            assignee=petra,
        )

    return open_one


@pytest.fixture
def confirmed(client_of, petra):
    client = client_of(petra)
    session = client.session
    session[reauth.CONFIRMED] = int(time.time())
    session.save()
    return client


def test_an_erasure_carries_the_request_that_it_answers(zofie, ask, confirmed):
    asked = ask(zofie)
    page = confirmed.get(f"/contacts/{zofie.pk}/erase/?request={asked.pk}").content.decode()
    assert (f'value="{asked.pk}"' in page, '<option value="requested" selected>' in page) == (True, True)
    confirmed.post(f"/contacts/{zofie.pk}/erase/", {"reason": "requested", "request": str(asked.pk)})
    assert ErasureItem.objects.get().request_id == asked.pk


def test_a_request_about_somebody_else_is_not_answered_by_it(zofie, petra, ask, confirmed):
    other = ask(make.contact(petra))
    confirmed.post(f"/contacts/{zofie.pk}/erase/", {"reason": "requested", "request": str(other.pk)})
    assert ErasureItem.objects.get().request_id is None


def test_rubbish_in_the_address_is_no_request(zofie, confirmed):
    assert confirmed.get(f"/contacts/{zofie.pk}/erase/?request=%00x").status_code == 200
