"""The register's jobs: the clock, and the end of old entries. Safe to run twice, late or in parallel."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from gdpr_requests.breaches import clock, services


@shared_task(name="gdpr_requests.watch_breaches")
def watch_breaches() -> None:
    """Make the tasks of the 72 hours as they come due."""
    clock.watch()


@shared_task(name="gdpr_requests.end_breaches")
def end_breaches() -> None:
    """Let go of entries whose own time is over."""
    services.end_old()


SCHEDULE: dict[str, dict[str, Any]] = {
    "gdpr-watch-breaches": {"task": "gdpr_requests.watch_breaches", "schedule": crontab(minute="*/5")},
    "gdpr-end-breaches": {"task": "gdpr_requests.end_breaches", "schedule": crontab(hour=3, minute=20)},
}
