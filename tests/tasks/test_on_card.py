"""Tasks on the card: written in place, ticked off with a way back, answered where they watch an end."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation
from consents.models import Consent
from tasks.models import Task
from tasks.services import create_task
from tests import make

TODAY = timezone.localdate


def write(client, contact, **values):
    data = {"title": "Poslat nabídku", "due_on": TODAY().isoformat(), **values}
    return client.post(reverse("tasks:new_on_card", args=[contact.pk]), data)


def a_task(contact, user):
    return create_task(title="Poslat nabídku", assignee=user, due_on=TODAY(), actor=user, contact=contact)


def a_renewal(contact, user):
    consent = Consent.objects.get(subject__contact=contact)
    return Task.objects.create(
        key=contact.key, contact=contact, kind="renew_consent", about_id=consent.pk, assignee=user, due_on=TODAY()
    )


def test_who_writes_a_task_has_it(petra, client_of):
    contact = make.contact(petra)
    write(client_of(petra), contact)
    task = Task.objects.get(contact=contact, kind="todo")
    assert (task.title, task.assignee, task.created_by) == ("Poslat nabídku", petra, petra)
    assert "Poslat nabídku" in client_of(petra).get(contact.get_absolute_url()).content.decode()


def test_only_who_may_give_tasks_gives_them_to_a_colleague(petra, manager, tomas, client_of):
    contact = make.contact(petra)
    write(client_of(petra), contact, title="A", assignee=str(tomas.pk))
    write(client_of(manager), contact, title="B", assignee=str(tomas.pk))
    assert {task.title: task.assignee for task in Task.objects.filter(kind="todo")} == {"A": petra, "B": tomas}


@pytest.mark.parametrize(
    "values",
    [{"title": ""}, {"title": "x" * 251}, {"due_on": ""}, {"due_on": "nikdy"}, {"due_on": "2020-01-01"}],
)
def test_nonsense_is_refused_and_nothing_is_written(petra, client_of, values):
    contact = make.contact(petra)
    assert write(client_of(petra), contact, **values).status_code == 422
    assert not Task.objects.filter(kind="todo").exists()


def test_a_ticked_task_goes_to_the_timeline_and_can_be_taken_up_again(petra, client_of):
    contact = make.contact(petra)
    task = a_task(contact, petra)
    client = client_of(petra)
    page = client.post(reverse("tasks:done", args=[task.pk]), follow=True).content.decode()
    assert "Task done" in page
    undo = reverse("tasks:reopen", args=[task.pk])
    assert undo in page
    client.post(undo)
    assert Task.objects.get(pk=task.pk).done_at is None


def test_a_task_that_watches_an_end_offers_its_two_answers_and_no_tick(petra, client_of):
    contact = make.contact(petra, ground=make.consent_ground(days=20))
    task = a_renewal(contact, petra)
    client = client_of(petra)
    page = client.get(contact.get_absolute_url()).content.decode()
    assert reverse("consents:renew", args=[task.about_id]) in page
    assert reverse("gdpr_requests:erase", args=[contact.pk]) in page
    assert reverse("tasks:done", args=[task.pk]) not in page
    assert client.post(reverse("tasks:done", args=[task.pk])).status_code == 403


def test_a_task_of_a_hidden_card_is_not_found(petra, cizi, client_of):
    task = a_task(make.contact(petra), petra)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    assert client_of(cizi).post(reverse("tasks:done", args=[task.pk])).status_code == 404


def test_a_late_task_says_so(petra, client_of):
    contact = make.contact(petra)
    task = a_task(contact, petra)
    Task.objects.filter(pk=task.pk).update(due_on=TODAY() - dt.timedelta(days=3))
    assert 'class="due bad"' in client_of(petra).get(contact.get_absolute_url()).content.decode()


def test_a_task_put_off_from_the_card_leads_back_to_it(petra, client_of):
    contact = make.contact(petra)
    task = a_task(contact, petra)
    until = (TODAY() + dt.timedelta(days=3)).isoformat()
    answer = client_of(petra).post(reverse("tasks:snooze", args=[task.pk]) + "?card=1", {"until": until})
    assert answer.url == contact.get_absolute_url()
    assert "put off until" in client_of(petra).get(answer.url).content.decode()


def test_who_has_a_task_about_a_hidden_card_ticks_it_off_and_stays_on_the_list(petra, cizi, client_of):
    task = a_task(make.contact(petra), cizi)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    assert client_of(cizi).post(reverse("tasks:done", args=[task.pk])).url == reverse("tasks:list")
