"""A real Chromium, in which a member of the cast is already signed in."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Page, sync_playwright

from accounts import reauth
from accounts.models import User

# Playwright runs an event loop in this thread; Django would refuse the database there, though nothing is shared.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page_of(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`page_of(petra)` is a page of Petra's, `page_of(None)` a stranger's; an error of a script fails the test."""
    contexts = []
    faults: list[str] = []

    def opened(user: User | None, **options: Any) -> Page:
        context = chromium.new_context(base_url=live_server.url, **{"locale": "cs-CZ", **options})
        contexts.append(context)
        if user:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": _session(user), "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[reauth.CONFIRMED] = int(time.time())
    session.save()
    return str(session.session_key)


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe finds on a page: one line for each element, naming the rule."""

    def found(page: Page) -> list[str]:
        # A colour in the middle of a transition is neither the old nor the new one.
        page.wait_for_timeout(250)
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        answer = Axe().run(page, options=options)
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in answer.response["violations"]
            for node in rule["nodes"]
        ]

    return found


def too_wide(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
