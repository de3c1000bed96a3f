"""A colleague looks a copy through and makes a link; the person fetches the copy with the code, in another browser."""

from __future__ import annotations

import zipfile

import pytest

from contacts.models import TimelineEntry
from contacts.services.timeline import add_entry
from gdpr_requests.models import CopyDelivery
from tests.browser.conftest import too_wide
from tests.gdpr_requests.people import PLANTED, planted

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_a_copy_travels_from_the_card_to_the_person(page_of, petra, violations, tmp_path):
    type(petra).objects.filter(pk=petra.pk).update(language="cs")
    contact = planted(petra).contact
    note = "Volala Jana Nováková, bude to vyřizovat."
    add_entry(contact=contact, kind=TimelineEntry.Kind.NOTE, body=note, actor=petra)
    page = page_of(petra)
    page.goto(contact.get_absolute_url())
    page.get_by_role("link", name="Ukázat údaje", exact=True).click()
    page.get_by_role("link", name="Předat odkazem").click()
    assert page.locator("mark").first.inner_text() == "Jana Nováková"
    assert (violations(page), too_wide(page)) == ([], False)
    page.get_by_label("Prošel(a) jsem texty a soubory").check()
    page.get_by_role("button", name="Vytvořit odkaz").click()
    page.get_by_role("heading", name="1. Pošlete odkaz").wait_for()
    assert violations(page) == []
    delivery = CopyDelivery.objects.get()
    stranger = page_of(None, viewport={"width": 390, "height": 800})
    stranger.goto(f"/my/{delivery.token}/")
    assert (violations(stranger), too_wide(stranger)) == ([], False)
    stranger.get_by_label("Kód").fill("1234")
    stranger.keyboard.press("Enter")
    stranger.get_by_text("Kód má osm číslic.").first.wait_for()
    stranger.get_by_label("Kód").fill(delivery.code)
    with stranger.expect_download() as waiting:
        stranger.keyboard.press("Enter")
    waiting.value.save_as(tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as copy:
        content = copy.read("data.json").decode()
    assert ("Nováková" in content, PLANTED["note"] in content) == (False, True)
