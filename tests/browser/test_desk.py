"""The whole way of a request, in a real browser and through a real mail server, with clicks and seconds counted."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page

from accounts.models import User
from contacts.models import Contact
from gdpr_requests.models import DataSubjectRequest, ErasureItem, Letter
from tests.browser.conftest import too_wide
from tests.gdpr_requests.letters.mail import Sink
from tests.gdpr_requests.people import PLANTED, planted

pytestmark = pytest.mark.browser

MOST_CLICKS, MOST_SECONDS = 8, 60.0
ADDRESS = PLANTED["e-mail"]
EMAIL = f"""From: =?utf-8?Q?=C5=BDofie_=C4=8Capsk=C3=A1?= <{ADDRESS}>
To: info@firma.example
Subject: =?utf-8?Q?Sma=C5=BEte_m=C4=9B?=
Date: Mon, 23 Nov 2026 08:15:00 +0100
Message-ID: <smazte.1@vcely.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Dobrý den,
vymažte prosím všechno, co o mně vedete.
"""


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASURE_LEDGER = tmp_path / "erasures.ledger"


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    server.stop()


@pytest.fixture
def eml(tmp_path) -> Path:
    file = tmp_path / "smazte-me.eml"
    file.write_text(EMAIL, encoding="utf-8")
    return file


@pytest.fixture
def zofie(petra) -> Contact:
    return planted(petra).contact


def desk_of(page_of, user: User, **options) -> Page:
    User.objects.filter(pk=user.pk).update(language="cs")
    page = page_of(user, **options)
    page.goto("/requests/")
    return page


def test_from_an_e_mail_delete_me_to_the_sent_confirmation(page_of, dpo, zofie, eml, sink):
    page = desk_of(page_of, dpo)
    clicks, started = 0, time.monotonic()

    def click(role: str, name: str) -> None:
        nonlocal clicks
        clicks += 1
        page.get_by_role(role, name=name, exact=True).click()

    click("link", "Nová žádost")
    page.locator("#eml").set_input_files(eml)
    clicks += 1  # choosing, or dropping, the file
    page.get_by_text("Vyplněno z e-mailu.").wait_for()
    click("button", "Zapsat")
    click("button", "Napsala z adresy, kterou má na kartě")
    click("link", "Ukázat, co by se vymazalo")
    click("button", "Smazat natrvalo")
    click("link", "Napsat odpověď")
    click("button", "Odeslat e-mailem")
    page.get_by_text("Dopis odchází.").wait_for()
    seconds = time.monotonic() - started
    print(f"from the e-mail to the sent confirmation: {clicks} clicks, {seconds:.1f} s")

    assert clicks <= MOST_CLICKS
    assert seconds < MOST_SECONDS
    request = DataSubjectRequest.objects.get()
    letter = Letter.objects.get()
    assert (request.state, request.answer_letter_id, request.identity_method) == (
        "answered",
        letter.pk,
        "known_address",
    )
    assert (letter.kind, letter.sent_via) == ("erasure", "email")
    assert not Contact.objects.filter(pk=zofie.pk).exists()
    assert ErasureItem.objects.get().request_id == request.pk
    [message] = sink.letters
    assert message["To"] == ADDRESS
    assert [word for word in ("Žofie", "Čapsk", ADDRESS) if word in str(message["Subject"])] == []


def test_a_request_is_written_down_without_script(page_of, dpo, zofie, eml):
    page = desk_of(page_of, dpo, java_script_enabled=False)
    page.get_by_role("link", name="Nová žádost").click()
    page.locator("#eml").set_input_files(eml)
    page.get_by_role("button", name="Načíst e-mail").click()
    page.get_by_role("button", name="Zapsat", exact=True).click()
    request = DataSubjectRequest.objects.get()
    assert (request.right, request.contact, request.received_on.isoformat()) == ("erasure", zofie, "2026-11-23")


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_the_pages_of_the_desk_are_accessible_and_fit(page_of, dpo, zofie, eml, violations, width, scheme):  # noqa: PLR0917
    page = desk_of(page_of, dpo, viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert (violations(page), too_wide(page)) == ([], False)
    page.goto("/requests/new/")
    assert (violations(page), too_wide(page)) == ([], False)
    page.locator("#eml").set_input_files(eml)
    page.get_by_text("Vyplněno z e-mailu.").wait_for()
    assert (violations(page), too_wide(page)) == ([], False)
    page.get_by_role("button", name="Zapsat", exact=True).click()
    page.get_by_role("heading", name="Vše, co se stalo").wait_for()
    own = page.url
    for url in (own, f"{own}card/", f"{own}extend/", f"{own}refuse/", "/requests/?tab=open", "/requests/erasures/"):
        page.goto(url)
        assert (url, violations(page), too_wide(page)) == (url, [], False)
