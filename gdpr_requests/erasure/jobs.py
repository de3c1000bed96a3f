"""Scheduled work of erasures. Every job is safe to run twice, late or in parallel; the rows say what is to be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.schedules import crontab
from django.db import OperationalError

from gdpr_requests.erasure.ending import end_certificates
from gdpr_requests.erasure.finishing import finish_interrupted
from gdpr_requests.erasure.scrubbing import scrub
from gdpr_requests.erasure.worker import end_finished, left_behind, work
from gdpr_requests.models import ErasureRun
from privacy.queue import enqueue

# How many erasures one message is good for: others get their turn in between.
SLICE = 100


@shared_task(name="gdpr_requests.work_run", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def work_run(run_id: str) -> None:
    """Erase the next cards of a run, then queue the rest."""
    if not ErasureRun.objects.filter(pk=run_id).exists():
        return
    if work(UUID(run_id), most=SLICE):
        enqueue("gdpr_requests.work_run", run_id)


@shared_task(name="gdpr_requests.resume_erasures")
def resume_erasures() -> int:
    """Go on with runs that were left behind, and with what waited for a hold that is over."""
    end_finished()
    runs = left_behind()
    for run_id in runs:
        enqueue("gdpr_requests.work_run", run_id)
    return len(runs)


@shared_task(name="gdpr_requests.finish_erasures")
def finish_erasures() -> None:
    """Check erasures whose process died right after the commit."""
    finish_interrupted()


@shared_task(name="gdpr_requests.end_certificates")
def end_old_certificates() -> int:
    """Let go of certificates after ten years."""
    return end_certificates()


@shared_task(name="gdpr_requests.scrub_database")
def scrub_database() -> bool:
    """Let the database's own files forget what was erased (SQLite keeps old pages in its log)."""
    return scrub()


SCHEDULE: dict[str, dict[str, Any]] = {
    "gdpr-resume-erasures": {"task": "gdpr_requests.resume_erasures", "schedule": 60.0},
    "gdpr-finish-erasures": {"task": "gdpr_requests.finish_erasures", "schedule": 60.0},
    "gdpr-scrub-database": {"task": "gdpr_requests.scrub_database", "schedule": crontab(minute="*/10")},
    "gdpr-end-certificates": {"task": "gdpr_requests.end_certificates", "schedule": crontab(hour=2, minute=40)},
}
