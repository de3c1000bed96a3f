"""Files on a card: sealed on the disk, handed out as files to those who may see the card."""

import io
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import Installation
from audit.models import AuditEvent
from contacts.models import StoredFile
from contacts.services.files import KeptAsEvidence, add_file, remove_file
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
