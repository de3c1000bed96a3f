"""A value is planted in every field of every table, and after the erasure looked for in every store there is."""

from __future__ import annotations

import base64
import json
import logging
import tempfile

import pytest
from celery import Celery
from celery.canvas import Signature
from django.utils import timezone

from accounts import reauth
from consents.models import LegalGround
from gdpr_requests.erasure.scope import in_order, rows_of, scope_of
from gdpr_requests.holds.services import place_hold, release_hold
from gdpr_requests.models import LegalHold
from gdpr_requests.services.erase import erase_contact
from tests.gdpr_requests import stores
from tests.gdpr_requests.erasure.planting import Planter
from tests.gdpr_requests.people import planted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    """Files that anything makes for a while are looked through too."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "for a while"))
    (tmp_path / "for a while").mkdir()


@pytest.fixture
def planter(petra) -> Planter:
    person = planted(petra)
    LegalGround.objects.filter(purpose__slug="accounting").delete()
    planter = Planter(person.contact, petra)
    planter.plant()
    return planter


def test_every_table_and_field_can_be_planted(planter):
    """What this test can't plant, the search can't look for: then say in planting.py how a row is made."""
    scope = scope_of(planter.contact)
    assert [entry.model for entry in in_order() if not rows_of(entry, scope).exists()] == []
    assert planter.refused == []
    assert len(planter.values) > 45


def test_no_planted_value_is_in_any_store_after_the_erasure(planter, petra, caplog, django_capture_on_commit_callbacks):
    opened = stores.database_opened()
    assert [where for value, where in planter.values.items() if value not in opened] == []
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        item = erase_contact(pk=planter.contact.pk, reason="requested", actor=petra)
    assert item.state == "erased"
    found = stores.where(planter.values, log=caplog.text)
    assert {store: [planter.values[value] for value in hits] for store, hits in found.items()} == {}


def test_what_a_copy_for_the_person_left_behind_goes_too(
    planter, petra, client_of, caplog, django_capture_on_commit_callbacks
):
    """Looked at, searched for, exported and mailed about just before: caches, sessions, drafts of files, logs."""
    client = client_of(petra)
    value = next(value for value, where in planter.values.items() if where == "contacts.Contact.last_name")
    with caplog.at_level(logging.DEBUG):
        client.get("/contacts/", {"q": value})
        client.post("/contacts/", {"q": value})
        client.get(f"/contacts/{planter.contact.pk}/export/")
        client.get(
            f"/contacts/{planter.contact.pk}/erase/", headers={"Referer": f"http://testserver/contacts/?q={value}"}
        )
        client.post(
            f"/contacts/{planter.contact.pk}/export/", headers={"Referer": f"http://testserver/contacts/?q={value}"}
        )
        with django_capture_on_commit_callbacks(execute=True):
            erase_contact(pk=planter.contact.pk, reason="requested", actor=petra)
    assert stores.where(planter.values, log=caplog.text) == {}


def test_a_sign_in_that_holds_a_draft_forgets_it(planter, petra, client_of, django_capture_on_commit_callbacks):
    client = client_of(petra)
    value = next(iter(planter.values))
    session = client.session
    session["draft"] = {"last_name": value}
    session[reauth.BACK] = f"/contacts/?q={value}"
    session[reauth.CONFIRMED] = 1
    session.save()
    assert value in stores.sessions()
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(pk=planter.contact.pk, reason="requested", actor=petra)
    assert value not in stores.sessions()
    assert client.get("/").status_code == 200, "still signed in"
    assert client.session[reauth.CONFIRMED] == 1


def test_queued_jobs_name_nobody(planter, petra, tmp_path, monkeypatch, django_capture_on_commit_callbacks):
    """With a queue of files and no worker: what was queued before and by the erasure still lies there."""
    folder = tmp_path / "broker"
    queue = Celery("queue", broker="filesystem://localhost/", set_as_current=False)
    queue.conf.broker_transport_options = {"folder": str(folder)}
    sent = []

    def delay(signature):
        sent.append(queue.send_task(signature.task, args=signature.args))

    monkeypatch.setattr(Signature, "delay", delay)
    with django_capture_on_commit_callbacks(execute=True):
        place_hold(contact=planter.contact, reason="Spor", until=timezone.localdate(), actor=petra)
        item = erase_contact(pk=planter.contact.pk, reason="requested", actor=petra)
        release_hold(hold=LegalHold.objects.in_force().get(), actor=petra)
    assert (item.state, len(sent) > 0) == ("held", True)
    messages = "\n".join(path.read_text() for path in folder.rglob("*") if path.is_file())
    bodies = [base64.b64decode(json.loads(line)["body"]).decode() for line in messages.splitlines() if line]
    assert [value for value in planter.values if value in messages or value in "".join(bodies)] == []
