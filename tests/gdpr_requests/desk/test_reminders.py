"""Reminders at 14, 7 and 2 days and when late; the last two go on to the data protection officer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from gdpr_requests.desk.reminders import remind
from gdpr_requests.desk.services import answer, assign_request, extend
from gdpr_requests.models import DataSubjectRequest, RequestEvent
from gdpr_requests.services.erase import erase_contact
from tasks.models import Task

pytestmark = pytest.mark.django_db


def before(request: DataSubjectRequest, days: int) -> dt.date:
    return request.deadline - dt.timedelta(days=days)


def open_tasks() -> list[tuple[object, dt.date, str]]:
    tasks = Task.objects.open().filter(kind=Task.Kind.REQUEST).order_by("created_at", "pk")
    return [(task.assignee, task.due_on, (task.period_key or "").rsplit(":", 1)[1]) for task in tasks]


def test_reminders_come_fourteen_seven_and_two_days_before_and_when_it_is_late(ask, tomas, dpo) -> None:
    request = ask(assignee=tomas)
    seen = {}
    for days in range(20, -4, -1):
        remind(before(request, days))
        seen[days] = [(who, step) for who, _due, step in open_tasks()]
    assert seen[15] == []
    assert seen[14] == seen[8] == [(tomas, "14")]
    assert seen[7] == seen[3] == [(tomas, "7")]
    assert seen[2] == seen[0] == [(tomas, "7"), (dpo, "2")]
    assert seen[-1] == seen[-3] == [(tomas, "7"), (dpo, "overdue")]


def test_the_tasks_are_due_on_the_last_day_and_can_t_be_put_off_beyond_it(ask, tomas) -> None:
    request = ask(assignee=tomas)
    remind(before(request, 14))
    task = Task.objects.get()
    assert (task.due_on, task.not_after) == (request.deadline, request.deadline)
    assert (task.about_id, task.label, task.contact, task.title) == (request.pk, request.number, None, "")


def test_exactly_one_task_for_each_step_however_often_the_job_runs(ask, tomas) -> None:
    request = ask(assignee=tomas)
    made = [remind(before(request, days)) for days in (14, 14, 13, 7, 7, 2, 2, 1, -1, -1, -30)]
    assert made == [1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0]
    assert Task.objects.count() == 4


def test_missed_days_are_caught_up_by_the_step_of_the_day_alone(ask, tomas, dpo) -> None:
    request = ask(assignee=tomas)
    assert remind(before(request, 5)) == 1
    assert [(who, step) for who, _due, step in open_tasks()] == [(tomas, "7")]
    other = ask(assignee=tomas)
    assert remind(before(other, -2)) == 3
    assert {(who, step) for who, _due, step in open_tasks()} == {(tomas, "7"), (dpo, "overdue")}


def test_a_request_recorded_late_is_reminded_of_at_once(ask, tomas, dpo) -> None:
    request = ask(assignee=tomas, received_on=timezone.localdate() - dt.timedelta(days=70))
    assert {(who, due) for who, due, _step in open_tasks()} == {(tomas, request.deadline), (dpo, request.deadline)}


def test_a_request_of_a_colleague_who_left_goes_to_the_data_protection_officer(ask, tomas, dpo) -> None:
    request = ask(assignee=tomas)
    tomas.is_active = False
    tomas.save()
    remind(before(request, 14))
    assert open_tasks() == [(dpo, request.deadline, "14")]


def test_an_extension_ends_the_old_reminders_and_brings_new_ones(ask, tomas, dpo, letter) -> None:
    request = ask(assignee=tomas)
    remind(before(request, 7))
    request = extend(request=request, reason="Složité.", letter=letter("extension", request), actor=dpo)
    assert open_tasks() == []
    remind(before(request, 14))
    assert open_tasks() == [(tomas, request.deadline, "14")]


def test_an_answered_request_is_reminded_of_no_more(ask, dpo, letter) -> None:
    request = ask("objection")
    due = request.deadline
    answer(request=request, letter=letter("objection", request), actor=dpo)
    assert remind(due + dt.timedelta(days=1)) == 0


def test_reminders_outlive_the_erasure_that_was_asked_for(ask, tomas, petra) -> None:
    request = ask("erasure", assignee=tomas)
    remind(before(request, 14))
    erase_contact(pk=request.contact.pk, reason="requested", actor=petra)
    assert open_tasks() == [(tomas, request.deadline, "14")]
    assert remind(before(request, 14)) == 0


def test_who_takes_a_request_over_takes_its_reminders_over(ask, tomas, dpo, manager) -> None:
    request = ask(assignee=tomas)
    remind(before(request, 14))
    assign_request(request=request, assignee=manager, actor=dpo)
    remind(before(request, 7))
    assert open_tasks() == [(manager, request.deadline, "7")]


def test_reminders_stand_in_the_history_of_the_request(ask, tomas) -> None:
    request = ask(assignee=tomas)
    for days in (14, 7, 2, -1):
        remind(before(request, days))
    events = RequestEvent.objects.filter(request=request).order_by("at").values_list("kind", "detail")
    assert list(events)[1:] == [
        ("reminded", {"step": "14"}),
        ("reminded", {"step": "7"}),
        ("escalated", {"step": "2"}),
        ("escalated", {"step": "overdue"}),
    ]
