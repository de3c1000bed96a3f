"""Scheduled work on the audit record."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.conf import settings
from django.utils import timezone

from audit import anchor, chain, pruning, verification


@shared_task(name="audit.link_events")
def link_audit_events() -> None:
    """Link the events of the last minute."""
    chain.link_events()


@shared_task(name="audit.link_late_events")
def link_late_audit_events() -> None:
    """Look through the whole record for events that were committed more than a day late."""
    chain.link_events(everything=True)


@shared_task(name="audit.prune")
def prune_audit() -> None:
    """Let go of what is older than settings.AUDIT_RETENTION_DAYS."""
    pruning.prune(before=timezone.now() - timedelta(days=settings.AUDIT_RETENTION_DAYS))


@shared_task(name="audit.verify")
def verify_audit_record() -> None:
    """Verify the whole record once a day; while it does not hold, every hour."""
    last = verification.last_verification()
    if last and last.action == verification.VERIFIED and timezone.now() - last.at < timedelta(hours=23):
        return
    verdict = verification.verify_and_record()
    if not verdict.ok:
        anchor.alarm(verdict.reason)


SCHEDULE: dict[str, dict[str, Any]] = {
    # A run that waited for more than a minute is not needed any more: the next one does its work.
    "audit-link": {"task": "audit.link_events", "schedule": 60.0, "options": {"expires": 60}},
    "audit-link-late": {"task": "audit.link_late_events", "schedule": crontab(hour=2, minute=40)},
    "audit-verify": {"task": "audit.verify", "schedule": crontab(minute=50), "options": {"expires": 3000}},
    "audit-prune": {"task": "audit.prune", "schedule": crontab(hour=3, minute=20)},
}
