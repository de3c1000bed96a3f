"""Show, correct, delete: from the open card, in a real browser, with clicks and seconds counted."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page

from contacts.models import Contact, EmailAddress
from contacts.services.correct import correct_card
from gdpr_requests.models import ErasureItem
from gdpr_requests.services.erase import erase_contact
from tests import make
from tests.browser.conftest import too_wide
from tests.gdpr_requests.people import PLANTED, planted

pytestmark = pytest.mark.browser

MOST_CLICKS, MOST_SECONDS = 4, 10.0


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASURE_LEDGER = tmp_path / "erasures.ledger"


@pytest.fixture
def zofie(petra):
    return planted(petra).contact


class Stopwatch:
    """Counts clicks and seconds from the open card on."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self._started = page, 0, time.monotonic()

    def click(self, role: str, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=True).click()

    def within_bounds(self) -> bool:
        self.seconds = time.monotonic() - self._started
        return self.clicks <= MOST_CLICKS and self.seconds <= MOST_SECONDS


def open_card(page_of, user, contact, **options) -> Page:
    type(user).objects.filter(pk=user.pk).update(language="cs")
    page = page_of(user, **options)
    page.goto(contact.get_absolute_url())
    return page


def test_show_takes_two_clicks(page_of, petra, zofie, tmp_path):
    watch = Stopwatch(page := open_card(page_of, petra, zofie))
    watch.click("link", "Ukázat údaje")
    page.get_by_text(PLANTED["note"]).wait_for()
    with page.expect_download() as waiting:
        watch.click("button", "Stáhnout kopii")
    path = Path(tmp_path / "copy.zip")
    waiting.value.save_as(path)
    assert (watch.within_bounds(), watch.clicks) == (True, 2)
    assert zipfile.ZipFile(path).testzip() is None
    assert waiting.value.suggested_filename.startswith("osobni-udaje-2")


def test_correct_takes_two_clicks(page_of, petra, zofie):
    watch = Stopwatch(page := open_card(page_of, petra, zofie))
    watch.click("link", "Opravit")
    page.locator("[name=emails-0-value]").fill("nova@vcely.example")
    watch.clicks += 1
    page.locator(".actions.bar button").click()
    page.get_by_text("Řekněte o tom těm, kdo údaje mají").wait_for()
    assert (watch.within_bounds(), watch.clicks) == (True, 2)
    assert [email.value for email in EmailAddress.objects.filter(contact=zofie)] == ["nova@vcely.example"]
    page.get_by_role("button", name="Byli zpraveni").click()
    page.get_by_text("2 příjemci zpraveni").wait_for()


def test_delete_takes_two_clicks(page_of, petra, zofie):
    watch = Stopwatch(page := open_card(page_of, petra, zofie))
    watch.click("link", "Smazat")
    page.get_by_role("heading", name="Co zmizí").wait_for()
    watch.click("button", "Smazat natrvalo")
    page.get_by_role("heading", name="Potvrzení o").wait_for()
    assert (watch.within_bounds(), watch.clicks) == (True, 2)
    assert not Contact.objects.filter(pk=zofie.pk).exists()
    assert page.get_by_text("Nic nezbylo.").is_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF").click()
    assert waiting.value.suggested_filename == f"{ErasureItem.objects.get().certificate}.pdf"
    assert page.goto(zofie.get_absolute_url()).status == 410


def test_it_works_without_script(page_of, petra, zofie):
    page = open_card(page_of, petra, zofie, java_script_enabled=False)
    page.get_by_role("link", name="Smazat", exact=True).click()
    page.get_by_role("button", name="Smazat natrvalo").click()
    assert not Contact.objects.filter(pk=zofie.pk).exists()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_the_pages_are_accessible_and_fit(page_of, petra, zofie, violations, width, scheme):  # noqa: PLR0917
    correct_card(contact=zofie, values={"last_name": "Nová"}, actor=petra)
    gone = make.contact(petra)
    item = erase_contact(pk=gone.pk, reason="requested", actor=petra)
    page = open_card(page_of, petra, zofie, viewport={"width": width, "height": 800}, color_scheme=scheme)
    card = zofie.get_absolute_url()
    pages = [card, f"{card}export/", f"{card}erase/", f"{card}recipients/", "/requests/"]
    for url in [*pages, f"/requests/certificates/{item.certificate}/", gone.get_absolute_url()]:
        page.goto(url)
        assert (url, violations(page), too_wide(page)) == (url, [], False)


def test_the_summary_for_a_browser_is_accessible(page_of, petra, zofie, violations, tmp_path):
    from gdpr_requests.export.document import make_copy
    from gdpr_requests.export.people import summary_html

    file = tmp_path / "summary.html"
    file.write_bytes(summary_html(make_copy(zofie).document))
    page = page_of(None, viewport={"width": 390, "height": 800})
    page.goto(file.as_uri())
    assert (violations(page), too_wide(page)) == ([], False)
