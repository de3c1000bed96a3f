"""Scheduled work of erasures. Every job is safe to run twice, late or in parallel; the rows say what is to be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import OperationalError

from gdpr_requests.erasure.finishing import finish_interrupted
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


SCHEDULE: dict[str, dict[str, Any]] = {
    "gdpr-resume-erasures": {"task": "gdpr_requests.resume_erasures", "schedule": 60.0},
    "gdpr-finish-erasures": {"task": "gdpr_requests.finish_erasures", "schedule": 60.0},
}
