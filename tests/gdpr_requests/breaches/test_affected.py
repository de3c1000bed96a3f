"""Whose data it was, asked of the audit."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from audit.services import record
from contacts.models import Contact
from gdpr_requests.breaches import services
from gdpr_requests.breaches.affected import Criteria, add_affected, preview, remove_affected
from gdpr_requests.export.collect import gather
from gdpr_requests.models import AffectedContact, Breach
from gdpr_requests.services.erase import erase_contact
from gdpr_requests.services.merge import merge_contacts
from tests import make

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def window(**more):
    now = timezone.now()
    return Criteria(start=now - 10 * MINUTE, end=now + 10 * MINUTE, **more)


@pytest.fixture
def jana(petra):
    return make.contact(petra, email="jana@drevo.example")


@pytest.fixture
def eva(petra):
    return make.contact(petra, first_name="Eva", email="eva@drevo.example", phone="+420603111333")


def test_the_affected_contacts_are_found_by_who_did_what_when(breach_of, dpo, tomas, jana, eva):
    record("contact.viewed", actor=tomas, contact_id=jana.pk)
    record("contact.exported", actor=dpo, contact_id=eva.pk)
    breach = breach_of()
    found = {
        "by tomas": window(actor_id=tomas.pk, ways=("viewed",)),
        "exported": window(ways=("exported",)),
        "looked or exported": window(ways=("viewed", "exported")),
        "exported by tomas": window(actor_id=tomas.pk, ways=("exported",)),
        "before": Criteria(start=timezone.now() - 60 * MINUTE, end=timezone.now() - 30 * MINUTE),
        "everybody": Criteria(everybody=True),
    }
    assert {name: preview(breach, one).found for name, one in found.items()} == {
        "by tomas": 1,
        "exported": 1,
        "looked or exported": 2,
        "exported by tomas": 0,
        "before": 0,
        "everybody": 2,
    }
    assert add_affected(breach=breach, criteria=found["by tomas"], actor=dpo) == 1
    assert [(a.contact, a.found_by) for a in breach.affected.all()] == [(jana, "audit")]


def test_asking_again_writes_nobody_down_twice(breach_of, dpo, tomas, jana):
    record("contact.viewed", actor=tomas, contact_id=jana.pk)
    breach = breach_of()
    assert [add_affected(breach=breach, criteria=window(), actor=dpo) for _again in range(3)] == [1, 0, 0]
    assert Breach.objects.get().affected_count == 1


def test_a_session_narrows_the_window(breach_of, client_of, tomas, jana):
    client_of(tomas)
    record("user.signed_out", actor=tomas, target=tomas)
    client_of(tomas)
    sessions = preview(breach_of(), window(actor_id=tomas.pk)).sessions
    assert [one.end is None for one in sessions] == [True, False]


def test_searches_are_counted_and_the_erased_too(breach_of, dpo, tomas, jana, eva):
    record("contact.viewed", actor=tomas, contact_id=jana.pk)
    record("contact.searched", actor=tomas, detail={"count": 7})
    Contact.objects.filter(pk=jana.pk).delete()
    counted = preview(breach_of(), window(actor_id=tomas.pk))
    assert (counted.found, counted.erased, counted.searches) == (0, 1, 1)


def test_counting_takes_the_same_few_queries_for_one_and_for_thirty(breach_of, django_assert_num_queries, tomas, petra):
    breach = breach_of()
    for number in range(30):
        contact = make.contact(petra, email=f"n{number}@drevo.example", phone=None)
        record("contact.viewed", actor=tomas, contact_id=contact.pk)
        if number in (0, 29):
            with django_assert_num_queries(5):
                assert preview(breach, window(actor_id=tomas.pk, ways=("viewed",))).found == number + 1


def test_a_breach_stands_in_the_copy_for_the_person(breach_of, dpo, jana):
    breach = breach_of()
    add_affected(breach=breach, criteria=Criteria(everybody=True), actor=dpo)
    services.note_told(breach=breach, at=timezone.now(), actor=dpo)
    table = gather(jana).table("gdpr_requests.AffectedContact")
    cells = table.records[0].cells
    assert cells["breach"].text == breach.number
    assert cells["told_at"].data is not None


@pytest.mark.django_db(transaction=True)
def test_an_erased_contact_leaves_the_breach_but_not_its_number(breach_of, dpo, jana, eva):
    breach = breach_of()
    add_affected(breach=breach, criteria=Criteria(everybody=True), actor=dpo)
    erase_contact(pk=jana.pk, reason="requested", actor=dpo)
    assert [a.contact for a in AffectedContact.objects.all()] == [eva]
    assert Breach.objects.get().affected_count == 2
    assert Breach.objects.get().facts == "Notebook Jany Kovářové zůstal ve vlaku."


def test_merging_cards_keeps_the_breach_once(breach_of, dpo, jana, eva):
    breach, other = breach_of(), breach_of()
    add_affected(breach=breach, criteria=Criteria(everybody=True), actor=dpo)
    record("contact.viewed", actor=dpo, contact_id=eva.pk)
    add_affected(breach=other, criteria=window(ways=("viewed",)), actor=dpo)
    merge_contacts(kept=jana, other=eva, take={}, actor=dpo)
    assert sorted((a.breach_id, a.contact_id) for a in AffectedContact.objects.all()) == sorted(
        [(breach.pk, jana.pk), (other.pk, jana.pk)]
    )
    third = breach_of()
    assert preview(third, window(ways=("viewed",))).found == 1, "a card merged away leads to the one that stayed"


def test_a_contact_that_was_not_touched_can_be_taken_off(breach_of, dpo, jana):
    breach = breach_of()
    add_affected(breach=breach, criteria=Criteria(everybody=True), actor=dpo)
    remove_affected(affected=breach.affected.get(), actor=dpo)
    assert (Breach.objects.get().affected_count, AffectedContact.objects.count()) == (0, 0)
    assert AuditEvent.objects.filter(action="breach.contact_removed", contact_id=jana.pk).exists()
