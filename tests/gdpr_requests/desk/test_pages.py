"""The desk's pages: what they show, what they lead to, and what they refuse."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts import reauth
from accounts.models import Installation, User
from audit.models import AuditEvent
from gdpr_requests.desk.guess import language_of_text, right_in
from gdpr_requests.desk.services import answer, check_identity
from gdpr_requests.desk.words import detail_words
from gdpr_requests.letters.services import change_letter, draft_letter, send_letter
from gdpr_requests.models import DataSubjectRequest, Letter, RequestEvent, Restriction
from tests.gdpr_requests.desk.conftest import JANA

pytestmark = pytest.mark.django_db


def sent(letter: Letter, actor: User) -> Letter:
    """The letter, filled in and sent by post."""
    letter = change_letter(letter=letter, values={"body": "Text.", "to_address": "", "to_email": ""}, actor=actor)
    return send_letter(letter=letter, via="post", actor=actor)


def text_of(reply: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))


def eml(sender: str = f"Jana <{JANA}>", subject: str = "Delete me", body: str = "Please.", date: str = "") -> Any:
    day = date or timezone.now().strftime("%a, %d %b %Y %H:%M:%S +0000")
    message = f"From: {sender}\r\nTo: info@firma.example\r\nSubject: {subject}\r\nDate: {day}\r\n\r\n{body}\r\n"
    return SimpleUploadedFile("mail.eml", message.encode(), content_type="message/rfc822")


# --- taking in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "body", "right"),
    [
        ("Smažte mě", "", "erasure"),
        ("", "Dobrý den, žádám o výmaz všech osobních údajů.", "erasure"),
        ("Delete me", "", "erasure"),
        ("", "Odvolávám svůj souhlas se zasíláním novinek.", "withdrawal"),
        ("", "I withdraw my consent.", "withdrawal"),
        ("", "Jaké údaje o mně máte?", "access"),
        ("Subject access request", "", "access"),
        ("", "Pošlete mi kopii mých údajů.", "access"),
        ("", "Změnila jsem příjmení, opravte si ho.", "rectification"),
        ("", "Nesouhlasím, podávám námitku proti zpracování.", "objection"),
        ("Unsubscribe", "", "objection"),
        ("", "Žádám o omezení zpracování.", "restriction"),
        ("", "Uplatňuji právo na přenositelnost.", "portability"),
        ("Stížnost", "", "complaint"),
        ("Objednávka", "Šest židlí, prosím.", None),
        ("", "> smažte mě\nDěkuji za odpověď.", None),
    ],
)
def test_the_right_is_guessed_from_the_words_people_use(subject: str, body: str, right: str | None) -> None:
    assert right_in(subject, body) == right


def test_the_language_of_the_answer_is_that_of_the_question() -> None:
    assert [language_of_text("Smažte mě prosím."), language_of_text("Please delete me.")] == ["cs", "en"]


def test_an_e_mail_fills_the_form_in_and_finds_the_card_by_its_sender(client_of, dpo, jana) -> None:
    reply = client_of(dpo).post("/requests/new/", {"eml": eml(date="Mon, 02 Nov 2026 08:00:00 +0100")})
    initial = reply.context["form"].initial
    assert (initial["right"], initial["channel"], initial["requester_address"]) == ("erasure", "email", JANA)
    assert (initial["received_on"], initial["contact"]) == (dt.date(2026, 11, 2), str(jana.pk))
    assert DataSubjectRequest.objects.count() == 0


def test_what_is_no_e_mail_is_refused_in_words(client_of, dpo) -> None:
    wrong = SimpleUploadedFile("x.eml", b"\x00\x01 nothing", content_type="message/rfc822")
    reply = client_of(dpo).post("/requests/new/", {"eml": wrong})
    assert reply.status_code == 422
    assert "not an e-mail" in text_of(reply)


def test_a_message_dated_in_the_future_was_received_today(client_of, dpo, jana) -> None:
    reply = client_of(dpo).post("/requests/new/", {"eml": eml(date="Mon, 02 Nov 2099 08:00:00 +0100")})
    assert reply.context["form"].initial["received_on"] == timezone.localdate()


def test_a_request_from_the_card_knows_whose_it_is(client_of, petra, jana) -> None:
    client = client_of(petra)
    initial = client.get(f"/requests/new/?contact={jana.pk}").context["form"].initial
    assert (initial["contact"], initial["requester_address"]) == (str(jana.pk), JANA)


def filled(**values: Any) -> dict[str, Any]:
    return {
        "right": "erasure",
        "channel": "email",
        "received_on": timezone.localdate().isoformat(),
        "requester_name": "Jana",
        "requester_address": JANA,
        "language": "cs",
        **values,
    }


def test_an_address_typed_in_finds_its_card_by_itself(client_of, petra, jana) -> None:
    reply = client_of(petra).post("/requests/new/", filled(requester_address=f" {JANA.upper()} "))
    request = DataSubjectRequest.objects.get()
    assert (reply["Location"], request.contact) == (f"/requests/{request.pk}/", jana)


def test_somebody_else_with_that_address_is_linked_to_no_card(client_of, petra, jana) -> None:
    client_of(petra).post("/requests/new/", filled(contact="none"))
    assert DataSubjectRequest.objects.get().contact is None


def test_the_card_of_somebody_else_s_customer_is_not_offered_or_linked(client_of, cizi, jana, settings) -> None:
    Installation.objects.create(visibility="own")
    client = client_of(cizi)
    assert client.post("/requests/new/", {"eml": eml()}).context["form"].initial["contact"] == ""
    reply = client.post("/requests/new/", filled(contact=str(jana.pk)))
    assert (reply.status_code, DataSubjectRequest.objects.count()) == (302, 1)
    assert DataSubjectRequest.objects.get().contact is None


@pytest.mark.parametrize("day", ["2099-01-01", "1999-01-01", "", "nonsense"])
def test_a_day_without_sense_is_refused(client_of, petra, day: str) -> None:
    assert client_of(petra).post("/requests/new/", filled(received_on=day)).status_code == 422


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_most_urgent_request_stands_first(client_of, ask, dpo) -> None:
    for days in (3, 20, 11):
        ask(received_on=timezone.localdate() - dt.timedelta(days=days))
    page = client_of(dpo).get("/requests/?tab=open").context["page"]
    assert [one.number[-1] for one in page] == ["2", "3", "1"]


def test_the_parts_of_the_desk_count_what_waits(client_of, ask, dpo, tomas, letter) -> None:
    ask(assignee=tomas)
    ask("erasure")
    late = timezone.localdate() - dt.timedelta(days=60)
    ask(received_on=late)
    done = ask("objection")
    answer(request=done, letter=letter("objection", done), actor=dpo)
    client = client_of(dpo)
    page = client.get("/requests/?tab=open")
    assert [(code, count) for code, _label, count in page.context["tabs"]] == [
        ("mine", 2),
        ("open", 3),
        ("closed", None),
    ]
    counts = page.context["counts"]
    assert (counts.open, counts.mine, counts.late) == (3, 2, 1)
    assert [one.right for one in client.get("/requests/?tab=open&right=erasure").context["page"]] == ["erasure"]
    assert list(client.get("/requests/?tab=closed").context["page"]) == [done]


@pytest.mark.parametrize(
    "query", ["", "?tab=mine", "?tab=closed", "?tab=%00", "?right=%00&page=x", "?tab=open&right=erasure"]
)
def test_an_empty_desk_says_so(client_of, dpo, query: str) -> None:
    reply = client_of(dpo).get(f"/requests/{query}")
    assert (reply.status_code, 'class="empty"' in reply.content.decode()) == (200, True)


def test_the_list_costs_the_same_for_one_and_for_thirty(client_of, ask, dpo, django_assert_num_queries) -> None:
    client = client_of(dpo)
    ask()
    client.get("/requests/?tab=open")
    with django_assert_num_queries(9):
        client.get("/requests/?tab=open")
    for _number in range(29):
        ask()
    with django_assert_num_queries(9):
        client.get("/requests/?tab=open")


# --- one request -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "leads"),
    [
        ("access", "/export/"),
        ("portability", "/export/"),
        ("rectification", "/edit/"),
        ("erasure", "/erase/"),
        ("restriction", "/restriction/"),
        ("objection", "/objection/"),
        ("withdrawal", "/"),
    ],
)
def test_each_right_leads_on_to_where_it_is_done(client_of, ask, dpo, right: str, leads: str) -> None:
    request = ask(right)
    if right not in ("objection", "withdrawal"):
        check_identity(request=request, method="known_address", actor=dpo)
    page = client_of(dpo).get(f"/requests/{request.pk}/").content.decode()
    assert f'href="/contacts/{request.contact_id}{leads}?request={request.pk}"' in page


def test_one_click_checks_the_identity(client_of, ask, dpo) -> None:
    request = ask("erasure")
    client = client_of(dpo)
    assert client.get(f"/requests/{request.pk}/").context["progress"].current == 1
    client.post(f"/requests/{request.pk}/identity/", {"method": "known_address"})
    assert client.get(f"/requests/{request.pk}/").context["progress"].current == 2


def test_the_page_shows_the_whole_history_in_words(client_of, ask, dpo) -> None:
    request = check_identity(request=ask("erasure", text="Delete me."), method="known_address", actor=dpo)
    sent(draft_letter(kind="acknowledgement", request=request, actor=dpo), dpo)
    page = text_of(client_of(dpo).get(f"/requests/{request.pk}/"))
    for words in ("Delete me.", "Recorded", "Identity checked", "Letter sent", "Acknowledgement of receipt", "Dpo"):
        assert words in page


def test_an_erasure_that_answers_a_request_leads_back_to_it(client_of, ask, dpo, jana) -> None:
    request = check_identity(request=ask("erasure"), method="known_address", actor=dpo)
    client = client_of(dpo)
    session = client.session
    session[reauth.CONFIRMED] = int(time.time())
    session.save()
    reply = client.post(f"/contacts/{jana.pk}/erase/", {"reason": "requested", "request": str(request.pk)})
    assert reply["Location"] == f"/requests/{request.pk}/"
    page = client.get(reply["Location"])
    assert (page.context["progress"].current, page.context["progress"].answer_kind) == (3, "erasure")
    assert page.context["certificate"] in page.content.decode()


def test_a_person_not_found_is_led_to_an_answer_that_says_so(client_of, ask, dpo) -> None:
    request = ask(contact=None)
    page = client_of(dpo).get(f"/requests/{request.pk}/")
    assert f'href="/requests/{request.pk}/letters/not_found/"' in page.content.decode()
    letter = sent(draft_letter(kind="not_found", request=request, actor=dpo), dpo)
    request.refresh_from_db()
    assert (request.state, request.answer_letter_id) == ("answered", letter.pk)


def test_the_card_is_found_by_name_and_linked(client_of, ask, dpo, jana) -> None:
    request = ask(contact=None)
    client = client_of(dpo)
    assert client.post(f"/requests/{request.pk}/card/", {"q": "novák"}).context["hits"] == [jana]
    client.post(f"/requests/{request.pk}/card/", {"contact": str(jana.pk)})
    request.refresh_from_db()
    assert request.contact == jana


def test_an_extension_and_a_refusal_go_on_to_their_letters(client_of, ask, dpo) -> None:
    request = ask("erasure")
    client = client_of(dpo)
    reply = client.post(f"/requests/{request.pk}/extend/", {"reason": "Complex."})
    assert reply["Location"] == f"/requests/{request.pk}/letters/extension/"
    refusal = {"ground": "claims", "reason": "A dispute.", "keeps": ["contract"], "until": "2029-12-31"}
    reply = client.post(f"/requests/{request.pk}/refuse/", refusal)
    assert reply["Location"] == f"/requests/{request.pk}/letters/refusal/"
    request.refresh_from_db()
    assert (request.is_open, request.extended_on, request.refusal_ground) == (True, None, "claims")
    reply = client.post(f"/requests/{request.pk}/refuse/", {"ground": "claims", "reason": "A dispute."})
    assert (reply.status_code, "until when" in text_of(reply)) == (422, True)


def test_nothing_is_closed_from_the_page_without_a_letter(client_of, ask, dpo) -> None:
    request = ask("objection")
    reply = client_of(dpo).post(f"/requests/{request.pk}/close/", {"as": "answered"}, follow=True)
    assert "Without a letter that was sent" in text_of(reply)
    assert DataSubjectRequest.objects.get().is_open


def test_looking_at_a_request_is_recorded(client_of, ask, dpo) -> None:
    request = ask()
    client_of(dpo).get(f"/requests/{request.pk}/")
    seen = AuditEvent.objects.get(action="request.viewed")
    assert (seen.actor_id, seen.target_id, seen.contact_id) == (dpo.pk, str(request.pk), request.contact_id)


# --- elsewhere -------------------------------------------------------------------------------------------------------


def test_the_card_the_first_page_and_the_sidebar_show_open_requests(client_of, ask, dpo, jana) -> None:
    request = ask("erasure")
    client = client_of(dpo)
    card = client.get(f"/contacts/{jana.pk}/").content.decode()
    assert f'href="/requests/{request.pk}/"' in card
    assert f'href="/requests/new/?contact={jana.pk}"' in card
    overview = client.get("/")
    assert [tile.number for tile in overview.context["overview"].tiles if tile.href.startswith("/requests/")] == [1]
    assert "1 request waits, none is late" in overview.content.decode()


def test_a_reminder_in_the_list_of_tasks_leads_to_its_request(client_of, ask, dpo) -> None:
    request = ask(received_on=timezone.localdate() - dt.timedelta(days=28))
    assert f'href="/requests/{request.pk}/"' in client_of(dpo).get("/tasks/").content.decode()


def test_the_history_tells_every_kind_of_step_in_words(ask, dpo) -> None:
    request = ask()
    details = {
        "opened": {"right": "access", "channel": "email"},
        "asked": {"doubt": "several"},
        "identified": {"method": "link"},
        "worked": {"what": "erased"},
        "letter": {"kind": "access"},
        "extended": {"until": "2027-02-24"},
        "refused": {"ground": "claims"},
        "reminded": {"step": "7"},
        "escalated": {"step": "overdue"},
        "linked": {"found": 0},
    }
    for kind, detail in details.items():
        words = detail_words(RequestEvent(request=request, kind=kind, detail=detail))
        assert words
        assert words not in detail.values()


def test_a_restriction_that_answers_a_request_leads_back_to_it(client_of, ask, dpo, jana) -> None:
    one = ask("restriction")
    address = reverse("gdpr_requests:restriction", args=[jana.pk])
    answer = client_of(dpo).post(f"{address}?request={one.pk}", {"reason": "accuracy"})
    assert answer.url == reverse("gdpr_requests:request", args=[one.pk])
    placed = Restriction.objects.get(contact=jana)
    assert (placed.request_id, worked(one)) == (one.pk, ["restricted"])


@pytest.mark.parametrize(("right", "variant"), [("access", "complete"), ("portability", "portability")])
def test_a_copy_handed_over_answers_the_request(client_of, ask, dpo, right: str, variant: str) -> None:
    one = ask(right)
    address = reverse("gdpr_requests:hand_over", args=[one.contact_id])
    asked = client_of(dpo).get(address, {"request": str(one.pk)})
    assert asked.context["variant"] == variant
    data = {"variant": variant, "days": "14", "seen": "on", "request": str(one.pk)}
    client_of(dpo).post(address, data)
    assert (one.deliveries.get().variant, worked(one)) == (variant, ["exported"])


def worked(one: DataSubjectRequest) -> list[str]:
    return [event.detail["what"] for event in one.events.filter(kind="worked")]
