"""A legal hold stops an erasure, says so, and lets it go on by itself (Art. 17(3)(e))."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import reauth
from audit.models import AuditEvent
from contacts.models import Contact
from gdpr_requests.erasure.jobs import resume_erasures, work_run
from gdpr_requests.holds.services import place_hold, release_hold
from gdpr_requests.models import ErasureItem, LegalHold
from gdpr_requests.services.erase import Known, erase_contact
from gdpr_requests.services.merge import merge_contacts
from tests import make
from tests.gdpr_requests import stores

pytestmark = pytest.mark.django_db
REASON = "Spor o zaplacení 31 C 77/2026"


@pytest.fixture
def contact(petra) -> Contact:
    return make.contact(petra)


@pytest.fixture
def hold(contact, dpo) -> LegalHold:
    until = timezone.localdate() + dt.timedelta(days=30)
    return place_hold(contact=contact, reason=REASON, until=until, actor=dpo)


@pytest.fixture
def confirmed(client_of):
    def signed_in(user):
        client = client_of(user)
        session = client.session
        session[reauth.CONFIRMED] = int(time.time())
        session.save()
        return client

    return signed_in


def test_nothing_of_a_held_card_is_erased_and_the_decision_waits(contact, hold, petra):
    item = erase_contact(pk=contact.pk, reason="requested", actor=petra)
    assert (item.state, item.certificate, item.held_until) == ("held", None, hold.until)
    assert Contact.objects.filter(pk=contact.pk).exists()
    again = erase_contact(pk=contact.pk, reason="requested", actor=petra)
    assert (again.pk, ErasureItem.objects.count()) == (item.pk, 1)


def test_releasing_the_hold_erases_what_waited_by_itself(contact, hold, petra, dpo, django_capture_on_commit_callbacks):
    item = erase_contact(pk=contact.pk, reason="requested", actor=petra)
    with django_capture_on_commit_callbacks(execute=True):
        release_hold(hold=hold, actor=dpo)
    item.refresh_from_db()
    assert (item.state, item.run.state, Contact.objects.filter(pk=contact.pk).exists()) == ("erased", "done", False)
    assert REASON not in stores.database_opened()
    actions = AuditEvent.objects.filter(contact_id=contact.pk).values_list("action", flat=True)
    assert {"hold.placed", "hold.released", "erasure.postponed", "erasure.done"} <= set(actions)


def test_the_end_of_the_hold_erases_what_waited_by_itself(contact, hold, petra):
    item = erase_contact(pk=contact.pk, reason="requested", actor=petra)
    assert resume_erasures() == 0
    LegalHold.objects.update(until=timezone.localdate() - dt.timedelta(days=1))
    assert resume_erasures() == 1
    work_run(str(item.run_id))
    assert Contact.objects.filter(pk=contact.pk).exists() is False


def test_a_second_hold_keeps_the_card_when_the_first_is_released(contact, hold, petra, dpo):
    place_hold(contact=contact, reason="Policie", until=timezone.localdate(), actor=dpo)
    item = erase_contact(pk=contact.pk, reason="requested", actor=petra)
    release_hold(hold=hold, actor=dpo)
    work_run(str(item.run_id))
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_whom_the_ledger_names_is_erased_again_in_spite_of_a_hold_that_a_backup_brought_back(contact, hold):
    known = Known(contact.pk, "K-2026-000077")
    item = erase_contact(pk=contact.pk, reason="requested", actor=None, origin="replay", known=known)
    assert (item.state, Contact.objects.filter(pk=contact.pk).exists()) == ("erased", False)


def test_the_request_is_remembered_over_the_wait(contact, hold, petra):
    request_id = make.contact(petra).pk
    item = erase_contact(pk=contact.pk, reason="requested", actor=petra, request_id=request_id)
    assert ErasureItem.objects.get(pk=item.pk).request_id == request_id


def test_a_merge_takes_the_hold_along(contact, hold, petra, manager):
    kept = make.contact(petra, email="kept@drevo.example")
    merge_contacts(kept=kept, other=contact, take={}, actor=manager)
    assert [(row.contact_id, row.reason) for row in LegalHold.objects.in_force()] == [(kept.pk, REASON)]


def test_the_reason_lies_sealed(hold):
    assert REASON not in stores.database_as_it_lies()
    assert LegalHold.objects.get().reason == REASON


def test_the_command_says_that_a_hold_keeps_the_card(contact, hold):
    with pytest.raises(CommandError, match="A legal hold keeps"):
        call_command("erase_contact", str(contact.pk), "--reason", "requested")


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_hold_is_placed_and_released_from_the_card(contact, dpo, confirmed):
    client = confirmed(dpo)
    url = f"/contacts/{contact.pk}/holds/"
    assert url in client.get(f"/contacts/{contact.pk}/").content.decode()
    day = timezone.localdate() + dt.timedelta(days=3)
    client.post(url, {"reason": REASON, "until": day.isoformat()})
    (hold,) = LegalHold.objects.all()
    assert (hold.reason, hold.until, hold.placed_by_id) == (REASON, day, dpo.pk)
    card = client.get(f"/contacts/{contact.pk}/").content.decode()
    assert ("Legal hold: the card is not erased until" in card, REASON in card) == (True, False)
    client.post(f"{url}{hold.pk}/release/")
    assert LegalHold.objects.in_force().count() == 0


@pytest.mark.parametrize("days", [-1, 366 * 12])
def test_a_hold_ends_in_the_future_and_within_ten_years(contact, dpo, client_of, days):
    day = timezone.localdate() + dt.timedelta(days=days)
    answer = client_of(dpo).post(f"/contacts/{contact.pk}/holds/", {"reason": REASON, "until": day.isoformat()})
    assert (answer.status_code, LegalHold.objects.count()) == (200, 0)


def test_deleting_a_held_card_says_that_it_waits(contact, hold, petra, confirmed):
    client = confirmed(petra)
    page = client.get(f"/contacts/{contact.pk}/erase/").content.decode()
    assert ("Delete when the hold ends" in page, REASON in page) == (True, False)
    answer = client.post(f"/contacts/{contact.pk}/erase/", {"reason": "requested"}, follow=True)
    assert "It will be erased by itself when the hold ends." in answer.content.decode()
    assert ErasureItem.objects.get().state == "held"
