"""The list of contacts narrows while people type, and the words stay out of the address."""

import pytest
from playwright.sync_api import expect

from tests import make

pytestmark = pytest.mark.browser


def test_typing_narrows_the_list_to_the_last_word_typed(page_of, petra):
    make.contact(petra, first_name="Jana", last_name="Nováková", email="jana@drevo.example", phone=None)
    make.contact(petra, first_name="Petr", last_name="Veselý", email="petr@drevo.example", phone=None)
    page = page_of(petra)
    page.goto("/contacts/")
    rows = page.locator("#list tbody tr")
    assert rows.count() == 2
    page.locator("#filter_q").press_sequentially("nov", delay=120)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Nováková")
    page.fill("#filter_q", "ves")
    expect(rows).to_contain_text("Veselý")
    assert page.url.endswith("/contacts/")
    assert page.evaluate("document.activeElement.id") == "filter_q"


def test_n_opens_a_new_contact(page_of, petra):
    make.purpose("contract")
    page = page_of(petra)
    page.goto("/contacts/")
    page.keyboard.press("n")
    page.wait_for_url("**/contacts/new/")


def test_filters_fold_on_a_phone_and_stand_open_on_a_desk(page_of, petra):
    page = page_of(petra, viewport={"width": 390, "height": 800})
    page.goto("/contacts/")
    expect(page.locator("#filter_kind")).not_to_be_visible()
    page.locator(".filters-more summary").click()
    expect(page.locator("#filter_kind")).to_be_visible()
    page.goto("/contacts/?kind=person")
    expect(page.locator("#filter_kind")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/contacts/")
    expect(page.locator("#filter_kind")).to_be_visible()


def test_a_firm_is_not_asked_for_a_first_name_but_what_was_typed_stays_in_sight(page_of, petra):
    make.purpose("contract")
    page = page_of(petra)
    page.goto("/contacts/new/?purpose=contract")
    page.fill("[name=who-last_name]", "Dřevo Sázava")
    page.check("[value=organisation]")
    expect(page.locator("[name=who-first_name]")).not_to_be_visible()
    expect(page.locator("[name=who-last_name]")).to_be_visible()
    expect(page.locator("[name=who-organisation_name]")).to_be_visible()
