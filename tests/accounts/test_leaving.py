"""A colleague leaves: out at once, their work in other hands, and in the end no name of theirs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation

from accounts import administration, ending
from accounts.models import User
from audit.models import AuditEvent
from tasks.models import Task
from tasks.services import create_task, finish_task
from tests.make import contact, purpose


@pytest.fixture
def work(petra):
    """A contact, an open task, a finished task and a purpose of Petra's."""
    card = contact(petra)
    Task.objects.all().delete()
    due = timezone.localdate() + dt.timedelta(days=5)
    tasks = [create_task(title="Zavolat", assignee=petra, due_on=due, actor=petra, contact=card) for _ in range(2)]
    finish_task(task=tasks[1], outcome=Task.Outcome.DONE, actor=petra)
    answered = purpose("newsletter")
    answered.owner = petra
    answered.save()
    return card, *tasks, answered


def hands(work) -> list[object]:
    card, opened, finished, answered = work
    for row in work:
        row.refresh_from_db()
    return [card.owner, opened.assignee, finished.assignee, answered.owner]


def test_deactivation_hands_over_the_work(confirmed, admin, petra, tomas, work):
    url = reverse("admin:accounts_user_deactivate", args=[petra.pk])
    page = confirmed(admin).post(url, {"heir": tomas.pk}, follow=True).content.decode()
    assert "3 things were handed over" in page
    # What is finished stays with whoever finished it.
    assert hands(work) == [tomas, tomas, petra, tomas]
    handed = AuditEvent.objects.get(action="user.handed_over")
    assert (handed.actor_id, handed.target_id) == (admin.pk, str(petra.pk))
    assert handed.detail == {"moved": 3, "to": str(tomas.pk)}
    card = work[0]
    changed = AuditEvent.objects.filter(contact_id=card.pk, action="contact.owner_changed")
    assert [(event.actor_id, event.fields) for event in changed] == [(admin.pk, ["owner"])]


def test_without_an_heir_nothing_waits_for_somebody_who_never_comes(admin, petra, dpo, work):
    administration.deactivate_user(actor=admin, user=petra)
    assert hands(work) == [None, dpo, petra, None]


def test_an_heir_must_be_able_to_look_after_contacts(confirmed, admin, auditor, petra, work):
    url = reverse("admin:accounts_user_deactivate", args=[petra.pk])
    assert list(confirmed(admin).post(url, {"heir": auditor.pk}).context["form"].errors) == ["heir"]
    petra.refresh_from_db()
    assert petra.is_active


def test_deactivation_ends_every_session_and_none_comes_back_with_the_account(client_of, admin, petra):
    client = client_of(petra)
    administration.deactivate_user(actor=admin, user=petra)
    assert client.get("/").status_code == 302
    petra.refresh_from_db()
    administration.activate_user(actor=admin, user=petra)
    assert client.get("/").status_code == 302


def test_a_changed_e_mail_ends_the_sessions_and_tells_the_old_address(
    client_of, admin, petra, mailoutbox, django_capture_on_commit_callbacks
):
    client, old = client_of(petra), petra.email
    with django_capture_on_commit_callbacks(execute=True):
        administration.change_user(actor=admin, user=petra, values={"email": "petra.mala@firma.example"})
    assert client.get("/").status_code == 302
    assert [letter.to for letter in mailoutbox] == [[old]]
    assert "petra.mala" not in mailoutbox[0].body + mailoutbox[0].subject


def leave(user: User, *, days_ago: int) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False, deactivated_at=timezone.now() - dt.timedelta(days=days_ago))


def test_three_years_later_no_name_is_left_and_the_work_keeps_an_author(petra, tomas, cizi, work, settings):
    leave(petra, days_ago=settings.FORMER_COLLEAGUE_DAYS + 1)
    leave(tomas, days_ago=settings.FORMER_COLLEAGUE_DAYS - 1)
    assert ending.forget_former_colleagues() == 1
    assert ending.forget_former_colleagues() == 0
    petra.refresh_from_db()
    assert (petra.full_name, petra.email) == ("", f"{petra.pk}@former.invalid")
    assert (petra.team, petra.last_login, petra.has_usable_password()) == (None, None, False)
    assert petra.groups.count() == 0
    with translation.override("en"):
        assert str(petra) == "former colleague"
    assert Task.objects.filter(done_by=petra).count() == 1
    tomas.refresh_from_db()
    assert tomas.full_name == "Tomas Novotný"


def test_an_account_without_a_name_is_never_opened_again(admin, petra, settings):
    leave(petra, days_ago=settings.FORMER_COLLEAGUE_DAYS + 1)
    ending.forget_former_colleagues()
    petra.refresh_from_db()
    with pytest.raises(PermissionDenied):
        administration.activate_user(actor=admin, user=petra)


def test_an_account_that_was_never_used_can_be_deleted_and_one_that_was_cannot(confirmed, admin, petra, tomas):
    tomas.last_login = timezone.now()
    tomas.save()
    client = confirmed(admin)
    answers = [
        client.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"}).status_code
        for user in (petra, tomas)
    ]
    assert answers == [302, 403]
    assert list(User.objects.filter(pk__in=[petra.pk, tomas.pk])) == [tomas]
