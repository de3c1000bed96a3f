"""The list of contacts and the search, as colleagues use them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from audit.models import AuditEvent
from contacts.models import Contact
from contacts.services.correct import set_tags
from intake.services import NewGround
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/contacts/"


def names(answer) -> list[str]:
    return [row.contact.last_name for row in answer.context["listing"].rows]


def test_the_list_runs_from_a_to_z_as_czechs_read_it(petra: User, client_of) -> None:
    for i, name in enumerate(["Chalupa", "Zeman", "Čáp", "Hora", "Dub"]):
        make.contact(petra, last_name=name, email=f"p{i}@drevo.example")
    petra.language = "cs"
    petra.save()
    assert names(client_of(petra).get(LIST)) == ["Čáp", "Dub", "Hora", "Chalupa", "Zeman"]


def test_a_search_finds_by_the_beginning_of_a_name_and_leaves_only_a_count_in_the_audit(petra: User, client_of) -> None:
    make.contact(petra)
    make.contact(petra, last_name="Dvořák", email="d@drevo.example")
    answer = client_of(petra).post(LIST, {"q": "nov"})
    assert names(answer) == ["Nováková"]
    event = AuditEvent.objects.get(action="contact.searched")
    assert (event.actor_id, event.detail, event.fields) == (petra.pk, {"count": 1}, [])


def test_the_search_box_answers_with_the_best_hits(petra: User, client_of) -> None:
    make.contact(petra)
    answer = client_of(petra).post(reverse("crm:search"), {"q": "jana"}, headers={"HX-Request": "true"})
    assert "Jana Nováková" in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"basis": "contract"}, ["Smluvní"]),
        ({"basis": "consent"}, ["Souhlasná"]),
        ({"basis": "none"}, []),
        ({"consent": "valid"}, ["Souhlasná"]),
        ({"consent": "ending"}, ["Souhlasná"]),
        ({"consent": "none"}, ["Smluvní"]),
        ({"ends_by": "+21"}, ["Souhlasná"]),
        ({"ends_by": "+19"}, []),
        ({"owner": "me"}, ["Smluvní"]),
        ({"owner": "none"}, []),
        ({"tag": "VIP"}, ["Smluvní"]),
        ({"kind": "organisation"}, []),
        ({"basis": "nonsense"}, ["Smluvní", "Souhlasná"]),
    ],
)
def test_the_list_is_narrowed_by(petra: User, tomas: User, client_of, wanted: dict, found: list[str]) -> None:
    customer = make.contact(petra, last_name="Smluvní")
    set_tags(contact=customer, names=["VIP"], actor=petra)
    make.contact(tomas, last_name="Souhlasná", email="s@drevo.example", ground=make.consent_ground(days=20))
    real = {
        "me": str(petra.pk),
        "VIP": str(customer.tags.get().pk),
        "+21": (timezone.localdate() + dt.timedelta(days=21)).isoformat(),
        "+19": (timezone.localdate() + dt.timedelta(days=19)).isoformat(),
    }
    asked = {name: real.get(value, value) for name, value in wanted.items()}
    assert names(client_of(petra).get(LIST, asked)) == found


def test_a_card_with_many_tags_stays_one_row(petra: User, client_of) -> None:
    jana = make.contact(petra)
    set_tags(contact=jana, names=[f"štítek {n:02d}" for n in range(40)], actor=petra)
    page = client_of(petra).get(LIST).content.decode().partition('id="list"')[2]
    assert page.count('class="tag"') == 4
    assert "+37" in page
    assert "more tags" in page


def test_who_may_see_nothing_sees_an_empty_list(petra: User, cizi: User, client_of) -> None:
    make.contact(petra)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    answer = client_of(cizi).get(LIST)
    assert names(answer) == []
    assert "Nováková" not in answer.content.decode()


def test_an_empty_list_offers_nothing_that_is_refused(petra: User, admin: User, client_of) -> None:
    assert "Import contacts" not in client_of(petra).get(LIST).content.decode()
    assert "Import contacts" in client_of(admin).get(LIST).content.decode()


def test_a_firm_that_the_user_may_not_see_is_not_named_beside_its_people(petra: User, cizi: User, client_of) -> None:
    firm = make.contact(
        petra, first_name="", last_name="", kind="organisation", organisation_name="Tajná firma", email="f@f.example"
    )
    make.contact(cizi, employer=firm)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    assert "Tajná firma" not in client_of(cizi).get(LIST).content.decode()
    assert "Tajná firma" in client_of(petra).get(LIST).content.decode()


def test_a_page_of_the_list_costs_the_same_for_one_and_for_fifty(
    petra: User, client_of, django_assert_num_queries
) -> None:
    browser = client_of(petra)
    make.contact(petra)
    browser.get(LIST)
    ground = NewGround(purpose=make.purpose("contract"), values={"reference": "S-1"})
    for count in (0, 60):
        for i in range(count):
            make.contact(petra, email=f"p{i}@drevo.example", ground=ground)
        with django_assert_num_queries(20):
            assert browser.get(LIST).status_code == 200
    assert Contact.objects.count() == 61
