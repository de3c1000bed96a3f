"""Tags are put on and taken off one at a time."""

import pytest
from django.urls import reverse

from accounts.models import Installation
from audit.models import AuditEvent
from contacts.models import Tag
from contacts.services.correct import add_tag
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


def test_only_tags_of_visible_cards_and_own_ones_are_offered(petra, cizi, dpo, client_of):
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    contact = make.contact(petra)
    hers = make.contact(cizi, email="jiny@firma.example", phone=None)
    add_tag(contact=hers, name="v insolvenci", actor=cizi)
    add_tag(contact=contact, name="VIP", actor=dpo)
    tag = Tag.objects.get(name="v insolvenci")
    browser = client_of(petra)
    for page in (contact.get_absolute_url(), reverse("crm:contacts")):
        content = browser.get(page).content.decode()
        assert ("VIP" in content, "v insolvenci" in content) == (True, False)
    assert browser.post(reverse("contacts:tag_put", args=[contact.pk, tag.pk])).status_code == 404
    assert names(contact) == ["VIP"]
    # Writing the same word is nobody's secret; who makes a word is offered it even when no card carries it.
    browser.post(reverse("contacts:tag_add", args=[contact.pk]), {"name": "můj"})
    contact.tags.clear()
    assert [list(Tag.objects.offered_to(user)) for user in (petra, cizi)] == [
        [Tag.objects.get(name="můj")],
        [tag],
    ]
