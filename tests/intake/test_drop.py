"""What is dropped on a card joins it, or is refused in words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import StoredFile
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
