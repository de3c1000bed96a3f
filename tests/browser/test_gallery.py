"""Every component in every state: accessible, in both themes, from a phone to a wide screen."""

import pytest

from tests.browser.conftest import too_wide

pytestmark = pytest.mark.browser

SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
    .filter((e) => e.checkVisibility() && !e.closest("p, dd, .visually-hidden, .skip, svg, .form-check"))
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([e, box]) => box.width && getComputedStyle(e).display !== "inline")
    .filter(([e, box]) => Math.min(box.height, box.width) < 23.9)
    .map(([e, box]) => `${e.className} ${e.textContent.trim()} ${box.width}x${box.height}`)"""


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page_of, superuser, violations, width, theme):
    page = page_of(superuser, viewport={"width": width, "height": 900}, color_scheme=theme)
    page.goto("/ui/")
    assert violations(page) == []


def test_nothing_needs_scrolling_sideways_at_any_width(page_of, superuser):
    page = page_of(superuser)
    page.goto("/ui/?toasts=1")
    for width in (360, 390, 600, 768, 900, 1024, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert not too_wide(page), width


def test_targets_are_large_enough_for_a_finger(page_of, superuser):
    page = page_of(superuser)
    page.goto("/ui/")
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SMALL_TARGETS) == []


def test_the_chosen_theme_wins_over_the_system(page_of, superuser):
    superuser.theme = "dark"
    superuser.save()
    page = page_of(superuser, color_scheme="light")
    page.goto("/ui/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 20, 19)"


def test_the_menu_of_a_phone_works_without_script(page_of, superuser):
    page = page_of(superuser, viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto("/ui/")
    entry = page.locator("#side nav a").first
    assert not entry.is_visible()
    page.click(".topbar [popovertarget=side]")
    assert entry.is_visible()
    page.keyboard.press("Escape")
    assert not entry.is_visible()


def test_the_open_menu_of_a_phone_is_accessible(page_of, superuser, violations):
    page = page_of(superuser, viewport={"width": 390, "height": 844})
    page.goto("/ui/")
    page.click(".topbar [popovertarget=side]")
    page.click(".me > summary")
    assert violations(page) == []


def test_question_mark_shows_the_keys_and_escape_closes_them(page_of, superuser, violations):
    page = page_of(superuser)
    page.goto("/ui/")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_letters_do_nothing_while_somebody_writes(page_of, superuser):
    page = page_of(superuser)
    page.goto("/ui/")
    page.locator("#f-q").press_sequentially("n?/")
    assert page.input_value("#f-q") == "n?/"
    assert not page.locator("#keys").is_visible()


def test_a_dialog_opens_from_a_link_and_a_click_outside_closes_it(page_of, superuser, violations):
    page = page_of(superuser)
    page.goto("/ui/")
    page.click(".page-head [data-open=confirm-delete]")
    dialog = page.locator("#confirm-delete")
    assert dialog.is_visible()
    assert page.evaluate("document.activeElement.hasAttribute('data-close')")
    assert violations(page) == []
    page.mouse.click(5, 5)
    assert not dialog.is_visible()


def test_messages_are_announced_and_offer_the_way_back(page_of, superuser, violations):
    page = page_of(superuser)
    page.goto("/ui/?toasts=1")
    box = page.locator("#messages")
    assert box.get_attribute("aria-live") == "polite"
    assert box.locator(".toast-note").count() == 3
    assert box.locator("form[action='/ui/'] button").count() == 1
    assert violations(page) == []
    box.locator(".bad button").click()
    assert box.locator(".bad").count() == 0


def test_good_news_leaves_and_bad_news_stays(page_of, superuser):
    page = page_of(superuser)
    page.clock.install()
    page.goto("/ui/?toasts=1")
    page.clock.fast_forward(30_000)
    assert page.locator(".toast-note").count() == 1
    assert page.locator(".toast-note.bad").is_visible()


def test_a_menu_closes_by_escape_and_gives_the_focus_back(page_of, superuser):
    page = page_of(superuser)
    page.goto("/ui/")
    page.click(".me > summary")
    assert page.locator(".me .menu-body").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".me .menu-body").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_skip_link_is_the_first_stop(page_of, superuser):
    page = page_of(superuser)
    page.goto("/ui/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_chosen_file_is_named_in_the_drop_zone(page_of, superuser, tmp_path):
    file = tmp_path / "kontakty.csv"
    file.write_text("jmeno\n")
    page = page_of(superuser)
    page.goto("/ui/")
    page.set_input_files(".drop input", file)
    assert page.locator(".drop-names").inner_text() == "kontakty.csv"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_error_pages_are_accessible(page_of, petra, violations, theme):
    for user in (petra, None):
        page = page_of(user, color_scheme=theme)
        page.goto("/neni/tady/")
        assert violations(page) == []
