"""Correcting a card: everything at once, nothing by mistake, never over a change that nobody saw."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation
from audit.models import AuditEvent
from contacts.models import Contact, EmailAddress, Phone, PostalAddress
from tests import make


def address(contact):
    return reverse("contacts:edit", args=[contact.pk])


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send if nobody touched the form."""
    page = page[page.index('id="edit"') :]
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        attrs = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if "name" not in attrs or (attrs.get("type") in ("radio", "checkbox") and " checked" not in tag):
            continue
        found[attrs["name"]] = attrs.get("value", "")
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found[name] = chosen.group(1) if chosen else ""
    return found


def opened(client, contact, **changes):
    return {**fields_of(client.get(address(contact)).content.decode()), **changes}


def test_saving_without_touching_anything_changes_nothing(petra, client_of):
    contact = make.contact(petra, title_before="Ing.", position="ředitelka", ico="27082440")
    client = client_of(petra)
    before = contact.updated_at
    assert client.post(address(contact), opened(client, contact)).url == contact.get_absolute_url()
    contact.refresh_from_db()
    assert contact.updated_at == before
    assert not AuditEvent.objects.filter(action="contact.changed").exists()


def test_corrected_fields_are_saved_and_only_their_names_recorded(petra, client_of):
    contact = make.contact(petra)
    client = client_of(petra)
    sent = opened(client, contact, last_name="Dvořáková", title_after="Ph.D.", tags="VIP, nábytek")
    client.post(address(contact), {**sent, "emails-0-value": "jana@nova.example"})
    contact = Contact.objects.get(pk=contact.pk)
    assert contact.display_name == "Jana Dvořáková, Ph.D."
    assert [email.value for email in EmailAddress.objects.filter(contact=contact)] == ["jana@nova.example"]
    assert set(contact.tags.values_list("name", flat=True)) == {"VIP", "nábytek"}
    events = AuditEvent.objects.filter(action="contact.changed").order_by("id")
    assert [event.fields for event in events] == [["last_name", "title_after"], ["emails.value"], ["tags"]]
    assert Contact.objects.matching("dvora").get() == contact


def test_rows_are_added_and_taken_off_without_script(petra, client_of):
    contact = make.contact(petra)
    client = client_of(petra)
    more = client.post(address(contact), {**opened(client, contact), "add": "phones"})
    assert more.status_code == 200
    sent = fields_of(more.content.decode())
    assert sent["phones-TOTAL_FORMS"] == "2"
    sent |= {"phones-1-value": "777 123 456", "phones-0-DELETE": "on", "phones-primary": "phones-1"}
    assert client.post(address(contact), sent).status_code == 302
    assert [(p.value, p.is_primary) for p in Phone.objects.filter(contact=contact)] == [("+420777123456", True)]


def test_the_primary_one_is_one_choice(petra, client_of):
    contact = make.contact(petra)
    EmailAddress.objects.create(key=contact.key, contact=contact, value="druhy@firma.example", source="person")
    client = client_of(petra)
    client.post(address(contact), opened(client, contact, **{"emails-primary": "emails-1"}))
    found = EmailAddress.objects.filter(contact=contact, is_primary=True)
    assert [email.value for email in found] == ["druhy@firma.example"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ico", "27082441", "not a valid IČO"),
        ("dic", "CZ123", "not a valid DIČ"),
        ("birth_date", "2999-01-01", "Nobody was born on that day"),
        ("birth_date", "nesmysl", "valid date"),
        ("emails-0-value", "jana@", "valid email"),
        ("phones-0-value", "žádný", "at least three digits"),
        ("last_name", "x" * 151, "at most 150"),
        ("tags", "x" * 41, "at most 40"),
        ("source", "stolen", "valid choice"),
        ("owner", "00000000-0000-0000-0000-000000000000", "valid choice"),
        ("employer", "nonsense", "organisations found"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_kept_in_the_form(petra, client_of, field, value, said):
    contact = make.contact(petra)
    client = client_of(petra)
    answer = client.post(address(contact), opened(client, contact, first_name="Nová", **{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="Nová"' in page
    assert Contact.objects.get(pk=contact.pk).first_name == "Jana"


def test_numbers_are_kept_in_their_proper_form(petra, client_of):
    contact = make.contact(petra)
    client = client_of(petra)
    client.post(address(contact), opened(client, contact, ico=" 270 82 440 ", dic="27082440"))
    contact = Contact.objects.get(pk=contact.pk)
    assert (contact.ico, contact.dic) == ("27082440", "CZ27082440")


def test_a_change_that_was_not_seen_is_never_overwritten(petra, tomas, client_of):
    contact = make.contact(petra)
    hers, his = client_of(petra), client_of(tomas)
    sent = opened(hers, contact, first_name="Johana")
    his.post(address(contact), {**opened(his, contact), "emails-0-value": "nova@firma.example", "position": "nákupčí"})
    answer = hers.post(address(contact), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("nova@firma.example", "jana@drevo.example", "nákupčí", "Johana"):
        assert text in page
    assert Contact.objects.get(pk=contact.pk).first_name == "Jana"
    # Having seen both, she saves her own.
    assert hers.post(address(contact), fields_of(page)).status_code == 302
    assert Contact.objects.get(pk=contact.pk).first_name == "Johana"


def test_a_row_that_somebody_else_added_meanwhile_is_not_lost(petra, tomas, client_of):
    contact = make.contact(petra)
    hers, his = client_of(petra), client_of(tomas)
    sent = opened(hers, contact, first_name="Johana")
    his.post(
        reverse("contacts:channel_new", args=[contact.pk, "phones"]),
        {"value": "777123456", "kind": "work", "source": "person"},
    )
    page = hers.post(address(contact), sent).content.decode()
    hers.post(address(contact), fields_of(page))
    values = {phone.value for phone in Phone.objects.filter(contact=contact)}
    assert values == {"+420603111222", "+420777123456"}


def test_an_error_does_not_make_a_conflict_go_unseen(petra, tomas, client_of):
    contact = make.contact(petra)
    hers, his = client_of(petra), client_of(tomas)
    wrong = hers.post(address(contact), opened(hers, contact, ico="2")).content.decode()
    his.post(address(contact), opened(his, contact, position="nákupčí"))
    assert hers.post(address(contact), {**fields_of(wrong), "ico": ""}).status_code == 409


def test_an_employer_is_found_and_chosen_without_script(petra, client_of):
    firm = make.contact(petra, kind="organisation", organisation_name="Dřevo Sázava", first_name="", last_name="")
    contact = make.contact(petra, email="p@firma.example", phone=None)
    client = client_of(petra)
    found = client.post(address(contact), {**opened(client, contact), "employer_q": "drev", "find": "1"})
    assert f'value="{firm.pk}"' in found.content.decode()
    client.post(address(contact), {**fields_of(found.content.decode()), "employer": str(firm.pk)})
    contact.refresh_from_db()
    assert contact.employer_id == firm.pk


def test_only_visible_organisations_are_offered_and_taken(petra, cizi, client_of):
    hidden = make.contact(cizi, kind="organisation", organisation_name="Tajná", first_name="", last_name="")
    contact = make.contact(petra, email="p@firma.example", phone=None)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    client = client_of(petra)
    assert (
        str(hidden.pk)
        not in client.post(reverse("contacts:employers", args=[contact.pk]), {"employer_q": "tajna"}).content.decode()
    )
    answer = client.post(address(contact), opened(client, contact, employer=str(hidden.pk)))
    assert answer.status_code == 422


def test_an_employer_whom_one_may_not_see_is_not_lost(petra, cizi, client_of):
    hidden = make.contact(cizi, kind="organisation", organisation_name="Tajná", first_name="", last_name="")
    contact = make.contact(petra, email="p@firma.example", phone=None, employer=hidden)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    client = client_of(petra)
    assert "Tajná" not in client.get(address(contact)).content.decode()
    client.post(address(contact), opened(client, contact, first_name="Johana"))
    contact = Contact.objects.get(pk=contact.pk)
    assert (contact.first_name, contact.employer_id) == ("Johana", hidden.pk)


def test_a_person_becomes_an_organisation_and_keeps_the_rest(petra, client_of):
    contact = make.contact(petra, first_name="", last_name="Dřevo Sázava")
    client = client_of(petra)
    page = client.get(address(contact) + "?kind=organisation").content.decode()
    client.post(address(contact), fields_of(page))
    contact = Contact.objects.get(pk=contact.pk)
    assert (contact.kind, contact.display_name, contact.last_name) == ("organisation", "Dřevo Sázava", "Dřevo Sázava")


def test_who_gives_the_card_away_is_told_that_they_no_longer_see_it(petra, cizi, client_of):
    contact = make.contact(petra)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    client = client_of(petra)
    answer = client.post(address(contact), opened(client, contact, owner=str(cizi.pk)), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("crm:dashboard")
    assert "you no longer see it" in answer.content.decode()


def test_a_forged_number_of_rows_is_refused(petra, client_of):
    contact = make.contact(petra)
    client = client_of(petra)
    for forged in ("", "-1", "x", "999999"):
        answer = client.post(address(contact), opened(client, contact, **{"emails-TOTAL_FORMS": forged}))
        assert answer.status_code == 422
    assert EmailAddress.objects.filter(contact=contact).count() == 1


def test_an_address_needs_at_least_one_line(petra, client_of):
    contact = make.contact(petra)
    client = client_of(petra)
    sent = fields_of(client.post(address(contact), {**opened(client, contact), "add": "addresses"}).content.decode())
    assert client.post(address(contact), {**sent, "addresses-0-kind": "home"}).status_code == 422
    assert client.post(address(contact), {**sent, "addresses-0-city": "Sázava"}).status_code == 302
    assert PostalAddress.objects.get(contact=contact).lines == ["Sázava"]


def test_readers_may_not_correct_and_nobody_corrects_a_restricted_card(petra, auditor, client_of):
    contact = make.contact(petra)
    assert client_of(auditor).get(address(contact)).status_code == 403
    assert address(contact) not in client_of(auditor).get(contact.get_absolute_url()).content.decode()
    contact.restricted_at = timezone.now()
    contact.save(update_fields=["restricted_at"])
    assert client_of(petra).get(address(contact)).status_code == 403
