"""Every page of the access matrix is accessible and fits the screen: on a desk by day, on a phone by night."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.access import CAST, Row
from tests.browser.conftest import too_wide
from tests.test_access_matrix import ALL_ROWS, resolved, world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.browser

BEST_FIRST = ["admin", "dpo", "manager", "staff", "auditor", *CAST]
# Scripts, files, and pieces of pages.
NOT_PAGES = {"admin:jsi18n", "healthz", "contacts:file", "crm:panel"}


def reader(row: Row) -> str | None:
    """Somebody who gets the page itself."""
    return next((person for person in BEST_FIRST if row.expected[person] == 200), None)


PAGES = {
    f"{row.name}{sorted(row.kwargs)}": (room, row)
    for room, row in ALL_ROWS
    if row.method == "get" and not row.headers and row.name not in NOT_PAGES and reader(row)
}


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_is_accessible_and_fits(name, world, page_of, violations):  # noqa: F811
    room, row = PAGES[name]
    if hasattr(room, "prepare"):
        room.prepare(world)
    url = reverse(row.name, kwargs=resolved(row.kwargs, world))
    page = page_of(getattr(world, reader(row)), viewport={"width": 1440, "height": 900}, color_scheme="light")
    answer = page.request.get(url)
    is_page = answer.body().lstrip()[:9].lower() == b"<!doctype"
    if not is_page or "attachment" in answer.headers.get("content-disposition", ""):
        pytest.skip("a fragment or a file, not a page")
    page.goto(url)
    assert violations(page) == []
    assert not too_wide(page)
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark")
    assert not too_wide(page)
    assert violations(page) == []
