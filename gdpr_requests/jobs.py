"""Scheduled work of the desk. Every job is safe to run twice, late or in parallel."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.apps import apps
from django.utils import timezone

from gdpr_requests.accountability import jobs as accountability
from gdpr_requests.backup import jobs as backup
from gdpr_requests.breaches import jobs as breaches
from gdpr_requests.delivery import jobs as deliveries
from gdpr_requests.desk import jobs as desk
from gdpr_requests.erasure.jobs import SCHEDULE as ERASURES
from gdpr_requests.erasure.retention import purge_ended
from gdpr_requests.letters import jobs as letters
from gdpr_requests.services.recipients import plan_notices
from privacy.files import store

# A file is sealed on the disk before its row is committed; only one that is older than any transaction has no owner.
ORPHAN_AGE = timedelta(hours=6)


@shared_task(name="gdpr_requests.purge_retained")
def purge_retained() -> None:
    """Let go of what a legal duty kept and keeps no longer."""
    purge_ended()


@shared_task(name="gdpr_requests.sweep_files")
def sweep_files() -> int:
    """Delete sealed files that no row knows: leftovers of crashes and of failed transactions."""
    before = time.time() - ORPHAN_AGE.total_seconds()
    # The disk is read first: a file that appears while the rows are read is too young to be touched.
    old = [name for name in store.names() if (store.root / name).stat().st_mtime < before]
    known = set()
    for model in apps.get_models():
        if any(field.name == "storage_name" for field in model._meta.concrete_fields):
            known |= set(model._base_manager.values_list("storage_name", flat=True))
    orphans = [name for name in old if name not in known]
    for name in orphans:
        store.delete(name)
    return len(orphans)


@shared_task(name="gdpr_requests.plan_notices")
def plan_recipient_notices() -> int:
    """Make tasks to tell recipients of corrections. Looks two days back, so that a missed day is caught up."""
    return plan_notices(since=timezone.now() - timedelta(days=2))


SCHEDULE: dict[str, dict[str, Any]] = {
    **breaches.SCHEDULE,
    **ERASURES,
    "gdpr-purge-retained": {"task": "gdpr_requests.purge_retained", "schedule": crontab(hour=2, minute=10)},
    "gdpr-plan-notices": {"task": "gdpr_requests.plan_notices", "schedule": crontab(minute="*/10")},
    "gdpr-sweep-files": {"task": "gdpr_requests.sweep_files", "schedule": crontab(hour=4, minute=5)},
    **accountability.SCHEDULE,
    **backup.SCHEDULE,
    **desk.SCHEDULE,
    **letters.SCHEDULE,
    **deliveries.SCHEDULE,
}
