"""The list of tasks: mine, the team's, late and done; put off, handed over, and never naming whom one may not see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from tasks.models import Task
from tasks.services import create_task, snooze_task
from tests import make

pytestmark = pytest.mark.django_db


def day(offset: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=offset)


def todo(user: User | None, title: str = "Zavolat", due: int = 3, **fields) -> Task:
    return create_task(title=title, assignee=user, due_on=day(due), actor=user, **fields)


def shown(browser, tab: str = "mine", **more) -> list[str]:
    answer = browser.get(reverse("tasks:list"), {"tab": tab, **more})
    return [task.heading for task, _contact in answer.context["rows"]]


def test_each_part_shows_its_own_the_most_urgent_first(petra: User, tomas: User, cizi: User, client_of) -> None:
    todo(petra, "později", 9)
    todo(petra, "dřív", 1)
    todo(tomas, "Tomášův", 2)
    todo(cizi, "cizí")
    Task.objects.filter(assignee=petra).order_by("due_on").first()
    browser = client_of(petra)
    assert shown(browser) == ["dřív", "později"]
    Installation.objects.update_or_create(id=1, defaults={"visibility": "team"})
    jana = make.contact(tomas)
    todo(tomas, "u Jany", 5, contact=jana)
    assert shown(browser, "team") == ["dřív", "u Jany", "později"]


def test_what_is_late_and_what_is_done_have_their_own_parts(petra: User, client_of) -> None:
    late = todo(petra, "zmeškané")
    Task.objects.filter(pk=late.pk).update(due_on=day(-2))
    browser = client_of(petra)
    assert shown(browser, "overdue") == ["zmeškané"]
    assert browser.post(reverse("tasks:done", args=[late.pk]), {"next": "list"})["Location"] == reverse("tasks:list")
    assert (shown(browser, "overdue"), shown(browser, "done")) == ([], ["zmeškané"])


def test_a_task_put_off_sleeps_until_its_day(petra: User, client_of) -> None:
    task = todo(petra)
    browser = client_of(petra)
    answer = browser.post(reverse("tasks:snooze", args=[task.pk]), {"until": day(5).isoformat()})
    assert answer.status_code == 302
    assert (shown(browser), shown(browser, "snoozed")) == ([], ["Zavolat"])


def test_a_task_is_never_put_off_beyond_the_end_that_it_watches(petra: User, client_of) -> None:
    task = todo(petra)
    Task.objects.filter(pk=task.pk).update(not_after=day(10))
    answer = client_of(petra).post(reverse("tasks:snooze", args=[task.pk]), {"until": day(11).isoformat()})
    assert answer.status_code == 422
    assert answer.context["form"].errors["until"]
    task.refresh_from_db()
    with pytest.raises(ValidationError):
        snooze_task(task=task, until=day(11), actor=petra)
    assert Task.objects.get().snoozed_until is None


def test_who_may_not_give_tasks_away_can_only_take_them_up(petra: User, tomas: User, manager: User, client_of) -> None:
    task = todo(petra)
    address = reverse("tasks:assign", args=[task.pk])
    assert client_of(petra).post(address, {"assignee": str(tomas.pk)}).status_code == 403
    assert client_of(manager).post(address, {"assignee": str(tomas.pk)}).status_code == 404  # not hers to see
    jana = make.contact(petra)
    shared = todo(petra, contact=jana)
    address = reverse("tasks:assign", args=[shared.pk])
    assert client_of(manager).post(address, {"assignee": str(tomas.pk)}).status_code == 302
    shared.refresh_from_db()
    assert shared.assignee == tomas


def test_a_task_about_a_contact_that_one_may_not_see_names_nobody(petra: User, cizi: User, client_of) -> None:
    jana = make.contact(petra)
    todo(cizi, "Pomoc", contact=jana)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    answer = client_of(cizi).get(reverse("tasks:list"))
    assert [contact for _task, contact in answer.context["rows"]] == [None]
    assert "Nováková" not in answer.content.decode()


def test_a_kind_can_be_chosen_and_nonsense_narrows_nothing(petra: User, client_of) -> None:
    todo(petra)
    browser = client_of(petra)
    assert shown(browser, kind="inform") == []
    assert shown(browser, kind="nic") == ["Zavolat"]
    assert shown(browser, "neznámá") == ["Zavolat"]


def test_a_todo_of_ones_own_needs_no_contact(petra: User, client_of) -> None:
    answer = client_of(petra).post(reverse("tasks:new"), {"title": "Koupit kávu", "due_on": day(1).isoformat()})
    assert answer.status_code == 302
    assert [(t.title, t.assignee, t.contact) for t in Task.objects.all()] == [("Koupit kávu", petra, None)]


def test_the_list_costs_the_same_for_one_and_for_thirty(petra: User, client_of, django_assert_num_queries) -> None:
    jana = make.contact(petra)
    browser = client_of(petra)
    todo(petra, contact=jana)
    browser.get(reverse("tasks:list"))
    for more in (0, 28):
        for i in range(more):
            todo(petra, f"úkol {i}", contact=jana)
        with django_assert_num_queries(17):
            assert browser.get(reverse("tasks:list")).status_code == 200
