"""Signing in: throttled, generic in its refusals, with a session that ends."""

from __future__ import annotations

import time

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import AttemptCounter, User
from accounts.throttle import PER_ADDRESS, PER_NAME, PER_NAME_AND_ADDRESS, client_address
from tests.conftest import PASSWORD, make_user

LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"username": email, "password": password}, **extra)


def test_the_right_password_leads_to_the_dashboard(client, petra):
    response = sign_in(client, petra.email)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_the_e_mail_counts_in_any_spelling(client, petra):
    assert sign_in(client, f" {petra.email.upper()} ").status_code == 302


def test_signing_in_leads_on_to_where_one_wanted_to_go_but_never_to_another_site(client, petra):
    form = {"username": petra.email, "password": PASSWORD}
    assert client.post(LOGIN, {**form, "next": "/accounts/profile/"})["Location"] == "/accounts/profile/"
    client.logout()
    assert client.post(LOGIN, {**form, "next": "https://elsewhere.example/"})["Location"] == "/"


def test_the_session_gets_a_new_key_at_sign_in(client, petra):
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    sign_in(client, petra.email)
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_every_refusal_reads_the_same(client, petra):
    gone = make_user("Bývalá Kolegyně", is_active=False)
    invited = make_user("Nová Kolegyně", password="!")
    answers = set()
    for email in (petra.email, "nobody@firma.example", gone.email, invited.email):
        response = sign_in(Client(), email, PASSWORD if email == gone.email else "wrong")
        assert response.status_code == 200
        answers.add(tuple(response.context["form"].non_field_errors()))
    assert len(answers) == 1


@pytest.fixture
def real_hashing(settings):
    """The hashers of the running system: the test settings take a quick one."""
    settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]


def test_an_unknown_name_costs_as_much_hashing_as_a_known_one(client, petra, monkeypatch, real_hashing):
    petra.set_password(PASSWORD)
    petra.save()
    hashed = []
    real = Argon2PasswordHasher.encode
    real_verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or real(*a, **k))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *a, **k: hashed.append(1) or real_verify(*a, **k))
    counts = []
    for email in (petra.email, "nobody@firma.example"):
        hashed.clear()
        sign_in(Client(), email, "wrong")
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_passwords_are_stored_with_argon2(petra, real_hashing):
    petra.set_password("another good password")
    assert petra.password.startswith("argon2$argon2id$")


def test_after_five_failures_even_the_right_password_waits(client, petra):
    for _ in range(4):
        assert sign_in(client, petra.email, "wrong").status_code == 200
    assert sign_in(client, petra.email, "wrong").status_code == 429
    locked = sign_in(client, petra.email, HTTP_ACCEPT_LANGUAGE="en")
    assert locked.status_code == 429
    assert "Too many attempts" in locked.content.decode()
    # The same person at another machine is not shut out by someone else's guessing.
    assert sign_in(Client(), petra.email, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_an_unknown_name_is_locked_out_just_like_a_known_one(client, db):
    statuses = [sign_in(client, "nobody@firma.example", "x").status_code for _ in range(6)]
    assert statuses == [200, 200, 200, 200, 429, 429]


def test_the_lock_opens_when_its_time_is_over(client, petra):
    for _ in range(5):
        sign_in(client, petra.email, "wrong")
    AttemptCounter.objects.update(ends_at="2020-01-01T00:00:00Z")
    assert sign_in(client, petra.email).status_code == 302


def test_a_success_forgives_the_failures_before_it(client, petra):
    for _ in range(4):
        sign_in(client, petra.email, "wrong")
    sign_in(client, petra.email)
    client.post(reverse("accounts:logout"))
    assert sign_in(client, petra.email, "wrong").status_code == 200


def test_guessing_from_many_machines_is_stopped_by_the_name(client, petra):
    for _ in range(PER_NAME.times):
        PER_NAME.add(petra.email)
    assert sign_in(client, petra.email, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_guessing_many_names_is_stopped_by_the_address(client, petra):
    for _ in range(PER_ADDRESS.times):
        PER_ADDRESS.add("203.0.113.9")
    assert sign_in(client, petra.email, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert sign_in(Client(), petra.email).status_code == 302


def test_the_counters_hold_no_name_and_no_address(client, petra):
    sign_in(client, petra.email, "wrong", REMOTE_ADDR="203.0.113.9")
    rows = [str(row) for row in AttemptCounter.objects.values_list()]
    assert len(rows) == 3
    assert not any(petra.email in row or "203.0.113.9" in row for row in rows)
    assert PER_NAME_AND_ADDRESS.count(petra.email, "203.0.113.9") == 1


def test_forwarded_addresses_count_only_behind_our_own_proxy(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.9")
    request.user = AnonymousUser()
    settings.BEHIND_PROXY = False
    assert client_address(request) == "10.0.0.1"
    settings.BEHIND_PROXY = True
    assert client_address(request) == "203.0.113.9"


def test_signing_out_needs_a_post(client_of, petra):
    client = client_of(petra)
    assert client.get(reverse("accounts:logout")).status_code == 405
    assert client.post(reverse("accounts:logout")).status_code == 302
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(("idle", "status"), [(119, 200), (121, 302)])
def test_an_idle_session_ends(client_of, petra, idle, status):
    client = client_of(petra)
    client.get("/")
    session = client.session
    session["last_seen_at"] = int(time.time()) - idle * 60
    session.save()
    assert client.get("/").status_code == status


def test_no_session_outlives_the_working_day(client_of, petra, settings):
    client = client_of(petra)
    client.get("/")
    session = client.session
    session["signed_in_at"] = int(time.time()) - settings.SESSION_COOKIE_AGE - 1
    session.save()
    assert client.get("/").status_code == 302


def test_a_deactivated_colleague_is_out_at_once(client_of, petra):
    client = client_of(petra)
    User.objects.filter(pk=petra.pk).update(is_active=False)
    assert client.get("/").status_code == 302


def test_the_running_system_hashes_with_argon2_first():
    from crm import settings as real

    assert real.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
