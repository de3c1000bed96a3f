"""Tags are put on and taken off one at a time."""

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from contacts.models import Tag
from tests import make


def names(contact):
    return list(contact.tags.values_list("name", flat=True))


def test_a_tag_is_put_on_once_however_it_is_written(petra, client_of):
    contact = make.contact(petra)
    client = client_of(petra)
    for name in ("VIP", "vip", "  VIP "):
        client.post(reverse("contacts:tag_add", args=[contact.pk]), {"name": name})
    assert (names(contact), Tag.objects.count()) == (["VIP"], 1)
    assert AuditEvent.objects.filter(action="contact.changed", contact_id=contact.pk).count() == 1


def test_a_tag_that_was_taken_off_can_be_put_back(petra, client_of):
    contact = make.contact(petra)
    client = client_of(petra)
    client.post(reverse("contacts:tag_add", args=[contact.pk]), {"name": "VIP"})
    tag = Tag.objects.get()
    client.post(reverse("contacts:tag_remove", args=[contact.pk, tag.pk]))
    assert names(contact) == []
    page = client.get(contact.get_absolute_url()).content.decode()
    undo = reverse("contacts:tag_put", args=[contact.pk, tag.pk])
    assert undo in page
    client.post(undo)
    assert names(contact) == ["VIP"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_tag_without_a_word_or_with_too_many_is_refused(petra, client_of, name):
    contact = make.contact(petra)
    client_of(petra).post(reverse("contacts:tag_add", args=[contact.pk]), {"name": name})
    assert Tag.objects.count() == 0


def test_readers_may_not_tag(petra, auditor, client_of):
    contact = make.contact(petra)
    client = client_of(auditor)
    assert client.post(reverse("contacts:tag_add", args=[contact.pk]), {"name": "VIP"}).status_code == 403
    assert client.post(reverse("contacts:tag_remove", args=[contact.pk, 1])).status_code == 403
