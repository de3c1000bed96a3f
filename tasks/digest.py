"""The morning letter: what waits for each colleague, in numbers, kinds and days, and never whom it is about.

A letter travels open and stays in mailboxes, so it names no contact; the links lead to the list, where names are shown
to those who may see them. It is written when something is late, due within a week, or new since the last one.

At most one letter a day and person: a row is claimed before the letter leaves. Where the mail server surely did not
take it, the claim is given back and the next run tries again; where nobody knows, it is not tried again.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from accounts.models import Installation, User
from audit.services import record
from tasks.models import DigestSent, Task

logger = logging.getLogger(__name__)
SOON = dt.timedelta(days=7)
# How often one letter is tried on its day, and how many lines of one part it shows.
ATTEMPTS = 20
LINES = 15


@dataclass(frozen=True)
class Line:
    """Tasks of the same kind and day about the same purpose."""

    text: str
    day: dt.date
    count: int


@dataclass(frozen=True)
class Part:
    """One part of the letter: heading, address of the list, first lines, and how many tasks they leave out."""

    heading: str
    address: str
    lines: list[Line]
    more: int


def plan(day: dt.date | None = None) -> int:
    """Note for whom there is a letter today; returns how many are new. Doing it twice notes nobody twice."""
    today = day or timezone.localdate()
    waiting = Task.objects.awake(today).filter(assignee__is_active=True)
    people = User.objects.filter(pk__in=waiting.values("assignee")).order_by("pk")
    noted = set(DigestSent.objects.filter(day=today).values_list("user_id", flat=True))
    rows = [DigestSent(user=user, day=today) for user in people if user.pk not in noted and _content(user, today)]
    DigestSent.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def send_planned(day: dt.date | None = None) -> int:
    """Send the letters of the day that have not left yet; returns how many left. Safe in many processes at once."""
    today = day or timezone.localdate()
    waiting = DigestSent.objects.filter(
        day=today, claimed_at__isnull=True, attempts__lt=ATTEMPTS, user__is_active=True
    ).select_related("user")
    return sum(_send(row) for row in waiting.order_by("pk"))


def _send(row: DigestSent) -> bool:
    mine = DigestSent.objects.filter(pk=row.pk, claimed_at__isnull=True)
    if not mine.update(claimed_at=timezone.now(), attempts=F("attempts") + 1):
        return False
    tasks = _content(row.user, row.day)
    if not tasks:
        return False
    if not _delivered(_letter(row.user, tasks, row.day), row):
        return False
    DigestSent.objects.filter(pk=row.pk).update(sent_at=timezone.now())
    record("digest.sent", actor=None, target=row.user, detail={"tasks": len(tasks)})
    return True


def _delivered(letter: EmailMultiAlternatives, row: DigestSent) -> bool:
    """Hand the letter over. The log names the row and the sort of trouble, never an address."""
    connection = get_connection()
    is_open = False
    try:
        connection.open()
        is_open = True
        connection.send_messages([letter])
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("Letter %s was not handed over: %s", row.pk, type(error).__name__)
        # The server did not answer, or said no: the letter is here still. A connection that broke in between may
        # have delivered it.
        if not is_open or isinstance(error, (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)):
            DigestSent.objects.filter(pk=row.pk).update(claimed_at=None)
        return False
    finally:
        connection.close()
    return True


def _content(user: User, today: dt.date) -> list[Task]:
    """The open tasks of the colleague, or none at all where nothing of it is late, near or new."""
    tasks = list(Task.objects.awake(today).filter(assignee=user).order_by("due_on", "kind", "label"))
    since = _last_letter(user, today)
    telling = any(task.due_on <= today + SOON or _is_new(task, since) for task in tasks)
    return tasks if telling else []


def _last_letter(user: User, today: dt.date) -> dt.datetime | None:
    return (
        DigestSent.objects.filter(user=user, day__lt=today, sent_at__isnull=False)
        .order_by("-day")
        .values_list("sent_at", flat=True)
        .first()
    )


def _is_new(task: Task, since: dt.datetime | None) -> bool:
    """Whether the colleague has not been told of it. What they wrote for themselves is no news."""
    return task.created_by_id != task.assignee_id and (since is None or task.created_at > since)


def _letter(user: User, tasks: Sequence[Task], today: dt.date) -> EmailMultiAlternatives:
    with translation.override(user.language):
        context = {
            "parts": _parts(tasks, today, _last_letter(user, today)),
            "address": _address(""),
            "company": Installation.current().name,
            "language": user.language,
        }
        subject = ngettext("Karta: %(count)d task waits", "Karta: %(count)d tasks wait", len(tasks))
        letter = EmailMultiAlternatives(
            subject % {"count": len(tasks)}, render_to_string("tasks/letters/digest.txt", context), None, [user.email]
        )
        letter.attach_alternative(render_to_string("tasks/letters/digest.html", context), "text/html")
    return letter


def _parts(tasks: Sequence[Task], today: dt.date, since: dt.datetime | None) -> list[Part]:
    """Late, within a week, new, later: each task in the first part that it belongs to; empty parts are left out."""
    late = [task for task in tasks if task.due_on < today]
    near = [task for task in tasks if today <= task.due_on <= today + SOON]
    far = [task for task in tasks if task.due_on > today + SOON]
    new = [task for task in far if _is_new(task, since)]
    later = [task for task in far if not _is_new(task, since)]
    found = [
        _part(gettext("Late"), _address("?tab=overdue"), late),
        _part(gettext("Within a week"), _address(""), near),
        _part(gettext("New"), _address(""), new),
        _part(gettext("Later"), _address(""), later),
    ]
    return [part for part in found if part.lines]


def _part(heading: str, address: str, tasks: Sequence[Task]) -> Part:
    def alike(task: Task) -> tuple[dt.date, str, str]:
        return task.due_on, task.kind, task.label

    groups = [list(group) for _, group in groupby(tasks, alike)]
    lines = [Line(text=_words(group[0]), day=group[0].due_on, count=len(group)) for group in groups[:LINES]]
    return Part(heading, address, lines, more=len(tasks) - sum(line.count for line in lines))


def _words(task: Task) -> str:
    """The kind and the purpose. What a colleague wrote may name somebody: it stays in the house."""
    kind = str(task.get_kind_display())
    return f"{kind}: {task.label}" if task.label else kind


def _address(query: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{reverse('tasks:list')}{query}"
