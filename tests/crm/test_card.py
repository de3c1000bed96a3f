"""The card: one page from every room, recorded, hidden from those who may not see it, at a fixed price."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation
from audit.models import AuditEvent
from consents.models import Basis
from consents.services.grounds import open_ground
from contacts.models import ContactAlias
from contacts.services.timeline import add_entry
from tasks.services import create_task
from tests import make


def page_of(contact):
    return reverse("crm:card", args=[contact.pk])


def see_only_own():
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})


def fill(contact, actor, number):
    """So many notes, grounds and tasks on the card."""
    for i in range(number):
        add_entry(contact=contact, kind="note", actor=actor, body=f"Poznámka {i}")
        purpose = make.new_purpose(f"p-{contact.pk}-{i}"[:55], Basis.CONTRACT)
        open_ground(contact=contact, purpose=purpose, actor=actor, reference=f"S-{i}")
        create_task(title=f"Úkol {i}", assignee=actor, due_on=timezone.localdate(), actor=actor, contact=contact)


def test_the_card_shows_who_it_is_and_why_we_hold_the_data(petra, client_of):
    contact = make.contact(petra, position="obchodní ředitelka", title_before="Ing.")
    page = client_of(petra).get(page_of(contact)).content.decode()
    for text in ("Ing. Jana Nováková", "obchodní ředitelka", "S-2024/118", "jana@<wbr>drevo", "603", "Petra Dvořáková"):
        assert text in page


def test_every_look_at_the_card_is_recorded(petra, client_of):
    contact = make.contact(petra)
    client_of(petra).get(page_of(contact))
    client_of(petra).get(reverse("crm:panel", args=[contact.pk, "timeline"]))
    views = AuditEvent.objects.filter(action="contact.viewed", contact_id=contact.pk, actor_id=petra.pk)
    assert list(views.order_by("id").values_list("detail", flat=True)) == [{}, {"panel": "timeline"}]


def test_a_hidden_card_is_as_unknown_as_one_that_never_was(petra, cizi, client_of):
    contact = make.contact(petra)
    see_only_own()
    assert client_of(petra).get(page_of(contact)).status_code == 200
    assert client_of(cizi).get(page_of(contact)).status_code == 404
    assert client_of(cizi).get(reverse("crm:panel", args=[contact.pk, "contact"])).status_code == 404
    assert client_of(cizi).get(reverse("crm:card", args=[uuid.uuid4()])).status_code == 404
    assert not AuditEvent.objects.filter(action="contact.viewed", actor_id=cizi.pk).exists()


def test_the_name_is_not_in_the_title_of_the_browser(petra, client_of):
    page = client_of(petra).get(page_of(make.contact(petra))).content.decode()
    assert "Nováková" not in page[: page.index("</title>")]


def test_a_merged_card_leads_to_the_one_that_took_it_in(petra, cizi, client_of):
    contact = make.contact(petra)
    old = uuid.uuid4()
    ContactAlias.objects.create(old_id=old, contact=contact)
    answer = client_of(petra).get(reverse("crm:card", args=[old]))
    assert (answer.status_code, answer.url) == (302, page_of(contact))
    see_only_own()
    assert client_of(cizi).get(reverse("crm:card", args=[old])).status_code == 404


def test_a_card_with_much_on_it_costs_as_many_queries_as_one_with_little(
    petra, dpo, client_of, django_assert_num_queries, django_assert_max_num_queries
):
    little, much = make.contact(petra), make.contact(petra, email="jina@firma.example", phone=None)
    fill(little, petra, 1)
    fill(much, petra, 30)
    client = client_of(dpo)
    client.get(page_of(little))
    with django_assert_max_num_queries(MOST_QUERIES) as price:
        client.get(page_of(little))
    with django_assert_num_queries(len(price)):
        client.get(page_of(much))


# Of the whole page: session, permissions, sidebar and all panels.
MOST_QUERIES = 38


@pytest.mark.parametrize("name", ["head", "lights", "grounds", "timeline", "tasks", "contact", "viewers"])
def test_every_panel_can_be_asked_for_alone(petra, client_of, name):
    contact = make.contact(petra)
    answer = client_of(petra).get(reverse("crm:panel", args=[contact.pk, name]))
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_an_unknown_panel_is_not_found(petra, client_of):
    assert client_of(petra).get(reverse("crm:panel", args=[make.contact(petra).pk, "salary"])).status_code == 404


def test_the_timeline_is_newest_first_and_pages_go_back_in_time(petra, client_of):
    contact = make.contact(petra)
    now = timezone.now()
    for i in range(20):
        add_entry(
            contact=contact, kind="note", actor=petra, body=f"Zápis-{i:02}", occurred_at=now - dt.timedelta(days=i)
        )
    client = client_of(petra)
    first = client.get(page_of(contact)).content.decode()
    older = client.get(page_of(contact) + "?page=2").content.decode()
    assert [f"Zápis-{i:02}" in first for i in range(20)] == [True] * 15 + [False] * 5
    assert [f"Zápis-{i:02}" in older for i in range(20)] == [False] * 15 + [True] * 5


@pytest.mark.parametrize("query", ["?page=-1", "?page=x", "?page=99999999", "?page=%00", "?show=nonsense", "?show="])
def test_nonsense_in_the_address_is_ignored(petra, client_of, query):
    assert client_of(petra).get(page_of(make.contact(petra)) + query).status_code == 200


def test_the_filter_shows_one_kind(petra, client_of):
    contact = make.contact(petra)
    add_entry(contact=contact, kind="note", actor=petra, body="Jen poznámka")
    add_entry(contact=contact, kind="call", actor=petra, body="Jen hovor")
    page = client_of(petra).get(page_of(contact) + "?show=calls").content.decode()
    assert ("Jen hovor" in page, "Jen poznámka" in page) == (True, False)


def test_only_those_who_may_read_the_audit_see_the_names_of_viewers(petra, tomas, dpo, client_of):
    contact = make.contact(petra)
    client_of(tomas).get(page_of(contact))
    assert "Tomas" not in client_of(petra).get(page_of(contact)).content.decode()
    assert "Tomas" in client_of(dpo).get(page_of(contact)).content.decode()


def test_the_employer_is_named_only_to_those_who_may_see_it(petra, tomas, client_of):
    firm = make.contact(tomas, kind="organisation", organisation_name="Tajná s. r. o.", first_name="", last_name="")
    person = make.contact(petra, email="p@firma.example", phone=None, employer=firm)
    assert "Tajná" in client_of(petra).get(page_of(person)).content.decode()
    see_only_own()
    assert "Tajná" not in client_of(petra).get(page_of(person)).content.decode()


def test_a_firm_lists_the_people_whom_the_reader_may_see(petra, tomas, client_of):
    firm = make.contact(petra, kind="organisation", organisation_name="Dřevo s. r. o.", first_name="", last_name="")
    make.contact(petra, last_name="Vidná", email="v@firma.example", phone=None, employer=firm)
    make.contact(tomas, last_name="Skrytá", email="s@firma.example", phone=None, employer=firm)
    see_only_own()
    page = client_of(petra).get(page_of(firm)).content.decode()
    assert ("Vidná" in page, "Skrytá" in page) == (True, False)


def test_what_was_typed_is_text_and_never_markup(petra, client_of):
    contact = make.contact(petra, last_name="<script>alert(1)</script>")
    add_entry(contact=contact, kind="note", actor=petra, body="<img src=x onerror=alert(1)>")
    page = client_of(petra).get(page_of(contact)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
