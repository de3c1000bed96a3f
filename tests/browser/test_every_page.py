"""Every page of the access matrix is accessible and fits the screen: on a desk by day, on a phone by night."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.urls import reverse
from django.views.defaults import server_error

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


def test_every_address_that_shows_a_page_is_walked() -> None:
    shown = {row.name for _room, row in ALL_ROWS if row.method == "get" and 200 in row.expected.values()}
    walked = {row.name for _room, row in PAGES.values()}
    assert shown - walked - NOT_PAGES == set()


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
    assert_calm(page, violations)


def assert_calm(page, violations) -> None:
    """No violation by day and by night, on a desk and on a phone, and nothing to scroll sideways."""
    for width, scheme in ((1440, "light"), (1440, "dark"), (360, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert (width, scheme, too_wide(page)) == (width, scheme, False)
        if (width, scheme) != (360, "light"):  # its colours are those of the desk, its layout that of the night
            assert violations(page) == []


@pytest.fixture
def said_no(rf):
    """A page of an error, as its handler draws it for a colleague or for a stranger."""

    def drawn(status, user):
        request = rf.get("/nowhere/")
        request.user = user or AnonymousUser()
        request.session, request.htmx = {}, False
        answer = server_error(request) if status == 500 else render(request, f"{status}.html", status=status)
        return answer.content.decode()

    return drawn


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500])
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_page_that_says_no_is_calm_too(status, signed_in, petra, said_no, page_of, violations):  # noqa: PLR0917
    words = said_no(status, petra if signed_in else None)
    page = page_of(petra if signed_in else None)
    page.route("**/nowhere/", lambda route: route.fulfill(status=status, content_type="text/html", body=words))
    page.goto("/nowhere/")
    assert page.locator("h1").count() == 1
    assert_calm(page, violations)
