"""Writing on the timeline: by those who may, in text that stays text, removed for good."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from contacts.models import TimelineEntry
from contacts.services.timeline import add_entry
from tests import make


def write(client, contact, **values):
    return client.post(
        reverse("contacts:write", args=[contact.pk]), {"kind": "note", "body": "Volat v pátek", **values}
    )


def test_a_note_stands_on_the_card_under_its_author(petra, client_of):
    contact = make.contact(petra)
    answer = write(client_of(petra), contact, kind="call", body="Chce nabídku\r\nna stoly", direction="in")
    entry = TimelineEntry.objects.get(contact=contact)
    assert (answer.status_code, answer.url) == (302, contact.get_absolute_url())
    assert (entry.kind, entry.body, entry.direction, entry.author) == ("call", "Chce nabídku\nna stoly", "in", petra)
    assert AuditEvent.objects.filter(action="timeline.added", contact_id=contact.pk, actor_id=petra.pk).count() == 1


def test_a_fragment_is_answered_to_those_who_asked_for_one(petra, client_of):
    contact = make.contact(petra)
    client = client_of(petra)
    answer = client.post(
        reverse("contacts:write", args=[contact.pk]), {"kind": "note", "body": "Ahoj"}, headers={"hx-request": "true"}
    )
    assert answer.url == reverse("crm:panel", args=[contact.pk, "timeline"])
    assert "Ahoj" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    "values",
    [
        {"body": ""},
        {"body": " \n\t "},
        {"body": "x" * 100_001},
        {"kind": "system"},
        {"kind": "file"},
        {"direction": "sideways"},
        {"occurred_at": "32. 13. 2026"},
    ],
)
def test_nonsense_is_refused_and_nothing_is_written(petra, client_of, values):
    contact = make.contact(petra)
    assert write(client_of(petra), contact, **values).status_code == 422
    assert not TimelineEntry.objects.exists()


def test_what_is_refused_is_not_lost(petra, client_of):
    contact = make.contact(petra)
    page = write(client_of(petra), contact, body="Dlouhý zápis ze schůzky", occurred_at="včera").content.decode()
    assert "Dlouhý zápis ze schůzky" in page


def test_nothing_happened_in_the_future(petra, client_of):
    contact = make.contact(petra)
    tomorrow = (timezone.localtime() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert write(client_of(petra), contact, occurred_at=tomorrow).status_code == 422


def test_characters_that_nobody_can_see_are_dropped(petra, client_of):
    contact = make.contact(petra)
    write(client_of(petra), contact, body="Dob\x00rý\x1b[31m den\x7f")
    assert TimelineEntry.objects.get(contact=contact).body == "Dobrý[31m den"


def test_an_entry_is_corrected_and_the_audit_names_its_fields(petra, client_of):
    contact = make.contact(petra)
    entry = add_entry(contact=contact, kind="note", actor=petra, body="Překlep")
    address = reverse("contacts:entry", args=[contact.pk, entry.pk])
    client = client_of(petra)
    assert "Překlep" in client.get(address).content.decode()
    client.post(address, {"kind": "note", "body": "Opraveno", "occurred_at": "2026-11-01T10:00"})
    entry.refresh_from_db()
    assert entry.body == "Opraveno"
    assert AuditEvent.objects.get(action="timeline.changed").fields == ["body", "occurred_at"]


def test_an_entry_is_deleted_only_after_a_question(petra, client_of):
    contact = make.contact(petra)
    entry = add_entry(contact=contact, kind="note", actor=petra, body="Pryč s tím")
    address = reverse("contacts:entry_remove", args=[contact.pk, entry.pk])
    client = client_of(petra)
    assert client.get(address).status_code == 200
    assert TimelineEntry.objects.filter(pk=entry.pk).exists()
    client.post(address)
    assert not TimelineEntry.objects.exists()
    assert AuditEvent.objects.filter(action="timeline.removed", contact_id=contact.pk).count() == 1


def test_what_the_system_wrote_is_not_rewritten(petra, client_of):
    contact = make.contact(petra)
    entry = add_entry(contact=contact, kind="system", actor=None, body="Sloučeno")
    assert client_of(petra).get(reverse("contacts:entry", args=[contact.pk, entry.pk])).status_code == 403


def test_an_entry_of_another_card_is_not_found_here(petra, client_of):
    contact, other = make.contact(petra), make.contact(petra, email="jiny@firma.example", phone=None)
    entry = add_entry(contact=other, kind="note", actor=petra, body="Cizí")
    assert client_of(petra).post(reverse("contacts:entry_remove", args=[contact.pk, entry.pk])).status_code == 404


def test_readers_may_not_write(petra, auditor, client_of):
    contact = make.contact(petra)
    entry = add_entry(contact=contact, kind="note", actor=petra, body="Zápis")
    client = client_of(auditor)
    assert write(client, contact).status_code == 403
    for name in ("contacts:entry", "contacts:entry_remove"):
        assert client.post(reverse(name, args=[contact.pk, entry.pk])).status_code == 403
    assert 'id="write"' not in client.get(contact.get_absolute_url()).content.decode()


def test_a_restricted_card_takes_no_notes(petra, client_of):
    contact = make.contact(petra)
    contact.restricted_at = timezone.now()
    contact.save(update_fields=["restricted_at"])
    assert write(client_of(petra), contact).status_code == 403


def test_ten_megabytes_in_a_field_get_an_answer_in_words(petra, client_of):
    petra.language = "cs"
    petra.save(update_fields=["language"])
    contact = make.contact(petra)
    answer = write(client_of(petra), contact, body="x" * 10_000_000)
    assert (answer.status_code, TimelineEntry.objects.count()) in {(400, 0), (413, 0), (422, 0)}
    assert 'lang="cs"' in answer.content.decode()
    assert "<h1" in answer.content.decode()
