"""The pages of accounts and of the administration, as people meet them."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts import roles
from accounts.links import LinkKind, link_for
from accounts.models import Role
from tests.browser.conftest import too_wide
from tests.conftest import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STRANGERS = ["accounts:login", "accounts:request_link", "accounts:link_sent"]
OWN = ["accounts:profile", "accounts:password", "accounts:confirm"]
LISTS = [
    "admin:index",
    "admin:accounts_user_changelist",
    "admin:accounts_user_add",
    "admin:accounts_role_changelist",
    "admin:accounts_role_add",
    "admin:accounts_team_changelist",
]


def administration(petra) -> list[str]:
    """Every kind of page there."""
    role = Role.objects.get(name=roles.STAFF)
    return [
        *map(reverse, LISTS),
        reverse("admin:accounts_user_change", args=[petra.pk]),
        reverse("admin:accounts_user_deactivate", args=[petra.pk]),
        reverse("admin:accounts_user_delete", args=[petra.pk]),
        reverse("admin:accounts_role_change", args=[role.pk]),
        reverse("admin:accounts_installation_change", args=[1]),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_fits_and_is_accessible(page_of, violations, petra, scheme, width):
    view = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    boss = make_user("Root Nejvyšší", is_superuser=True, language="cs")
    stranger, boss = page_of(None, **view), page_of(boss, **view)
    link = "/" + link_for(petra, LinkKind.INVITATION).partition("//")[2].partition("/")[2]
    visits = [(stranger, reverse(name)) for name in STRANGERS] + [(stranger, link), (stranger, "/accounts/reset/a/b/")]
    visits += [(boss, url) for url in [*map(reverse, OWN), *administration(petra)]]
    for page, url in visits:
        page.goto(url)
        assert not too_wide(page), url
        assert violations(page) == [], url


def test_errors_are_announced_and_reached_by_keyboard(page_of, violations, petra):
    page = page_of(None, locale="en-GB")
    page.goto("/accounts/login/")
    page.keyboard.type(petra.email)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    assert "do not belong together" in alert.inner_text()
    assert violations(page) == []


def test_signing_in_and_inviting_a_colleague(page_of, live_server, mailoutbox):
    boss = make_user("Root Nejvyšší", is_superuser=True)
    page = page_of(None, locale="en-GB")
    page.goto("/admin/accounts/user/")
    page.get_by_label("E-mail").fill(boss.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Add").click()
    # Inviting somebody asks for the password once more, and goes on from there.
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name and surname").fill("Nová Kolegyně")
    page.get_by_label("Work e-mail").fill("nova@firma.example")
    page.get_by_label("Language").select_option("en")
    page.get_by_label("Staff").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/admin/accounts/user/")
    path = re.search(r"https?://[^/]+(\S+)", mailoutbox[0].body)[1]

    invited = page_of(None, locale="cs-CZ")
    invited.goto(path)
    invited.get_by_label("New password", exact=False).first.fill("Dvanáct oranžových sov")
    invited.get_by_label("New password once more").fill("Dvanáct oranžových sov")
    invited.get_by_role("button", name="Set the password").click()
    invited.get_by_label("E-mail").fill("nova@firma.example")
    invited.get_by_label("Password").fill("Dvanáct oranžových sov")
    invited.get_by_role("button", name="Sign in").click()
    invited.wait_for_url(f"{live_server.url}/")


def test_signing_in_works_without_javascript(page_of, live_server, petra):
    page = page_of(None, java_script_enabled=False)
    page.goto("/accounts/login/")
    page.fill("[name=username]", petra.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{live_server.url}/")
    page.click(".me summary")
    page.click("form[action='/accounts/logout/'] button")
    page.wait_for_url("**/accounts/login/")
