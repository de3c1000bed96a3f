"""Outreach's jobs: the end of what is known of lists that left long ago."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from outreach.services import end_old_lists


@shared_task(name="outreach.end_old_lists")
def end_old() -> None:
    """Safe to run twice or late."""
    end_old_lists()


SCHEDULE: dict[str, dict[str, Any]] = {
    "outreach-end-old": {"task": "outreach.end_old_lists", "schedule": crontab(hour=4, minute=20)},
}
