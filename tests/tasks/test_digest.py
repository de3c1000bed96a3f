"""The morning letter: once a day, in the colleague's language, and naming nobody."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from consents.scan import scan
from tasks import digest, jobs
from tasks.models import DigestSent, Task
from tasks.services import create_task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(petra: User) -> None:
    make.contact(petra, ground=make.consent_ground(days=3))
    scan()
    create_task(title="Zavolat Janě Novákové", assignee=petra, due_on=timezone.localdate(), actor=petra)


def test_the_letter_counts_and_links_and_names_nobody(waiting, petra: User) -> None:
    assert digest.send_all() == 1
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == ([petra.email], "Karta: 2 tasks wait")
    whole = letter.body + str(letter.alternatives)
    assert "Newsletter" in whole
    assert "/tasks/" in whole
    for personal in ("Novák", "Jana", "Janě", "jana@", "603"):
        assert personal not in whole


def test_nobody_gets_two_letters_on_one_day(waiting) -> None:
    assert (digest.send_all(), digest.send_all()) == (1, 0)
    assert len(mail.outbox) == 1
    assert digest.send_all(timezone.localdate() + dt.timedelta(days=1)) == 1


def test_who_has_nothing_to_do_is_left_in_peace(petra: User, tomas: User) -> None:
    far = timezone.localdate() + dt.timedelta(days=60)
    create_task(title="Někdy", assignee=petra, due_on=far, actor=petra)
    assert digest.send_all() == 0


def test_a_colleague_who_left_gets_no_letter(waiting, petra: User) -> None:
    User.objects.filter(pk=petra.pk).update(is_active=False)
    assert digest.send_all() == 0


def test_the_letter_is_in_the_colleagues_language(waiting, petra: User) -> None:
    User.objects.filter(pk=petra.pk).update(language="cs")
    digest.send_all()
    assert mail.outbox[0].subject == "Karta: čekají 2\xa0úkoly"


def test_where_the_mail_server_refuses_the_letter_is_tried_again(waiting, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    with pytest.raises(OSError, match="refused"):
        digest.send_all()
    assert DigestSent.objects.count() == 0


def test_finished_tasks_about_nobody_end_after_a_year(petra: User) -> None:
    old = create_task(title="x", assignee=petra, due_on=timezone.localdate(), actor=petra)
    kept = create_task(title="y", assignee=petra, due_on=timezone.localdate(), actor=petra)
    Task.objects.filter(pk=old.pk).update(done_at=timezone.now() - dt.timedelta(days=366), outcome="done")
    jobs.end_old()
    assert list(Task.objects.all()) == [kept]
