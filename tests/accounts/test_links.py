"""Invitations and links for a new password: for one use, with an end, and silent about who has an account."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts import administration
from accounts.links import LinkKind, LinkTokens, link_for
from accounts.models import User
from audit.models import AuditEvent
from tests.conftest import PASSWORD, make_user

NEW = "Dvanáct oranžových sov"
RESET = "/accounts/reset/"


@pytest.fixture
def deliver(django_capture_on_commit_callbacks):
    """Run what waits for the commit: the letters."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def link_in(letter) -> str:
    return re.search(r"https?://[^/]+(\S+)", letter.body)[1]


def follow(client, link, password=NEW):
    """Open the link and set a password; answers the last response."""
    form = client.get(link, follow=True)
    if form.status_code != 200:
        return form
    return client.post(form.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})


def test_the_answer_is_the_same_whether_or_not_somebody_has_the_e_mail(petra, deliver):
    answers = []
    for email in (petra.email, "nobody@firma.example"):
        with deliver():
            response = Client().post(RESET, {"email": email})
        answers.append((response.status_code, response["Location"], Client().get(response["Location"]).status_code))
    assert answers == [(302, "/accounts/reset/sent/", 200)] * 2
    assert [letter.to for letter in mail.outbox] == [[petra.email]]


def test_the_letter_is_in_the_persons_language_and_names_nobody_in_its_subject(petra, deliver, settings):
    settings.SITE_URL = "https://karta.firma.example"
    with deliver():
        Client(headers={"host": "localhost"}).post(RESET, {"email": petra.email.upper()})
    letter = mail.outbox[0]
    assert "Petra" not in letter.subject
    assert "Petra" not in letter.body
    assert letter.body.count("https://karta.firma.example/accounts/reset/") == 1
    assert "If you did not ask" in letter.body


def test_the_link_sets_a_password_once_and_signs_out_everywhere(petra, client_of, deliver):
    elsewhere = client_of(petra)
    with deliver():
        Client().post(RESET, {"email": petra.email})
    link = link_in(mail.outbox[0])
    assert follow(Client(), link)["Location"] == "/accounts/login/"
    petra.refresh_from_db()
    assert petra.check_password(NEW)
    assert elsewhere.get("/").status_code == 302
    assert follow(Client(), link, "Jiné heslo pro petru").status_code == 410


def test_the_token_leaves_the_address_before_the_form_is_shown(petra):
    link = link_for(petra, LinkKind.RESET).partition("//")[2].partition("/")[2]
    response = Client().get("/" + link)
    assert response["Location"].endswith("/set-password/")


@pytest.mark.parametrize(
    ("kind", "hours", "status"),
    [("reset", 1, 302), ("reset", 3, 410), ("invitation", 167, 302), ("invitation", 169, 410)],
)
def test_links_end(petra, monkeypatch, kind, hours, status):
    link = link_for(petra, LinkKind(kind)).partition("//")[2].partition("/")[2]
    later = datetime.now() + timedelta(hours=hours)  # noqa: DTZ005 - the generator counts in local time
    monkeypatch.setattr(LinkTokens, "_now", lambda self: later)
    assert Client().get("/" + link).status_code == status


def test_a_link_of_one_kind_does_not_open_the_other_page(petra):
    link = link_for(petra, LinkKind.RESET).partition("//")[2].partition("/")[2]
    assert Client().get("/" + link.replace("/reset/", "/invitation/")).status_code == 410


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "other@firma.example"}])
def test_a_link_dies_with_its_account_or_address(petra, change):
    link = link_for(petra, LinkKind.RESET).partition("//")[2].partition("/")[2]
    User.objects.filter(pk=petra.pk).update(**change)
    assert Client().get("/" + link).status_code == 410


def test_a_weak_password_is_refused_behind_the_link_too(petra):
    link = "/" + link_for(petra, LinkKind.RESET).partition("//")[2].partition("/")[2]
    response = follow(Client(), link, "123456789012")
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["new_password1"]


def test_nobody_is_flooded_with_letters(petra, deliver):
    with deliver():
        answers = {Client().post(RESET, {"email": petra.email})["Location"] for _ in range(5)}
    assert answers == {"/accounts/reset/sent/"}
    assert len(mail.outbox) == 3


def test_one_machine_cannot_write_to_everybody(db, deliver):
    people = [make_user(f"kolega{number} Novák") for number in range(25)]
    with deliver():
        for person in people:
            Client().post(RESET, {"email": person.email})
    assert len(mail.outbox) == 20


def test_closed_accounts_get_no_letter(petra, deliver):
    petra.is_active = False
    petra.save()
    with deliver():
        Client().post(RESET, {"email": petra.email})
    assert mail.outbox == []


def test_an_invitation_speaks_the_invited_persons_language_to_the_end(superuser, deliver):
    with deliver():
        values = {"email": "Nova@Firma.example", "full_name": "Nová Kolegyně", "language": "en"}
        invited = administration.invite_user(actor=superuser, values=values)
    assert not invited.has_usable_password()
    assert mail.outbox[0].to == ["nova@firma.example"]
    client = Client(headers={"Accept-Language": "cs"})
    link = link_in(mail.outbox[0])
    page = client.get(link, follow=True).content.decode()
    assert '<html lang="en"' in page
    assert "Welcome to Karta" in page
    follow(client, link)
    assert '<html lang="en"' in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/login/", {"username": invited.email, "password": NEW}).status_code == 302
    assert follow(Client(), link).status_code == 410


def test_setting_a_password_by_link_is_recorded_without_values(petra):
    follow(Client(), "/" + link_for(petra, LinkKind.RESET).partition("//")[2].partition("/")[2])
    event = AuditEvent.objects.get(action="user.password_changed")
    assert (event.actor_id, event.target_id, event.fields, event.detail) == (petra.pk, str(petra.pk), [], {})


@pytest.mark.parametrize("garbage", ["x/y", "../..", "MQ/set-password", "%00/1-2"])
def test_a_garbled_link_is_an_ended_one(db, garbage):
    assert Client().get(f"/accounts/reset/{garbage}/").status_code in (404, 410)


def test_the_old_password_still_works_until_a_new_one_is_set(petra, deliver):
    with deliver():
        Client().post(RESET, {"email": petra.email})
    assert Client().post("/accounts/login/", {"username": petra.email, "password": PASSWORD}).status_code == 302
