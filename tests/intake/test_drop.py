"""What is dropped on a card joins it, or is refused in words."""

import hashlib
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import StoredFile, TimelineEntry
from tests import make


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def drop(client, contact, *files):
    return client.post(reverse("intake:drop", args=[contact.pk]), {"dropped": list(files)}, follow=True)


def a_file(name="nabídka.pdf", content=b"obsah"):
    return SimpleUploadedFile(name, content)


def test_dropped_files_stand_on_the_card(petra, client_of):
    contact = make.contact(petra)
    page = drop(client_of(petra), contact, a_file(), a_file("plán.dwg", b"x" * 10)).content.decode()
    assert sorted(file.name for file in StoredFile.objects.filter(contact=contact)) == ["nabídka.pdf", "plán.dwg"]
    assert "2 files are on the card." in page
    assert "nabídka.pdf" in page


@pytest.mark.parametrize("files", [[], [a_file(content=b"")], [a_file(content=b"x" * 2000)], [a_file()] * 21])
def test_what_cannot_be_taken_is_refused_in_words(petra, client_of, settings, files):
    settings.UPLOAD_MAX_BYTES = 1000
    contact = make.contact(petra)
    page = drop(client_of(petra), contact, *files).content.decode()
    assert "toast-note bad" in page
    assert StoredFile.objects.count() == 0


def test_readers_may_not_drop(petra, auditor, client_of):
    contact = make.contact(petra)
    assert client_of(auditor).post(reverse("intake:drop", args=[contact.pk]), {"dropped": a_file()}).status_code == 403


def an_email(subject="Poptávka", sender="jana@drevo.example"):
    text = (
        f"From: Jana <{sender}>\r\nTo: obchod@firma.example\r\nSubject: {subject}\r\nMessage-ID: <1@x>\r\n"
        "Date: Mon, 23 Nov 2026 09:40:00 +0100\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nProsím o nabídku.\r\n"
        '--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="vykres.pdf"\r\n\r\n%PDF\r\n'
        "--b--\r\n"
    )
    return SimpleUploadedFile("zpráva.eml", text.encode(), content_type="message/rfc822")


def test_a_dropped_email_joins_the_timeline_with_its_attachments_once(petra, client_of):
    contact = make.contact(petra)
    browser = client_of(petra)
    drop(browser, contact, an_email())
    entry = TimelineEntry.objects.get(contact=contact)
    assert (entry.kind, entry.subject, entry.direction) == ("email", "Poptávka", "in")
    assert "Prosím o nabídku." in entry.body
    assert entry.occurred_at.isoformat().startswith("2026-11-23T08:40")
    assert sorted(file.name for file in entry.files.all()) == ["vykres.pdf", "zpráva.eml"]
    assert "was left out" in drop(browser, contact, an_email()).content.decode()
    assert TimelineEntry.objects.count() == 1


def test_an_email_to_the_contact_is_told_from_one_of_theirs(petra, client_of):
    contact = make.contact(petra)
    drop(client_of(petra), contact, an_email(sender="obchod@firma.example"))
    assert TimelineEntry.objects.get().direction == "out"


def test_a_broken_email_stays_a_file(petra, client_of):
    contact = make.contact(petra)
    drop(client_of(petra), contact, SimpleUploadedFile("x.eml", b"\x00\x01 nothing", content_type="message/rfc822"))
    assert (TimelineEntry.objects.count(), StoredFile.objects.count()) == (0, 1)


def test_the_mark_of_a_message_tells_nobody_who_knows_its_id(petra, client_of):
    contact = make.contact(petra)
    drop(client_of(petra), contact, an_email())
    plain = uuid.UUID(bytes=hashlib.sha256(b"<1@x>").digest()[:16])
    assert TimelineEntry.objects.get().message_digest not in (None, plain)
