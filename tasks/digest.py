"""The morning letter: what waits for each colleague, in numbers, kinds and days, and never whom it is about.

A letter travels open and stays in mailboxes, so it names no contact; the links lead to the list, where names are shown
to those who may see them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from accounts.models import Installation, User
from audit.services import record
from tasks.models import DigestSent, Task

SOON = dt.timedelta(days=7)


def send_all(day: dt.date | None = None) -> int:
    """Write to every colleague for whom something waits, once a day; returns how many letters left."""
    today = day or timezone.localdate()
    waiting = Task.objects.awake(today).filter(assignee__is_active=True)
    people = User.objects.filter(pk__in=waiting.values("assignee")).order_by("pk")
    return sum(send_to(user, today) for user in people)


def send_to(user: User, today: dt.date) -> bool:
    """Write to one colleague; False where they were written to today already, or nothing is due within a week.

    The row and the letter go together: where the mail server refuses, the row goes too and the next run tries again.
    """
    tasks = list(
        Task.objects.awake(today).filter(assignee=user, due_on__lte=today + SOON).order_by("due_on", "created_at")
    )
    if not tasks:
        return False
    try:
        with transaction.atomic():
            DigestSent.objects.create(user=user, day=today)
            record("digest.sent", actor=None, target=user, detail={"tasks": len(tasks)})
            _letter(user, tasks, today).send()
    except IntegrityError:
        return False
    return True


def _letter(user: User, tasks: Sequence[Task], today: dt.date) -> EmailMultiAlternatives:
    with translation.override(user.language):
        late = [task for task in tasks if task.due_on < today]
        context = {
            "late": late,
            "coming": tasks[len(late) :],
            "address": settings.SITE_URL.rstrip("/") + reverse("tasks:list"),
            "company": Installation.current().name,
        }
        subject = ngettext("Karta: %(count)d task waits", "Karta: %(count)d tasks wait", len(tasks))
        letter = EmailMultiAlternatives(
            subject % {"count": len(tasks)}, render_to_string("tasks/letters/digest.txt", context), None, [user.email]
        )
        letter.attach_alternative(render_to_string("tasks/letters/digest.html", context), "text/html")
    return letter
