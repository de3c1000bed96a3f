"""One e-mail, phone or address, corrected in its place on the card."""

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from contacts.models import Contact, EmailAddress, Phone
from tests import make


def email_of(contact):
    return EmailAddress.objects.get(contact=contact)


def address(channel, name="contacts:channel", sort="emails"):
    return reverse(name, args=[channel.contact_id, sort, channel.pk])


def sent(value, **more):
    return {"value": value, "kind": "work", "source": "person", **more}


def test_an_email_is_corrected_in_two_steps(petra, client_of):
    contact = make.contact(petra)
    email = email_of(contact)
    client = client_of(petra)
    form = client.get(address(email), headers={"hx-request": "true"})
    assert form["HX-Retarget"] == f"#channel-{email.pk}"
    answer = client.post(address(email), sent("nova@firma.example"), headers={"hx-request": "true"})
    panel = client.get(answer.url)
    assert "nova@<wbr>firma" in panel.content.decode()
    assert panel["HX-Trigger-After-Settle"] == "card-changed"
    assert AuditEvent.objects.get(action="contact.changed").fields == ["emails.value"]
    assert Contact.objects.matching("nova@firma.example").get() == contact
    assert not Contact.objects.matching("jana@drevo.example").exists()


def test_without_script_it_is_a_page_and_leads_back_to_the_card(petra, client_of):
    contact = make.contact(petra)
    client = client_of(petra)
    assert "<html" in client.get(address(email_of(contact))).content.decode()
    assert client.post(address(email_of(contact)), sent("nova@firma.example")).url == contact.get_absolute_url()


@pytest.mark.parametrize("value", ["", "jana", "a@b", "x" * 250 + "@firma.example", "jana@firma.example\nBcc: x@y.cz"])
def test_a_wrong_email_is_refused_where_it_was_written(petra, client_of, value):
    contact = make.contact(petra)
    answer = client_of(petra).post(address(email_of(contact)), sent(value), headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert email_of(contact).value == "jana@drevo.example"


def test_a_new_phone_can_become_the_first_one(petra, client_of):
    contact = make.contact(petra)
    client_of(petra).post(
        reverse("contacts:channel_new", args=[contact.pk, "phones"]),
        sent("777 123 456", kind="mobile", is_primary="on"),
    )
    found = Phone.objects.filter(contact=contact).order_by("-is_primary")
    assert [(p.value, p.is_primary) for p in found] == [("+420777123456", True), ("+420603111222", False)]


def test_the_first_of_its_sort_is_primary_by_itself(petra, client_of):
    contact = make.contact(petra, email=None)
    client_of(petra).post(reverse("contacts:channel_new", args=[contact.pk, "emails"]), sent("a@firma.example"))
    assert email_of(contact).is_primary


def test_taking_the_primary_one_off_leaves_no_gap(petra, client_of):
    contact = make.contact(petra)
    EmailAddress.objects.create(key=contact.key, contact=contact, value="druhy@firma.example", source="person")
    first = EmailAddress.objects.get(contact=contact, is_primary=True)
    client = client_of(petra)
    assert client.get(address(first, "contacts:channel_remove")).status_code == 200
    client.post(address(first, "contacts:channel_remove"))
    assert [(e.value, e.is_primary) for e in EmailAddress.objects.filter(contact=contact)] == [
        ("druhy@firma.example", True)
    ]


def test_the_only_primary_one_does_not_step_down(petra, client_of):
    contact = make.contact(petra)
    client_of(petra).post(address(email_of(contact)), sent("jana@drevo.example", kind="private"))
    assert (email_of(contact).kind, email_of(contact).is_primary) == ("private", True)


def test_one_of_another_card_is_not_found_here(petra, client_of):
    contact, other = make.contact(petra), make.contact(petra, email="jiny@firma.example", phone=None)
    wrong = reverse("contacts:channel", args=[contact.pk, "emails", email_of(other).pk])
    assert client_of(petra).post(wrong, sent("x@firma.example")).status_code == 404


def test_readers_may_not_correct(petra, auditor, client_of):
    contact = make.contact(petra)
    for name in ("contacts:channel", "contacts:channel_remove"):
        assert client_of(auditor).post(address(email_of(contact), name), sent("x@firma.example")).status_code == 403
