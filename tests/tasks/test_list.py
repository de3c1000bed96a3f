"""The list of tasks: mine, the team's, late and done; put off, handed over, and never naming whom one may not see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from consents.scan import scan
from tasks.models import Task
from tasks.services import assign_task, create_task, snooze_task
from tests import make

pytestmark = pytest.mark.django_db


def day(offset: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=offset)


def todo(user: User | None, title: str = "Zavolat", due: int = 3, **fields) -> Task:
    return create_task(title=title, assignee=user, due_on=day(due), actor=user, **fields)


def shown(browser, tab: str = "mine", **more) -> list[str]:
    answer = browser.get(reverse("tasks:list"), {"tab": tab, **more})
    return [row.task.heading for row in answer.context["rows"]]


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
    answer = browser.post(reverse("tasks:done", args=[late.pk]), {"back": "tab=overdue"})
    assert answer["Location"] == "/tasks/?tab=overdue"
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
    assert [row.contact for row in answer.context["rows"]] == [None]
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
        with django_assert_num_queries(14):
            assert browser.get(reverse("tasks:list")).status_code == 200


def offered(browser, task: Task, tab: str = "mine") -> str:
    """What the row of the task lets one do, as the page says it."""
    page = browser.get(reverse("tasks:list"), {"tab": tab}).content.decode()
    return page[page.index(f"/tasks/{task.pk}/") :]


def test_the_menu_puts_off_by_one_click_as_far_as_the_end_allows(petra: User, client_of) -> None:
    task = todo(petra)
    Task.objects.filter(pk=task.pk).update(not_after=day(4))
    browser = client_of(petra)
    page = offered(browser, task)
    assert ("Put off until tomorrow" in page, "Put off for a week" in page) == (True, False)
    browser.post(reverse("tasks:snooze", args=[task.pk]), {"until": day(1).isoformat(), "back": "tab=mine"})
    assert Task.objects.get().snoozed_until == day(1)


def test_on_its_last_day_a_task_cannot_be_put_off(petra: User, client_of) -> None:
    task = todo(petra)
    Task.objects.filter(pk=task.pk).update(not_after=day())
    assert "Put off" not in offered(client_of(petra), task)


def test_who_may_not_give_tasks_away_is_offered_to_take_one_over(petra: User, tomas: User, client_of) -> None:
    task = todo(petra, contact=make.contact(petra))
    browser = client_of(tomas)
    page = offered(browser, task, "team")
    assert ("Take it over" in page, "Give to a colleague" in page) == (True, False)
    assert len(browser.get(reverse("tasks:assign", args=[task.pk])).context["form"].fields["assignee"].queryset) == 1
    answer = browser.post(reverse("tasks:assign", args=[task.pk]), {"assignee": str(tomas.pk), "back": "tab=team"})
    assert answer["Location"] == "/tasks/?tab=team"
    task.refresh_from_db()
    assert task.assignee == tomas


def test_a_tick_is_taken_back_by_one_click_and_leads_back_to_where_one_was(petra: User, client_of) -> None:
    task = todo(petra)
    browser = client_of(petra)
    page = browser.post(reverse("tasks:done", args=[task.pk]), {"back": "tab=mine&kind=todo"}, follow=True)
    undo = f"/tasks/{task.pk}/reopen/?back=tab%3Dmine%26kind%3Dtodo"
    assert undo in page.content.decode()
    assert browser.post(undo)["Location"] == "/tasks/?tab=mine&kind=todo"
    assert Task.objects.get().done_at is None


def test_the_way_back_never_leaves_the_list(petra: User, client_of) -> None:
    task = todo(petra)
    answer = client_of(petra).post(reverse("tasks:done", args=[task.pk]), {"back": "//evil.example/?tab=x&q=Jana"})
    assert answer["Location"] == "/tasks/"


def test_what_was_renewed_cannot_be_taken_up_again(petra: User, client_of) -> None:
    task = todo(petra)
    Task.objects.filter(pk=task.pk).update(done_at=timezone.now(), outcome="renewed")
    page = client_of(petra).post(reverse("tasks:reopen", args=[task.pk]), {"back": ""}, follow=True)
    assert "This task is settled" in page.content.decode().replace("&#x27;", "'")
    assert Task.objects.get().done_at is not None


def test_a_done_task_is_neither_put_off_nor_given_away(petra: User, manager: User) -> None:
    task = todo(petra)
    Task.objects.filter(pk=task.pk).update(done_at=timezone.now(), outcome="done")
    with pytest.raises(ValidationError, match="už je hotový"):
        snooze_task(task=task, until=day(1), actor=petra)
    with pytest.raises(ValidationError, match="už je hotový"):
        assign_task(task=task, assignee=manager, actor=manager)


def test_an_end_may_be_let_come(petra: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=5))
    scan()
    task = Task.objects.get()
    browser = client_of(petra)
    assert "Let it end" in offered(browser, task)
    assert browser.post(reverse("tasks:done", args=[task.pk]), {"back": ""}).status_code == 403
    browser.post(reverse("tasks:done", args=[task.pk]), {"back": "", "lapse": "1"})
    scan()
    assert [(t.kind, t.outcome) for t in Task.objects.all()] == [("renew_consent", "done")]
    scan(day(6))
    assert sorted(t.kind for t in Task.objects.filter(contact=jana)) == ["no_ground", "renew_consent"]


def test_from_a_task_it_is_one_click_to_the_renewal_and_one_to_the_erasure(petra: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=5))
    scan()
    page = client_of(petra).get(reverse("tasks:list")).content.decode()
    task = Task.objects.get()
    for address in (reverse("consents:renew", args=[task.about_id]), reverse("gdpr_requests:erase", args=[jana.pk])):
        assert f'href="{address}' in page


def test_a_restricted_card_offers_no_renewal(petra: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=5))
    scan()
    type(jana).objects.filter(pk=jana.pk).update(restricted_at=timezone.now())
    page = client_of(petra).get(reverse("tasks:list")).content.decode()
    assert "/renew/" not in page


def test_late_tasks_are_narrowed_to_one_colleague_or_to_nobody(petra: User, tomas: User, client_of) -> None:
    jana = make.contact(petra)
    for user, title in ((petra, "Petřin"), (tomas, "Tomášův"), (None, "ničí")):
        task = create_task(title=title, assignee=user, due_on=day(), actor=None, contact=jana)
        Task.objects.filter(pk=task.pk).update(due_on=day(-1))
    browser = client_of(petra)
    assert sorted(shown(browser, "overdue")) == ["Petřin", "Tomášův", "ničí"]
    assert shown(browser, "overdue", assignee=str(tomas.pk)) == ["Tomášův"]
    assert shown(browser, "overdue", assignee="none") == ["ničí"]
    assert len(shown(browser, "overdue", assignee="'; DROP")) == 3


def test_who_is_in_no_team_sees_what_waits_for_everybody(petra: User, dpo: User, client_of) -> None:
    todo(petra, "Petřin", contact=make.contact(petra))
    assert shown(client_of(dpo), "team") == ["Petřin"]


def test_who_wrote_a_task_for_a_colleague_can_still_look_after_it(petra: User, manager: User, client_of) -> None:
    task = create_task(title="Zavolat do banky", assignee=petra, due_on=day(3), actor=manager)
    assert shown(client_of(manager), "team") == ["Zavolat do banky"]
    assert client_of(manager).post(reverse("tasks:done", args=[task.pk]), {"back": ""}).status_code == 302


def test_the_auditor_reads_and_changes_nothing(petra: User, auditor: User, client_of) -> None:
    todo(petra, contact=make.contact(petra))
    page = client_of(auditor).get(reverse("tasks:list"), {"tab": "team"}).content.decode()
    main = page[page.index('id="list"') : page.index("</main>")]
    assert ("Zavolat" in main, "<button" in main) == (True, False)
