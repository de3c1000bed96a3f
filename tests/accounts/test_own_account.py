"""What people do with their own account: profile, language, password."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from tests.conftest import PASSWORD

PROFILE = {"full_name": "Petra Malá", "language": "cs", "theme": "dark"}
NEW = "Dvanáct oranžových sov"


def test_people_change_their_name_language_and_appearance(client_of, petra):
    client = client_of(petra)
    assert client.post("/accounts/profile/", PROFILE)["Location"] == "/accounts/profile/"
    petra.refresh_from_db()
    assert {name: getattr(petra, name) for name in PROFILE} == PROFILE
    event = AuditEvent.objects.get(action="user.profile_changed")
    assert (event.actor_id, event.fields) == (petra.pk, ["full_name", "language", "theme"])
    assert '<html lang="cs" data-theme="dark">' in client.get("/accounts/profile/").content.decode()


def test_nothing_else_about_oneself_changes_by_a_forged_form(client_of, petra, service):
    before = User.objects.filter(pk=petra.pk).values("email", "team", "is_active", "is_superuser").get()
    forged = {"email": "x@firma.example", "team": service.pk, "is_superuser": "on", "groups": ["1"], "password": "x"}
    client_of(petra).post("/accounts/profile/", {**PROFILE, **forged})
    assert User.objects.filter(pk=petra.pk).values("email", "team", "is_active", "is_superuser").get() == before
    assert petra.groups.count() == 1
    assert User.objects.get(pk=petra.pk).check_password(PASSWORD)


def test_an_unchanged_profile_writes_nothing(client_of, petra):
    same = {"full_name": petra.full_name, "language": petra.language, "theme": petra.theme}
    client_of(petra).post("/accounts/profile/", same)
    assert not AuditEvent.objects.filter(action="user.profile_changed").exists()


@pytest.mark.parametrize(("field", "value"), [("language", "en"), ("language", "cs"), ("theme", "light")])
def test_each_switch_in_the_corner_works_alone(client_of, petra, field, value):
    petra.language, petra.theme = "cs", "dark"
    petra.save()
    client = client_of(petra)
    response = client.post("/accounts/preferences/", {field: value, "next": "/accounts/profile/"})
    assert response["Location"] == "/accounts/profile/"
    petra.refresh_from_db()
    expected = {"language": "cs", "theme": "dark"} | {field: value}
    assert {"language": petra.language, "theme": petra.theme} == expected


def test_strangers_choose_a_language_too_and_keep_it(db):
    client = Client(headers={"Accept-Language": "cs"})
    client.post("/accounts/preferences/", {"language": "en", "next": "/accounts/login/"})
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="en"' in page
    assert "Sign in" in page


def test_strangers_are_greeted_in_their_browsers_language(db):
    assert 'lang="en"' in Client(headers={"Accept-Language": "en"}).get("/accounts/login/").content.decode()
    assert 'lang="cs"' in Client(headers={"Accept-Language": "de"}).get("/accounts/login/").content.decode()


def test_a_switch_never_leads_to_another_site(client_of, petra):
    response = client_of(petra).post("/accounts/preferences/", {"theme": "dark", "next": "//elsewhere.example"})
    assert response["Location"] == "/"


def test_an_unknown_language_changes_nothing(client_of, petra):
    client_of(petra).post("/accounts/preferences/", {"language": "xx"})
    petra.refresh_from_db()
    assert petra.language == "en"


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post("/accounts/password/", {"password": old, "new_password1": new, "new_password2": again})


def test_a_new_password_ends_every_other_session(client_of, petra):
    here, elsewhere = client_of(petra), client_of(petra)
    assert change(here)["Location"] == "/accounts/profile/"
    assert here.get("/accounts/profile/").status_code == 200
    assert elsewhere.get("/accounts/profile/").status_code == 302
    petra.refresh_from_db()
    assert petra.check_password(NEW)
    assert AuditEvent.objects.filter(action="user.password_changed", target_id=str(petra.pk)).count() == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"old": "wrong"}, "password"),
        ({"again": "something else entirely"}, "new_password2"),
        ({"new": "short", "again": "short"}, "new_password1"),
        ({"new": "petra@firma.example", "again": "petra@firma.example"}, "new_password1"),
        ({"new": "password1234", "again": "password1234"}, "new_password1"),
    ],
)
def test_a_bad_change_of_password_changes_nothing(client_of, petra, sent, field):
    response = change(client_of(petra), **sent)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    petra.refresh_from_db()
    assert petra.check_password(PASSWORD)


def test_guessing_the_old_password_is_limited(client_of, petra):
    client = client_of(petra)
    assert [change(client, old="wrong").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    assert change(client).status_code == 429
