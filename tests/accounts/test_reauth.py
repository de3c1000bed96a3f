"""The password once more before what cannot be undone."""

from __future__ import annotations

import time

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from accounts import reauth
from audit.models import AuditEvent
from tests.conftest import PASSWORD

CONFIRM = "/accounts/confirm/"


@reauth.reauthentication_required
def dangerous(request, *, pk: int = 0):
    return HttpResponse("done")


@pytest.fixture
def as_petra(client_of, petra):
    """A request of Petra's, with her session, to a guarded view."""
    client = client_of(petra)

    def send(method="get", path="/danger/", data=None, **headers):
        request = getattr(RequestFactory(), method)(path, data, **headers)
        request.user, request.session = petra, client.session
        from django.contrib.messages.storage.fallback import FallbackStorage

        request._messages = FallbackStorage(request)
        response = dangerous(request)
        request.session.save()
        return response

    send.client = client
    return send


def confirm(client, wanted="/", password=PASSWORD):
    return client.post(CONFIRM, {"password": password, "next": wanted})


def test_a_page_leads_to_the_confirmation_and_back_with_its_query(as_petra):
    response = as_petra(path="/accounts/profile/?task=7")
    assert response["Location"] == "/accounts/confirm/?next=%2Faccounts%2Fprofile%2F"
    assert as_petra.client.get(response["Location"]).status_code == 200
    assert confirm(as_petra.client, "/accounts/profile/")["Location"] == "/accounts/profile/?task=7"
    assert as_petra().content == b"done"


def test_the_query_never_stands_in_the_address_of_the_confirmation(as_petra):
    assert "Novak" not in as_petra(path="/contacts/?q=Novak")["Location"]


def test_a_post_leads_back_to_the_page_it_was_sent_from(as_petra):
    sent_from = {"HTTP_REFERER": "http://testserver/accounts/profile/?tab=2"}
    response = as_petra("post", "/danger/", **sent_from)
    assert response["Location"] == "/accounts/confirm/?next=%2Faccounts%2Fprofile%2F"
    assert confirm(as_petra.client, "/accounts/profile/")["Location"] == "/accounts/profile/?tab=2"


def test_a_post_from_nowhere_leads_back_to_its_own_address(as_petra):
    elsewhere = {"HTTP_REFERER": "https://elsewhere.example/trap/"}
    assert as_petra("post", "/danger/", **elsewhere)["Location"] == "/accounts/confirm/?next=%2Fdanger%2F"


def test_a_fragment_moves_the_whole_window(as_petra):
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/accounts/profile/"}
    response = as_petra("post", "/danger/", **headers)
    assert (response.status_code, response.content) == (200, b"")
    assert response["HX-Redirect"] == "/accounts/confirm/?next=%2Faccounts%2Fprofile%2F"


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_the_way_back_never_leaves_the_house(client_of, petra, wanted):
    assert confirm(client_of(petra), wanted)["Location"] == "/"


def test_signing_in_does_not_count_as_a_confirmation(as_petra):
    assert as_petra().status_code == 302


def test_the_confirmation_ends_after_a_quarter_of_an_hour(as_petra):
    confirm(as_petra.client)
    session = as_petra.client.session
    session[reauth.CONFIRMED] = int(time.time()) - 15 * 60 - 1
    session.save()
    assert as_petra().status_code == 302


def test_a_wrong_password_confirms_nothing(as_petra):
    response = confirm(as_petra.client, password="wrong")
    assert response.status_code == 200
    assert "not your password" in response.content.decode()
    assert as_petra().status_code == 302


def test_guessing_here_is_limited_like_at_the_door(client_of, petra):
    client = client_of(petra)
    statuses = [confirm(client, password="wrong").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert confirm(client).status_code == 429


def test_the_session_gets_a_new_key_and_the_record_a_line(client_of, petra):
    client = client_of(petra)
    before = client.session.session_key
    confirm(client)
    assert client.session.session_key != before
    assert AuditEvent.objects.filter(action="user.confirmed", actor_id=petra.pk).count() == 1


def test_a_colleagues_password_confirms_nothing(client_of, petra, tomas):
    tomas.set_password("Modré jablko na stole 8")
    tomas.save()
    assert confirm(client_of(petra), password="Modré jablko na stole 8").status_code == 200
