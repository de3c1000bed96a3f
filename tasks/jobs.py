"""The tasks' jobs: the morning letter, and the end of what was done long ago."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from tasks import digest
from tasks.services import end_old_rows


@shared_task(name="tasks.send_digests")
def send_digests() -> None:
    """Write to everybody for whom something waits. Safe to run twice: each gets at most one letter a day."""
    digest.plan()
    digest.send_planned()


@shared_task(name="tasks.send_late_digests")
def send_late_digests() -> None:
    """Try again what the mail server did not take in the morning."""
    digest.send_planned()


@shared_task(name="tasks.end_old")
def end_old() -> None:
    """Forget finished tasks about no contact after a year, and which days letters were sent on."""
    end_old_rows()


SCHEDULE: dict[str, dict[str, Any]] = {
    "tasks-digests": {"task": "tasks.send_digests", "schedule": crontab(hour=7, minute=0)},
    "tasks-late-digests": {
        "task": "tasks.send_late_digests",
        "schedule": crontab(hour="7-20", minute="10,25,40,55"),
        "options": {"expires": 900},
    },
    "tasks-end-old": {"task": "tasks.end_old", "schedule": crontab(hour=3, minute=50)},
}
