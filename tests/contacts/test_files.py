"""Files on a card: sealed on the disk, handed out as files to those who may see the card."""

import io
import uuid
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Installation
from audit.models import AuditEvent
from contacts.models import Contact, StoredFile
from contacts.services.files import KeptAsEvidence, add_file, files_in_transaction, remove_file
from tests import make


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def a_file(contact, actor, name="smlouva č. 118.pdf", content=b"%PDF tajny obsah"):
    return add_file(contact=contact, stream=io.BytesIO(content), name=name, content_type="application/pdf", actor=actor)


def address(file, name="contacts:file"):
    return reverse(name, args=[file.contact_id, file.pk])


def on_disk():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_file_comes_back_as_it_was_and_never_as_a_page(petra, client_of):
    contact = make.contact(petra)
    file = a_file(contact, petra, name="<script>.html", content=b"<script>alert(1)</script>")
    answer = client_of(petra).get(address(file))
    assert answer.getvalue() == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Length"] == "25"


def test_its_name_survives_whatever_letters_it_has(petra, client_of):
    file = a_file(make.contact(petra), petra)
    assert "smlouva%20%C4%8D.%20118.pdf" in client_of(petra).get(address(file))["Content-Disposition"]


def test_the_disk_holds_neither_content_nor_name(petra):
    a_file(make.contact(petra), petra)
    assert len(on_disk()) == 1
    assert b"tajny obsah" not in on_disk()[0].read_bytes()
    assert "smlouva" not in str(on_disk()[0])


def test_every_download_is_recorded(petra, client_of):
    file = a_file(make.contact(petra), petra)
    client_of(petra).get(address(file))
    event = AuditEvent.objects.get(action="file.opened")
    assert (event.actor_id, event.contact_id, event.target_id) == (petra.pk, file.contact_id, str(file.pk))


def test_who_may_not_see_the_card_may_not_see_its_files(petra, cizi, client_of):
    file = a_file(make.contact(petra), petra)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    assert client_of(cizi).get(address(file)).status_code == 404


def test_a_file_is_not_found_through_another_card(petra, client_of):
    file = a_file(make.contact(petra), petra)
    other = make.contact(petra, email="jiny@firma.example", phone=None)
    client = client_of(petra)
    assert client.get(reverse("contacts:file", args=[other.pk, file.pk])).status_code == 404
    assert client.get(reverse("contacts:file", args=[other.pk, uuid.uuid4()])).status_code == 404


def test_a_removed_file_is_gone_from_the_disk(petra, client_of, django_capture_on_commit_callbacks):
    file = a_file(make.contact(petra), petra)
    client = client_of(petra)
    assert client.get(address(file, "contacts:file_remove")).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(file, "contacts:file_remove"))
    assert (on_disk(), StoredFile.objects.count()) == ([], 0)


def test_readers_may_download_but_not_remove(petra, auditor, client_of):
    file = a_file(make.contact(petra), petra)
    client = client_of(auditor)
    assert client.get(address(file)).status_code == 200
    assert client.post(address(file, "contacts:file_remove")).status_code == 403


def test_a_file_whose_bytes_are_lost_is_said_to_be_missing(petra, client_of):
    file = a_file(make.contact(petra), petra)
    on_disk()[0].unlink()
    assert client_of(petra).get(address(file)).status_code == 404


def test_the_proof_of_a_consent_stays_as_long_as_the_card(petra, client_of):
    contact = make.contact(petra)
    file = add_file(
        contact=contact, stream=io.BytesIO(b"x"), name="souhlas.pdf", content_type="", actor=petra, is_evidence=True
    )
    client = client_of(petra)
    assert client.get(address(file)).status_code == 200
    assert client.post(address(file, "contacts:file_remove")).status_code == 404
    with pytest.raises(KeptAsEvidence):
        remove_file(file=file, actor=petra)
    assert address(file, "contacts:file_remove") not in client.get(contact.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_further_out_leaves_no_bytes_behind(petra):
    contact = make.contact(petra)

    @files_in_transaction()
    def two_files_and_a_failure() -> None:
        a_file(contact, petra)
        with suppress(ZeroDivisionError), files_in_transaction():
            a_file(contact, petra)
            raise ZeroDivisionError
        assert len(on_disk()) == 1
        raise KeyError

    with pytest.raises(KeyError):
        two_files_and_a_failure()
    assert (on_disk(), StoredFile.objects.count()) == ([], 0)
    with files_in_transaction():
        a_file(contact, petra)
    assert (len(on_disk()), StoredFile.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_broken_transaction_further_out_asks_again_before_it_takes_bytes_back(petra):
    contact = make.contact(petra)

    @files_in_transaction()
    @files_in_transaction()
    def a_file_and_nonsense() -> None:
        a_file(contact, petra)
        Contact.objects.filter(pk=contact.pk).update(language=None)

    with pytest.raises(IntegrityError):
        a_file_and_nonsense()
    assert (on_disk(), StoredFile.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_bytes_that_a_row_knows_are_never_taken_back(petra):
    contact = make.contact(petra)

    @files_in_transaction()
    def a_commit_whose_answer_is_lost() -> None:
        a_file(contact, petra)
        transaction.on_commit(lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        a_commit_whose_answer_is_lost()
    assert (len(on_disk()), StoredFile.objects.count()) == (1, 1)
