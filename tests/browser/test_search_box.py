"""The search box of the sidebar: live hits, keys, and no word about a person in any address."""

import pytest
from django.contrib.auth import logout
from django.http import HttpResponse
from django.urls import include, path

import crm.urls

pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__)]

HITS = '<ul class="hits"><li><a href="/?first">Nováková Jana</a></li><li><a href="/?second">Novák Petr</a></li></ul>'
asked: list[tuple[str, str]] = []


def search(request):
    asked.append((request.method, request.POST.get("q", "")))
    if request.POST.get("q") == "konec":
        logout(request)
    return HttpResponse(HITS if request.htmx else f"<!doctype html><title>x</title><main>{HITS}</main>")


urlpatterns = [
    path("", include(([path("search/", search, name="search"), *crm.urls.pages], "crm"))),
    *crm.urls.urlpatterns[1:],
]


def test_slash_starts_a_search_and_arrows_walk_through_the_hits(page_of, petra, violations):
    asked.clear()
    page = page_of(petra)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("nov")
    page.locator("#find-hits a").first.wait_for()
    assert asked == [("POST", "nov")]
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Novák Petr"
    page.keyboard.press("Escape")
    assert page.locator("#find-hits a").count() == 0
    assert page.evaluate("location.href").endswith("/")
    assert page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])") == "[{},{}]"


def test_the_box_works_without_script_and_keeps_the_words_out_of_the_address(page_of, petra):
    asked.clear()
    page = page_of(petra, java_script_enabled=False)
    page.goto("/")
    page.fill("#find", "nov")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/")
    assert asked == [("POST", "nov")]


def test_on_a_phone_the_glass_opens_the_menu_with_the_box(page_of, petra):
    page = page_of(petra, viewport={"width": 390, "height": 844})
    page.goto("/")
    page.click("[data-focus-search]")
    assert page.evaluate("document.activeElement.id") == "find"


def test_whoever_was_signed_out_meanwhile_is_asked_to_sign_in(page_of, petra):
    page = page_of(petra)
    page.goto("/")
    page.fill("#find", "konec")
    page.locator("#find-hits a").first.wait_for()
    page.fill("#find", "nov")
    page.wait_for_url("**/accounts/login/**")
    assert page.locator("#side").count() == 0
