"""Scheduled work of accountability. Every job is safe to run twice, late or in parallel."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.schedules import crontab

from gdpr_requests.accountability import publishing
from gdpr_requests.accountability.pack import building, services


@shared_task(name="gdpr_requests.keep_notice")
def keep_notice() -> int:
    """Publish the information under Art. 13 and 14 anew where it has changed."""
    return publishing.keep_notices()


@shared_task(name="gdpr_requests.build_pack")
def build_pack(pk: str) -> None:
    """Put a pack for an inspector together. The message is only a hint: the row says whether it is still to be made."""
    building.build(UUID(pk))


@shared_task(name="gdpr_requests.resume_packs")
def resume_packs() -> int:
    """Go on with packs that were left behind."""
    return services.resume()


@shared_task(name="gdpr_requests.end_packs")
def end_packs() -> int:
    """Destroy packs whose seven days are over."""
    return services.end_packs()


SCHEDULE: dict[str, dict[str, Any]] = {
    # Also queued by every change of a purpose or of the company; this catches up what was lost.
    "gdpr-keep-notice": {"task": "gdpr_requests.keep_notice", "schedule": crontab(minute="*/10")},
    "gdpr-resume-packs": {"task": "gdpr_requests.resume_packs", "schedule": 60.0},
    "gdpr-end-packs": {"task": "gdpr_requests.end_packs", "schedule": crontab(hour=3, minute=10)},
}
