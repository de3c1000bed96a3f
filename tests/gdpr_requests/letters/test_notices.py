"""Recipients are told by letter of a correction, a restriction or an erasure, and it can be seen that they were."""

from __future__ import annotations

import pytest
from django.utils import timezone

from consents.services.grounds import open_ground
from contacts.models import Contact
from contacts.services.correct import correct_card
from gdpr_requests.letters.notices import facts_for, owed
from gdpr_requests.letters.services import draft_letter, send_letter
from gdpr_requests.models import Letter, RecipientNotice
from gdpr_requests.recipients import pending
from gdpr_requests.services.erase import erase_contact
from tests import make
from tests.gdpr_requests.letters.conftest import make_request

pytestmark = pytest.mark.django_db
OFFICE, ADVISER = "finanční úřad", "účetní a daňový poradce"


@pytest.fixture
def jana(petra) -> Contact:
    """Jana's invoices go to the tax office and to the accountant."""
    contact = make.contact(petra)
    open_ground(contact=contact, purpose=make.purpose("accounting"), actor=petra)
    return contact


def told(contact, request, actor, only: str = "") -> list[Letter]:
    """Write to everybody (or to one) who waits, by post."""
    letters = []
    for one in owed(request, contact):
        if only in ("", one.name):
            facts = facts_for(one, contact)
            letter = draft_letter(
                kind="recipients",
                request=request,
                contact=contact,
                facts=facts,
                recipient=one.name,
                event=one.event,
                actor=actor,
            )
            letters.append(send_letter(letter=letter, via="post", actor=actor))
    return letters


def test_a_notice_of_a_correction_tells_the_new_value_and_counts_as_told(jana, petra):
    correct_card(contact=jana, values={"last_name": "Novotná"}, actor=petra)
    assert [(one.name, one.event, one.fields) for one in owed(None, jana)] == [
        (OFFICE, "rectification", ("last_name",)),
        (ADVISER, "rectification", ("last_name",)),
    ]
    [letter] = told(jana, None, petra, only=OFFICE)
    assert ("příjmení: Novotná" in letter.body, letter.to_address, letter.to_email) == (True, OFFICE, "")
    notice = RecipientNotice.objects.get()
    assert (notice.recipient, notice.event, notice.fields, notice.letter) == (
        OFFICE,
        "rectification",
        ["last_name"],
        letter,
    )
    assert [one.recipient.name for one in pending(jana)] == [ADVISER]


def test_what_was_corrected_after_the_letter_was_written_waits_for_another(jana, petra):
    correct_card(contact=jana, values={"last_name": "Novotná"}, actor=petra)
    one = owed(None, jana)[0]
    letter = draft_letter(
        kind="recipients", contact=jana, facts=facts_for(one, jana), recipient=one.name, event=one.event
    )
    correct_card(contact=jana, values={"first_name": "Johana"}, actor=petra)
    send_letter(letter=letter, via="post", actor=petra)
    assert {one.recipient.name: one.fields for one in pending(jana)}[OFFICE] == ["first_name"]


def test_a_restriction_is_told_once(jana, petra):
    Contact.objects.filter(pk=jana.pk).update(restricted_at=timezone.now())
    jana.refresh_from_db()
    assert [(one.name, one.event) for one in owed(None, jana)] == [(OFFICE, "restriction"), (ADVISER, "restriction")]
    letters = told(jana, None, petra)
    assert all("Zpracování těchto údajů jsme omezili" in letter.body for letter in letters)
    assert owed(None, jana) == []


def test_recipients_are_told_of_an_erasure_after_it_by_letters_of_the_request(jana, petra):
    request = make_request(jana, right="erasure")
    erase_contact(pk=jana.pk, reason="requested", actor=petra, request_id=request.pk)
    request.refresh_from_db()
    assert [(one.name, one.event) for one in owed(request, None)] == [(OFFICE, "erasure"), (ADVISER, "erasure")]
    letters = told(None, request, petra)
    assert all("této osoby: Jana Nováková" in letter.body for letter in letters)
    assert owed(request, None) == []


def test_the_confirmation_of_an_erasure_says_what_went_what_stays_and_until_when(jana, petra):
    request = make_request(jana, right="erasure")
    item = erase_contact(pk=jana.pk, reason="requested", actor=petra, request_id=request.pk)
    request.refresh_from_db()
    body = draft_letter(kind="erasure", request=request).body
    expected = [
        f"Číslo osvědčení o výmazu: {item.certificate}",
        "- Karta: 1",
        "- Účetnictví (",
        "563/1991",
        "otisky Vašich adres",
        f"- {OFFICE}",
    ]
    assert [words for words in expected if words not in body] == []
    assert "Vnitřní vazby" not in body


def test_letters_of_a_request_stay_with_it_when_the_card_is_erased_and_those_of_the_card_go(jana, petra):
    request = make_request(jana, right="erasure")
    mine = draft_letter(kind="acknowledgement", request=request)
    draft_letter(kind="indirect", contact=jana)
    erase_contact(pk=jana.pk, reason="requested", actor=petra, request_id=request.pk)
    [left] = Letter.objects.all()
    assert (left.pk, left.contact_id, left.body) == (mine.pk, None, mine.body)
    assert RecipientNotice.objects.count() == 0


def test_the_page_writes_to_one_recipient_after_the_other(jana, petra, client_of):
    correct_card(contact=jana, values={"last_name": "Novotná"}, actor=petra)
    client, url = client_of(petra), f"/contacts/{jana.pk}/letters/"
    page = client.get(url).content.decode()
    assert (OFFICE in page, "event=rectification" in page) == (True, True)
    address = f"{url}recipients/"
    form = client.get(address, {"recipient": ADVISER, "event": "rectification"})
    assert form.context["start"].one.name == ADVISER
    body = form.context["form"].initial["body"]
    query = "?recipient=" + ADVISER.replace(" ", "+")
    answer = client.post(address + query, {"body": body, "to_address": ADVISER, "to_email": "", "then": "post"})
    assert answer.status_code == 302
    assert [one.recipient.name for one in pending(jana)] == [OFFICE]
