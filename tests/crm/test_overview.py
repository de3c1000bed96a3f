"""The first page and the reports: only what the user may see, at the same price for one and for many."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from consents.models import LegalGround
from consents.scan import scan
from consents.services.grounds import end_ground
from contacts.services.timeline import add_entry
from crm.overview import overview
from tests import make

pytestmark = pytest.mark.django_db


def test_the_page_shows_what_ends_what_waits_and_what_happened(petra: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    make.contact(petra, email="b@drevo.example", ground=make.consent_ground(days=60))
    add_entry(contact=jana, kind="call", actor=petra, body="Chce dub.")
    scan()
    page = client_of(petra).get("/")
    found = page.context["overview"]
    assert (found.ending, found.valid_consents, found.without_ground, found.contacts) == (1, 2, 0, 2)
    assert sum(week["value"] for week in found.weeks) == 2
    assert [contact for _task, contact in found.tasks] == [jana]
    assert "Chce dub." in page.content.decode()


def test_the_weeks_begin_on_monday_and_hold_each_end_once(petra: User) -> None:
    for i, days in enumerate((0, 6, 7, 83, 90)):
        make.contact(petra, email=f"p{i}@drevo.example", ground=make.consent_ground(days=days))
    weeks = overview(petra).weeks
    monday = timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday())
    last = monday + dt.timedelta(weeks=12)
    inside = [d for d in (0, 6, 7, 83, 90) if timezone.localdate() + dt.timedelta(days=d) < last]
    assert (len(weeks), sum(week["value"] for week in weeks)) == (12, len(inside))


def test_a_contact_without_a_ground_is_counted(petra: User) -> None:
    make.contact(petra)
    end_ground(ground=LegalGround.objects.get(), reason="mistake", actor=petra)
    assert overview(petra).without_ground == 1


def test_nothing_of_others_is_counted_or_shown(petra: User, cizi: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    add_entry(contact=jana, kind="call", actor=petra, body="Tajné.")
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    found = overview(cizi)
    assert (found.contacts, found.valid_consents, found.ending, found.entries) == (0, 0, 0, [])
    assert "Tajné" not in client_of(cizi).get("/").content.decode()
    assert client_of(cizi).get(reverse("crm:reports")).context["report"].consents == []


def test_a_new_installation_leads_by_the_hand(admin: User, client_of) -> None:
    page = client_of(admin).get("/").content.decode()
    for address in (reverse("intake:import"), reverse("consents:purposes"), reverse("admin:accounts_user_add")):
        assert f'href="{address}"' in page


def test_the_reports_count_consents_by_purpose_and_grounds_by_basis(petra: User, client_of) -> None:
    make.contact(petra)
    make.contact(petra, email="b@drevo.example", ground=make.consent_ground(days=20))
    found = client_of(petra).get(reverse("crm:reports")).context["report"]
    assert [(name, sum(counts)) for name, counts in found.consents] == [("Newsletter", 1)]
    assert dict(found.grounds)["contract"] == 1
    assert dict(found.grounds)["consent"] == 1
    assert sum(month["value"] for month in found.months) == 1


def test_the_first_page_costs_the_same_for_one_and_for_thirty(
    petra: User, client_of, django_assert_num_queries
) -> None:
    browser = client_of(petra)
    make.contact(petra, ground=make.consent_ground(days=20))
    scan()
    browser.get("/")
    for more in (0, 29):
        for i in range(more):
            one = make.contact(petra, email=f"p{i}@drevo.example", ground=make.consent_ground(days=20))
            add_entry(contact=one, kind="note", actor=petra, body="x")
        scan()
        with django_assert_num_queries(19):
            assert browser.get("/").status_code == 200
