"""A letter is drafted from the wording in force, filled, corrected, sent once, and kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from gdpr_requests.letters.document import letter_pdf
from gdpr_requests.letters.services import (
    change_letter,
    discard_letter,
    draft_letter,
    send_letter,
    write_letter,
)
from gdpr_requests.letters.text import gaps_in
from gdpr_requests.models import Letter, LetterKind, LetterLanguage
from tests.gdpr_requests.letters.conftest import make_request

pytestmark = pytest.mark.django_db


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What follows raises a ValidationError with that code."""
    with pytest.raises(ValidationError) as caught:
        yield
    assert [error.code for error in caught.value.error_list] == [code]


def drafted(kind: str, request=None, contact=None, **values) -> Letter:
    return draft_letter(kind=kind, request=request, contact=contact, **values)


@pytest.mark.parametrize("language", LetterLanguage.values)
@pytest.mark.parametrize("kind", LetterKind.values)
def test_every_kind_is_filled_in_both_languages_and_makes_a_tagged_pdf(kind, language, asked):
    letter = drafted(kind, asked, language=language)
    assert "{" not in letter.subject + letter.body
    assert letter.subject
    content = letter_pdf(letter)
    assert (content[:5], b"/StructTreeRoot" in content, b"pdfuaid" in content) == (b"%PDF-", True, True)


def test_the_czech_vocative_of_the_card_begins_the_letter(asked, jana):
    assert drafted("acknowledgement", asked).body.startswith("Vážená paní Nováková,\n\ndne 3. 11. 2026")
    assert drafted("acknowledgement", asked, language="en").body.startswith("Dear Jana Nováková,")
    jana.salutation = ""
    jana.save()
    assert drafted("acknowledgement", asked, contact=jana).body.startswith("Dobrý den,")


def test_an_acknowledgement_says_number_right_and_time_limit(asked):
    body = drafted("acknowledgement", asked).body
    assert "(žádost o přístup k osobním údajům podle čl. 15 GDPR)" in body
    assert ("Z-2026-000001" in body, "nejpozději 3. 12. 2026" in body) == (True, True)


def test_what_nobody_knows_is_a_gap_and_a_letter_with_gaps_does_not_leave(asked, petra):
    letter = drafted("answer", asked)
    assert gaps_in(letter.body) == ["[[doplňte: odpověď Vašimi slovy]]"]
    with refused("gaps"):
        send_letter(letter=letter, via="post", actor=petra)
    assert Letter.objects.get(pk=letter.pk).sent_at is None


def test_a_person_not_found_gets_a_letter_too(petra):
    request = make_request(None, requester_name="Karel Neznámý", requester_address="karel@jinde.example")
    letter = drafted("not_found", request)
    assert (letter.to_email, letter.to_address, letter.contact_id) == ("karel@jinde.example", "Karel Neznámý", None)
    assert "- Karel Neznámý\n- karel@jinde.example" in letter.body
    assert gaps_in(letter.body) == []


def test_a_postal_address_of_the_requester_stands_on_the_sheet(jana):
    request = make_request(jana, requester_address="Dlouhá 5\n110 00 Praha 1")
    letter = drafted("acknowledgement", request)
    assert letter.to_address == "Jana Nováková\nDlouhá 5\n110 00 Praha 1"
    assert letter.to_email == "jana@drevo.example"


def test_a_letter_of_a_request_is_under_its_key_and_one_of_a_card_under_the_cards(asked, jana):
    assert drafted("access", asked).key_id == asked.key_id
    assert drafted("indirect", contact=jana).key_id == jana.key_id
    with pytest.raises(ValueError, match="a request or to a card"):
        drafted("answer")


def test_the_art_15_letter_holds_all_that_the_article_asks_for(asked):
    body = drafted("access", asked).body
    expected = [
        "Správce: Dřevovýroba Sázava s. r. o., IČO 27082440",
        "Lenka Bílá",
        "Plnění smlouvy",
        "čl. 6 odst. 1 písm. b) GDPR",
        "jméno a identifikace",
        "Nikomu mimo společnost.",
        "Přímo od Vás.",
        "Pplk. Sochora 27",
        "přenést údaje",
    ]
    assert [words for words in expected if words not in body] == []


def test_a_draft_can_be_corrected_and_thrown_away_but_a_sent_letter_stays(asked, petra):
    letter = drafted("acknowledgement", asked)
    values = {"body": "Dobrý den.", "to_address": "Jana", "to_email": "nova@drevo.example"}
    letter = change_letter(letter=letter, values=values, actor=petra)
    assert Letter.objects.get(pk=letter.pk).body == "Dobrý den."
    letter = send_letter(letter=letter, via="post", actor=petra)
    assert (letter.sent_via, letter.sent_by_id, letter.sent_at is not None) == ("post", petra.pk, True)
    with refused("sent"):
        change_letter(letter=letter, values=values, actor=petra)
    with refused("sent"):
        discard_letter(letter=letter, actor=petra)
    discard_letter(letter=drafted("acknowledgement", asked), actor=petra)
    assert Letter.objects.count() == 1


def test_what_can_not_be_sent_is_not_saved_either(asked, petra):
    values = {"body": "Text", "to_address": "Jana", "to_email": ""}
    with refused("no_address"):
        write_letter(
            kind="acknowledgement", language="cs", subject="Věc", request=asked, values=values, via="email", actor=petra
        )
    assert Letter.objects.count() == 0


def test_data_do_not_go_to_somebody_whose_identity_nobody_checked(asked, petra):
    letter = drafted("access", asked)
    with refused("identity"):
        send_letter(letter=letter, via="email", actor=petra)


def test_the_audit_knows_what_was_done_and_no_word_of_the_letter(asked, jana, petra):
    letter = drafted("acknowledgement", asked, actor=petra)
    send_letter(letter=letter, via="handed", actor=petra)
    events = AuditEvent.objects.filter(action__startswith="letter.").order_by("pk")
    assert [(event.action, event.contact_id, event.detail) for event in events] == [
        ("letter.drafted", jana.pk, {"kind": "acknowledgement", "language": "cs"}),
        ("letter.sent", jana.pk, {"kind": "acknowledgement", "language": "cs", "via": "handed"}),
    ]


def test_the_register_is_told_when_a_letter_has_left(asked, petra):
    from gdpr_requests.desk.services import check_identity

    request = check_identity(request=asked, method="known_address", actor=petra)
    send_letter(letter=drafted("acknowledgement", request), via="post", actor=petra)
    request.refresh_from_db()
    assert (request.is_open, request.events.filter(kind="letter").count()) == (True, 1)
    answer = send_letter(letter=drafted("access", request), via="post", actor=petra)
    request.refresh_from_db()
    assert (request.state, request.answer_letter_id) == ("answered", answer.pk)
