"""The end of copies that nobody fetched."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from gdpr_requests.delivery.services import end_expired


@shared_task(name="gdpr_requests.end_deliveries")
def end_deliveries() -> None:
    """Delete copies whose time ran out. Safe to run twice, late and in parallel."""
    end_expired()


SCHEDULE: dict[str, dict[str, Any]] = {
    "gdpr-end-deliveries": {"task": "gdpr_requests.end_deliveries", "schedule": crontab(minute=20)},
}
