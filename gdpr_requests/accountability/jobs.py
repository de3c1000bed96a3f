"""Scheduled work of accountability. Every job is safe to run twice, late or in parallel."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from gdpr_requests.accountability import publishing


@shared_task(name="gdpr_requests.keep_notice")
def keep_notice() -> int:
    """Publish the information under Art. 13 and 14 anew where it has changed."""
    return publishing.keep_notices()


SCHEDULE: dict[str, dict[str, Any]] = {
    # Also queued by every change of a purpose or of the company; this catches up what was lost.
    "gdpr-keep-notice": {"task": "gdpr_requests.keep_notice", "schedule": crontab(minute="*/10")},
}
