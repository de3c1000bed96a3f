"""The morning letter: once a day, in the colleague's language, and naming nobody."""

from __future__ import annotations

import datetime as dt
import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from consents.scan import scan
from tasks import digest, jobs
from tasks.models import DigestSent, Task
from tasks.services import create_task, end_old_rows, finish_task
from tests import make

pytestmark = pytest.mark.django_db


def day(distance: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=distance)


def morning(distance: int = 0) -> int:
    """What the job does; returns how many letters left."""
    digest.plan(day(distance))
    return digest.send_planned(day(distance))


@pytest.fixture
def waiting(petra: User) -> None:
    """Petra has a consent to renew and a call to make."""
    make.contact(petra, ground=make.consent_ground(days=3))
    scan()
    create_task(title="Zavolat Janě Novákové", assignee=petra, due_on=day(), actor=petra)


def test_the_letter_counts_and_links_and_names_nobody(waiting, petra: User) -> None:
    assert morning() == 1
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == ([petra.email], "Karta: 2 tasks wait")
    whole = letter.body + str(letter.alternatives)
    assert "Newsletter" in whole
    assert "/tasks/" in whole
    for personal in ("Novák", "Jana", "Janě", "jana@", "603"):
        assert personal not in whole
    assert AuditEvent.objects.get(action="digest.sent").detail == {"tasks": 2}


def test_the_letter_says_first_what_is_late_and_puts_alike_tasks_together(petra: User, manager: User) -> None:
    for number in range(3):
        make.contact(petra, first_name=f"Eva {number}", email=None, phone=None, ground=make.consent_ground(days=3))
    make.contact(petra, first_name="Ota", email=None, phone=None, ground=make.consent_ground(days=20))
    scan()
    for distance in (-2, 0, 40):
        create_task(title="Zavolat", assignee=petra, due_on=day(distance), actor=petra)
    morning()
    lines = [line.replace("\xa0", " ") for line in mail.outbox[0].body.splitlines() if line and "http" not in line]

    def on(distance: int) -> str:
        return f"- {day(distance):%-d %b %Y}"

    assert lines[:9] == [
        "Late",
        f"{on(-2)} To do",
        "Within a week",
        f"{on(0)} To do",
        f"{on(3)} Ask for renewal of the consent: Newsletter (3×)",
        "New",
        f"{on(20)} Ask for renewal of the consent: Newsletter",
        "Later",
        f"{on(40)} To do",
    ]


def test_a_long_list_is_cut_and_says_how_much_is_left_out(petra: User) -> None:
    for number in range(20):
        create_task(title="x", assignee=petra, due_on=day(-1 - number), actor=petra)
    morning()
    assert "and 5 more" in mail.outbox[0].body
    assert "and 5 more" in str(mail.outbox[0].alternatives)


def test_nobody_gets_two_letters_on_one_day(waiting) -> None:
    assert [morning(), morning()] == [1, 0]
    assert len(mail.outbox) == 1
    assert morning(1) == 1


def test_what_is_new_is_told_once_and_again_when_it_is_near(petra: User) -> None:
    make.contact(petra, ground=make.consent_ground(days=20))
    scan()
    assert [morning(distance) for distance in (0, 1, 12, 13, 14)] == [1, 0, 0, 1, 1]


def test_who_has_nothing_to_do_is_left_in_peace(petra: User, tomas: User) -> None:
    create_task(title="Někdy", assignee=petra, due_on=day(60), actor=petra)
    done = create_task(title="Hotovo", assignee=petra, due_on=day(), actor=petra)
    finish_task(task=done, outcome="done", actor=petra)
    asleep = create_task(title="Spí", assignee=petra, due_on=day(), actor=petra)
    Task.objects.filter(pk=asleep.pk).update(snoozed_until=day(1))
    assert morning() == 0
    assert not DigestSent.objects.exists()


def test_what_was_finished_before_the_letter_left_is_not_written_about(waiting, petra: User) -> None:
    digest.plan()
    Task.objects.update(done_at=timezone.now(), outcome="done")
    assert digest.send_planned() == 0
    assert mail.outbox == []


def test_a_colleague_who_left_gets_no_letter(waiting, petra: User) -> None:
    digest.plan()
    User.objects.filter(pk=petra.pk).update(is_active=False)
    assert (digest.send_planned(), digest.plan(day(1))) == (0, 0)


def test_the_letter_is_in_the_colleagues_language(waiting, petra: User) -> None:
    User.objects.filter(pk=petra.pk).update(language="cs")
    morning()
    letter = mail.outbox[0]
    assert letter.subject == "Karta: čekají 2\xa0úkoly"
    assert '<html lang="cs">' in str(letter.alternatives)
    assert "Do týdne" in letter.body


class Refusing(EmailBackend):
    """A server that says no to the first address it is given, clearly or by hanging up."""

    trouble: Exception = smtplib.SMTPRecipientsRefused({})

    def send_messages(self, messages):
        if messages[0].to[0].startswith("petra"):
            raise self.trouble
        return super().send_messages(messages)


def test_one_address_that_is_refused_holds_nobody_up_and_is_tried_again(waiting, tomas: User, settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    create_task(title="x", assignee=tomas, due_on=day(), actor=tomas)
    assert morning() == 1
    assert [letter.to for letter in mail.outbox] == [[tomas.email]]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert [digest.send_planned(), digest.send_planned()] == [1, 0]


def test_a_letter_that_may_have_arrived_is_not_sent_twice(waiting, settings, monkeypatch) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "trouble", smtplib.SMTPServerDisconnected("gone"))
    assert [morning(), morning()] == [0, 0]
    assert DigestSent.objects.get().attempts == 1


def test_a_letter_is_not_tried_for_ever(waiting, settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    digest.plan()
    for _ in range(digest.ATTEMPTS + 5):
        digest.send_planned()
    assert DigestSent.objects.get().attempts == digest.ATTEMPTS


def test_where_no_mail_server_answers_the_letter_waits_for_it(waiting, settings, caplog, petra: User) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    assert morning() == 0
    assert petra.email not in caplog.text
    assert "ConnectionRefusedError" in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert digest.send_planned() == 1


def test_the_job_writes_and_the_later_one_tries_again(waiting) -> None:
    jobs.send_digests()
    jobs.send_late_digests()
    assert len(mail.outbox) == 1


def test_finished_tasks_about_nobody_and_old_letters_end_after_a_year(petra: User) -> None:
    old = create_task(title="x", assignee=petra, due_on=day(), actor=petra)
    kept = create_task(title="y", assignee=petra, due_on=day(), actor=petra)
    about = create_task(title="z", assignee=petra, due_on=day(), actor=petra, contact=make.contact(petra))
    ended = timezone.now() - dt.timedelta(days=366)
    Task.objects.filter(pk__in=[old.pk, about.pk]).update(done_at=ended, outcome="done")
    DigestSent.objects.create(user=petra, day=day(-366))
    DigestSent.objects.create(user=petra, day=day(-3))
    assert end_old_rows() == 1
    assert set(Task.objects.all()) == {kept, about}
    assert [row.day for row in DigestSent.objects.all()] == [day(-3)]
