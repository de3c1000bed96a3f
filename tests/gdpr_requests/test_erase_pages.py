"""Delete, from the card to the certificate, as colleagues meet it."""

from __future__ import annotations

import io
import time

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts import reauth
from accounts.models import Installation
from contacts.models import Contact
from gdpr_requests.erasure.certificate import certificate_of
from gdpr_requests.models import ErasureItem
from gdpr_requests.services.erase import erase_contact
from tests import make
from tests.conftest import make_user
from tests.gdpr_requests.people import PLANTED, Planted, planted

pytestmark = pytest.mark.django_db


@pytest.fixture
def zofie(petra) -> Planted:
    return planted(petra)


@pytest.fixture
def confirmed(client_of):
    """A browser in which somebody gave their password a moment ago."""

    def signed_in(user):
        client = client_of(user)
        session = client.session
        session[reauth.CONFIRMED] = int(time.time())
        session.save()
        return client

    return signed_in


def url_of(contact) -> str:
    return f"/contacts/{contact.pk}/erase/"


def test_the_password_is_asked_before_anything_is_shown(zofie, petra, client_of):
    answer = client_of(petra).get(url_of(zofie.contact))
    assert (answer.status_code, answer["Location"].startswith("/accounts/confirm/")) == (302, True)
    answer = client_of(petra).post(url_of(zofie.contact), {"reason": "requested"})
    assert (answer.status_code, Contact.objects.filter(pk=zofie.contact.pk).exists()) == (302, True)


def test_the_preview_says_what_goes_and_what_stays_until_when(zofie, petra, confirmed):
    page = confirmed(petra).get(url_of(zofie.contact)).content.decode()
    today = timezone.localdate()
    with translation.override("en"):
        for words in (
            "E-mail addresses",
            "Files",
            "zákon č. 563/1991 Sb., § 31 odst. 2",
            "finanční úřad",
            "Plnění smlouvy",
        ):
            assert (words, words in page) == (words, True)
    assert str(today.year + 5) in page


def test_one_press_erases_and_leads_to_the_certificate(zofie, petra, confirmed):
    client = confirmed(petra)
    answer = client.post(url_of(zofie.contact), {"reason": "requested"})
    item = ErasureItem.objects.get()
    assert answer["Location"] == f"/requests/certificates/{item.certificate}/"
    page = client.get(answer["Location"]).content.decode()
    assert item.certificate in page
    assert client.get("/requests/erasures/").content.decode().count(item.certificate) >= 1


def test_without_a_reason_nothing_happens(zofie, petra, confirmed):
    answer = confirmed(petra).post(url_of(zofie.contact), {"reason": "protože Žofie"})
    assert (answer.status_code, Contact.objects.filter(pk=zofie.contact.pk).exists()) == (200, True)


def test_the_certificate_names_nobody(zofie, petra, confirmed):
    item = erase_contact(pk=zofie.contact.pk, reason="requested", actor=petra)
    client = confirmed(petra)
    page = client.get(f"/requests/certificates/{item.certificate}/").content.decode()
    file = client.get(f"/requests/certificates/{item.certificate}/pdf/")
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(file.content)).pages)
    assert [name for name, value in PLANTED.items() if value in page or value in text] == []
    assert str(zofie.contact.pk) not in page + text
    assert petra.full_name not in text
    assert (item.certificate in text, file["Content-Disposition"]) == (
        True,
        f'attachment; filename="{item.certificate}.pdf"',
    )


@pytest.mark.parametrize(
    ("language", "title"), [("cs", "Potvrzení o\N{NO-BREAK SPACE}výmazu K-"), ("en", "Certificate of erasure K-")]
)
def test_the_certificate_speaks_both_languages(zofie, petra, language, title):
    item = erase_contact(pk=zofie.contact.pk, reason="requested", actor=petra)
    with translation.override(language):
        assert certificate_of(item).title.startswith(title)


# --- the address afterwards -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("below", ["", "export/", "erase/"])
def test_the_address_answers_410_with_the_number_to_those_who_may_know(zofie, petra, confirmed, below):
    item = erase_contact(pk=zofie.contact.pk, reason="requested", actor=petra)
    answer = confirmed(petra).get(f"/contacts/{zofie.contact.pk}/{below}")
    assert (answer.status_code, str(item.certificate) in answer.content.decode()) == (410, True)


def test_the_address_is_unknown_to_everybody_else(zofie, petra, client_of):
    erase_contact(pk=zofie.contact.pk, reason="requested", actor=petra)
    guest = make_user("Host Návštěvní")
    guest.user_permissions.add(Permission.objects.get(codename="view_contact"))
    assert client_of(guest).get(f"/contacts/{zofie.contact.pk}/").status_code == 404
    assert client_of(petra).get("/contacts/33333333-3333-4333-8333-333333333333/").status_code == 404


def test_the_auditor_learns_of_it_and_can_read_the_certificate(zofie, petra, auditor, client_of):
    item = erase_contact(pk=zofie.contact.pk, reason="requested", actor=petra)
    assert client_of(auditor).get(f"/contacts/{zofie.contact.pk}/").status_code == 410
    assert client_of(auditor).get(f"/requests/certificates/{item.certificate}/").status_code == 200


def test_whoever_may_not_see_the_card_can_not_erase_it(zofie, cizi, confirmed):
    Installation.objects.update(visibility="own")
    answers = [
        confirmed(cizi).get(url_of(zofie.contact)),
        confirmed(cizi).post(url_of(zofie.contact), {"reason": "requested"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert Contact.objects.filter(pk=zofie.contact.pk).exists()


def test_a_restricted_card_can_be_shown_and_erased(zofie, petra, confirmed):
    Contact.objects.filter(pk=zofie.contact.pk).update(restricted_at=timezone.now())
    client = confirmed(petra)
    assert client.get(f"/contacts/{zofie.contact.pk}/export/").status_code == 200
    assert client.post(url_of(zofie.contact), {"reason": "requested"}).status_code == 302


# --- the card ---------------------------------------------------------------------------------------------------------


def test_the_card_offers_three_words_to_those_who_may(zofie, petra, auditor, client_of):
    url = f"/contacts/{zofie.contact.pk}/"
    page = client_of(petra).get(url).content.decode()
    assert [f"{url}{part}" in page for part in ("export/", "erase/")] == [True, True]
    page = client_of(auditor).get(url).content.decode()
    assert [f"{url}{part}" in page for part in ("export/", "erase/")] == [False, False]


def test_the_desk_costs_the_same_for_one_and_for_many(petra, client_of, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(petra)
    erase_contact(pk=make.contact(petra).pk, reason="mistake", actor=petra)
    client.get("/requests/erasures/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/requests/erasures/")
    for _ in range(5):
        erase_contact(pk=make.contact(petra).pk, reason="mistake", actor=petra)
    with django_assert_num_queries(len(captured)):
        client.get("/requests/erasures/")
