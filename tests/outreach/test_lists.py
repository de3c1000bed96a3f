"""Mailing lists: nobody leaves the house whom the gate holds back."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from audit.models import AuditEvent
from consents.services.ledger import withdraw
from outreach.audience import audience
from outreach.models import MailingList
from outreach.services import end_old_lists
from tests import make

pytestmark = pytest.mark.django_db
WANTED = {"purpose": "newsletter", "channel": "email"}


def rows(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


def test_the_list_holds_only_those_whom_the_gate_lets_through(manager: User, client_of) -> None:
    jana = make.contact(manager, ground=make.consent_ground(days=20))
    make.contact(manager, email="bez@drevo.example")
    gone = make.contact(manager, email="odvolal@drevo.example", ground=make.consent_ground())
    withdraw(contact=gone, purpose=make.purpose("newsletter"), actor=manager)
    answer = client_of(manager).post(reverse("outreach:export"), WANTED)
    assert [row[2] for row in rows(answer)] == ["jana@drevo.example"]
    assert [(m.allowed, m.refused, m.created_by) for m in MailingList.objects.all()] == [(1, 2, manager)]
    assert [e.contact_id for e in AuditEvent.objects.filter(action="contact.on_mailinglist")] == [jana.pk]


def test_the_page_says_why_the_others_are_left_out(manager: User, client_of) -> None:
    make.contact(manager, ground=make.consent_ground())
    make.contact(manager, email="bez@drevo.example")
    page = client_of(manager).get(reverse("outreach:lists"), WANTED)
    assert page.context["audience"].reasons == [("no consent was given", 1)]
    assert MailingList.objects.count() == 0


def test_a_name_that_looks_like_a_formula_stays_text(manager: User, client_of) -> None:
    make.contact(manager, first_name="=HYPERLINK(1)", last_name="", ground=make.consent_ground())
    answer = client_of(manager).post(reverse("outreach:export"), WANTED)
    assert [row[0] for row in rows(answer)] == ["'=HYPERLINK(1)"]


def test_the_same_address_on_two_cards_goes_out_once(manager: User) -> None:
    make.contact(manager, ground=make.consent_ground())
    make.contact(manager, first_name="Jan", ground=make.consent_ground())
    found = audience(user=manager, purpose=make.purpose("newsletter"), channel="email")
    assert len(found.allowed) == 1


def test_a_list_never_reaches_beyond_what_its_maker_may_see(manager: User, cizi: User) -> None:
    make.contact(cizi, ground=make.consent_ground())
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    assert audience(user=manager, purpose=make.purpose("newsletter"), channel="email").allowed == []


def test_staff_do_not_export_lists(petra: User, client_of) -> None:
    browser = client_of(petra)
    assert browser.get(reverse("outreach:lists")).status_code == 403
    assert browser.post(reverse("outreach:export"), WANTED).status_code == 403


def test_a_channel_that_the_purpose_does_not_use_is_refused_in_words(manager: User, client_of) -> None:
    make.purpose("newsletter")
    answer = client_of(manager).post(reverse("outreach:export"), {**WANTED, "channel": "sms"})
    assert answer.status_code == 422
    assert "does not use this channel" in answer.content.decode()


def test_an_audience_takes_the_same_queries_for_one_and_for_thirty(manager: User, django_assert_num_queries) -> None:
    newsletter = make.purpose("newsletter")
    make.contact(manager, ground=make.consent_ground())
    for count in (0, 29):
        for i in range(count):
            make.contact(manager, email=f"p{i}@drevo.example", ground=make.consent_ground())
        with django_assert_num_queries(15):
            audience(user=User.objects.get(pk=manager.pk), purpose=newsletter, channel="email")


def test_what_is_known_of_a_list_goes_after_three_years(manager: User, client_of) -> None:
    make.contact(manager, ground=make.consent_ground())
    client_of(manager).post(reverse("outreach:export"), WANTED)
    now = timezone.now()
    assert MailingList.objects.count() == 1
    assert [end_old_lists(at=now + dt.timedelta(days=days)) for days in (1095, 1097, 1097)] == [0, 1, 0]
    assert AuditEvent.objects.filter(action="mailinglist.ended").count() == 1
