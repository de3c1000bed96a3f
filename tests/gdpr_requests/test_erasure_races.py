"""Whoever still writes on a card while it is erased loses cleanly, and nothing of theirs stays. On PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from consents.models import LegalGround
from consents.services.grounds import open_ground
from consents.services.ledger import give, withdraw
from contacts.models import Contact, EmailAddress, StoredFile
from contacts.services.correct import correct_card, set_channels, set_tags
from contacts.services.files import add_file
from contacts.services.timeline import add_entry
from gdpr_requests import jobs
from gdpr_requests.erasure.residue import files_left, residue
from gdpr_requests.erasure.scope import scope_of
from gdpr_requests.jobs import sweep_files
from gdpr_requests.middleware import ErasedCardMiddleware
from gdpr_requests.services import erase as erase_module
from gdpr_requests.services.access import export_contact
from gdpr_requests.services.erase import erase_contact
from privacy.errors import KeyMissing
from privacy.files import store
from tasks.services import create_task
from tests import make
from tests.gdpr_requests import stores
from tests.gdpr_requests.people import planted

SECRET = "Tajemství 7731"
# How a writer may lose. Anything else would be a traceback.
LOST = (DatabaseError, ObjectDoesNotExist, KeyMissing)


def note(contact, user):
    add_entry(contact=contact, kind="note", body=SECRET, actor=user)


def file(contact, user):
    add_file(contact=contact, stream=ContentFile(SECRET.encode()), name=SECRET, content_type="x/y", actor=user)


def correction(contact, user):
    correct_card(contact=contact, values={"last_name": SECRET}, actor=user)


def channel(contact, user):
    set_channels(contact=contact, model=EmailAddress, rows=[{"value": "tajemstvi7731@vcely.example"}], actor=user)


def tags(contact, user):
    set_tags(contact=contact, names=["jiný"], actor=user)


def ground(contact, user):
    open_ground(contact=contact, purpose=make.purpose("contract"), actor=user, reference=SECRET)


def consent(contact, user):
    evidence = make.Evidence(method="paper", reference=SECRET)
    give(contact=contact, purpose=make.purpose("newsletter"), evidence=evidence, actor=user)


def withdrawal(contact, user):
    withdraw(contact=contact, purpose=make.purpose("newsletter"), channel="email", reference=SECRET, actor=user)


def task(contact, user):
    create_task(title=SECRET, assignee=user, due_on=timezone.localdate(), actor=user, contact=contact)


def copy(contact, user):
    export_contact(contact=contact, actor=user)


WRITERS = [note, file, correction, channel, tags, ground, consent, withdrawal, task, copy]
each_writer = pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)


@pytest.fixture
def zofie(petra):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    person = planted(petra)
    LegalGround.objects.filter(purpose__slug="accounting").delete()  # nothing may be left, so no duty may keep it
    return person.contact


def in_thread(pool, work):
    def run():
        try:
            work()
        except LOST as error:
            return error
        finally:
            connection.close()
        return None

    return pool.submit(run)


def nothing_is_left(scope) -> None:
    everything = "\n".join([stores.database_opened(), stores.disk()])
    assert (residue(scope), files_left(scope.files), SECRET in everything) == ({}, 0, False)
    # Bytes sealed in a transaction that failed are unreadable already; the sweep takes them away.
    sweep_files()
    known = set(StoredFile.objects.values_list("storage_name", flat=True))
    assert set(store.names()) - known == set()


@pytest.fixture(autouse=True)
def swept_at_once(monkeypatch):
    monkeypatch.setattr(jobs, "ORPHAN_AGE", timedelta(seconds=-1))


@each_writer
@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_who_began_before_the_erasure_and_ends_after_it_leaves_nothing(zofie, petra, write):
    scope, written, erased = scope_of(zofie), Event(), Event()

    def writer():
        with transaction.atomic():
            write(Contact.objects.get(pk=zofie.pk), petra)
            written.set()
            erased.wait(0.8)  # a writer that locked the card makes the erasure wait: then this one goes first

    def eraser():
        written.wait(20)
        erase_contact(pk=zofie.pk, reason="requested", actor=petra)
        erased.set()

    with ThreadPoolExecutor(2) as pool:
        lost, failed = in_thread(pool, writer), in_thread(pool, eraser)
        assert failed.result(60) is None
        lost.result(60)
    nothing_is_left(scope)


@each_writer
@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_who_begins_while_the_erasure_is_about_to_commit_loses(zofie, petra, write, monkeypatch):
    contact, scope, ready, go = Contact.objects.get(pk=zofie.pk), scope_of(zofie), Event(), Event()
    write_down = erase_module._write_down

    def pausing(*args):
        write_down(*args)
        ready.set()
        go.wait(0.8)

    monkeypatch.setattr(erase_module, "_write_down", pausing)

    def writer():
        ready.wait(20)
        write(contact, petra)

    with ThreadPoolExecutor(2) as pool:
        failed = in_thread(pool, lambda: erase_contact(pk=zofie.pk, reason="requested", actor=petra))
        lost = in_thread(pool, writer)
        assert failed.result(60) is None
        assert isinstance(lost.result(60), LOST)
    nothing_is_left(scope)


# --- what the colleague sees ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("error", [IntegrityError("fk"), DatabaseError("0 rows"), Contact.DoesNotExist(), Http404()])
def test_a_colleague_who_lost_the_race_reads_that_the_card_is_erased(petra, error):
    contact = make.contact(petra)
    url = f"/contacts/{contact.pk}/export/"
    item = erase_contact(pk=contact.pk, reason="requested", actor=petra)

    def answer(user, path=url):
        request = RequestFactory().post(path)
        request.user, request.resolver_match, request.session = user, resolve(path), {}
        return ErasedCardMiddleware(lambda r: None).process_exception(request, error)

    assert (answer(petra).status_code, str(item.certificate) in answer(petra).content.decode()) == (410, True)
    assert answer(petra, "/requests/") is None
    assert answer(petra, f"/contacts/{make.contact(petra).pk}/export/") is None
