"""Finding people whose names the database can't read."""

from __future__ import annotations

import pytest

from accounts.models import Installation, User
from contacts.models import Contact
from contacts.services.correct import correct_card, set_channels
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["nov", "NOVÁK", "novakova", "jana nov", "jana@drevo.example", "603 111 222"])
def test_a_beginning_of_a_name_a_whole_email_or_phone_finds_the_card(petra: User, query: str) -> None:
    jana = make.contact(petra)
    make.contact(petra, first_name="Petr", last_name="Dvořák", email="petr@jinde.example", phone="+420777000111")
    assert list(Contact.objects.visible_to(petra).matching(query)) == [jana]


@pytest.mark.parametrize("query", ["ova", "jana dvo", "jan@drevo.example", "...", "603"])
def test_what_is_not_a_beginning_finds_nothing(petra: User, query: str) -> None:
    make.contact(petra)
    assert list(Contact.objects.visible_to(petra).matching(query)) == []


def test_a_corrected_name_is_found_and_the_old_one_is_not(petra: User) -> None:
    jana = make.contact(petra)
    assert correct_card(contact=jana, values={"last_name": "Malá"}, actor=petra) == ["last_name"]
    assert list(Contact.objects.visible_to(petra).matching("malá")) == [jana]
    assert list(Contact.objects.visible_to(petra).matching("nováková")) == []


def test_a_changed_email_is_found_and_the_old_one_is_not(petra: User) -> None:
    jana = make.contact(petra)
    old = jana.emails.get()
    changed = set_channels(
        contact=jana,
        model=type(old),
        rows=[{"id": old.pk, "value": "j@nova.example"}, {"value": "x@nova.example"}],
        actor=petra,
    )
    assert changed == ["emails.added", "emails.value"]
    assert list(Contact.objects.all().matching("j@nova.example")) == [jana]
    assert list(Contact.objects.all().matching("jana@drevo.example")) == []


def test_who_may_see_only_their_own_does_not_find_others(petra: User, tomas: User, cizi: User) -> None:
    jana = make.contact(petra)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    assert list(Contact.objects.visible_to(petra)) == [jana]
    assert list(Contact.objects.visible_to(tomas)) == []
    Installation.objects.update_or_create(id=1, defaults={"visibility": "team"})
    assert list(Contact.objects.visible_to(tomas)) == [jana]
    assert list(Contact.objects.visible_to(cizi)) == []
    Installation.objects.update_or_create(id=1, defaults={"visibility": "all"})
    assert list(Contact.objects.visible_to(cizi)) == [jana]
