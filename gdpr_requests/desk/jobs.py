"""The register's jobs. Each is safe to run twice, late or in parallel."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from gdpr_requests.desk.ending import end_old
from gdpr_requests.desk.reminders import remind


@shared_task(name="gdpr_requests.remind")
def remind_of_requests() -> None:
    """Make the tasks about requests that are due soon or late."""
    remind()


@shared_task(name="gdpr_requests.end_requests")
def end_requests() -> None:
    """Destroy answered requests whose time is over."""
    end_old()


SCHEDULE: dict[str, dict[str, Any]] = {
    # Every hour: a machine that slept at night catches up in the morning, and a run with nothing to do is quick.
    "gdpr-remind": {"task": "gdpr_requests.remind", "schedule": crontab(minute=25), "options": {"expires": 3600}},
    "gdpr-end-requests": {"task": "gdpr_requests.end_requests", "schedule": crontab(hour=3, minute=20)},
}
