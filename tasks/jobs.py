"""The tasks' jobs: the morning letter, and the end of what was done long ago."""

from __future__ import annotations

import datetime as dt
import smtplib
from typing import Any

from celery import Task as CeleryTask
from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from tasks import digest
from tasks.models import DigestSent, Task

KEPT = dt.timedelta(days=365)


@shared_task(
    name="tasks.send_digests",
    bind=True,
    autoretry_for=(OSError, smtplib.SMTPException),
    retry_backoff=60,
    max_retries=8,
)
def send_digests(_job: CeleryTask[..., int]) -> int:
    """Write to everybody for whom something waits. Safe to run twice: each gets at most one letter a day."""
    return digest.send_all()


@shared_task(name="tasks.end_old")
def end_old() -> None:
    """Forget finished tasks about no contact after a year, and which days letters were sent on."""
    before = timezone.now() - KEPT
    Task.objects.filter(contact__isnull=True, done_at__lt=before).delete()
    DigestSent.objects.filter(day__lt=before.date()).delete()


SCHEDULE: dict[str, dict[str, Any]] = {
    "tasks-digests": {"task": "tasks.send_digests", "schedule": crontab(hour=7, minute=0)},
    "tasks-end-old": {"task": "tasks.end_old", "schedule": crontab(hour=3, minute=50)},
}
