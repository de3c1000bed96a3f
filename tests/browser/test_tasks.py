"""The list of tasks in a real browser: ticked off, taken back, put off, without leaving the list."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consents.scan import scan
from tasks.models import Task
from tasks.services import create_task
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two_tasks(petra) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    scan()
    create_task(title="Zavolat", assignee=petra, due_on=timezone.localdate(), actor=petra, contact=jana)


def test_a_task_is_ticked_off_and_taken_back_on_the_spot(two_tasks, petra, page_of) -> None:
    page = page_of(petra)
    page.goto("/tasks/?tab=mine&kind=todo")
    page.get_by_role("button", name="Done: Zavolat").click()
    expect(page.locator("#list")).to_contain_text("No such task")
    expect(page.locator("#messages")).to_contain_text("Done.")
    expect(page.locator("#task-tabs [aria-current]")).to_have_text("Mine 1")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#list")).to_contain_text("Zavolat")
    assert page.url.endswith("/tasks/?tab=mine&kind=todo")


def test_from_the_task_to_the_renewal_it_is_one_click(two_tasks, petra, page_of) -> None:
    page = page_of(petra)
    page.goto("/tasks/")
    page.get_by_role("link", name="Renewed").click()
    assert page.url.endswith("/renew/")


def test_the_keyboard_alone_puts_a_task_off(two_tasks, petra, page_of) -> None:
    page = page_of(petra)
    page.goto("/tasks/")
    row = page.locator("#list li", has_text="Zavolat")
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("put off")
    expect(page.locator("#list")).not_to_contain_text("Zavolat")
    assert Task.objects.get(kind="todo").snoozed_until == timezone.localdate() + dt.timedelta(days=1)


def test_everything_works_without_script(two_tasks, petra, page_of) -> None:
    page = page_of(petra, java_script_enabled=False)
    page.goto("/tasks/?kind=todo")
    page.get_by_role("button", name="Done: Zavolat").click()
    assert page.url.endswith("/tasks/?kind=todo")
    expect(page.locator("#messages")).to_contain_text("Done.")
