"""The intake's jobs: imports run in the worker; one that was cut short is found and goes on."""

from __future__ import annotations

import datetime as dt
import uuid

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from intake.batch import running, services
from intake.models import ImportBatch
from privacy.queue import enqueue

# A batch in the queue or at work that nobody has touched for so long has lost its worker or its message.
FORGOTTEN_AFTER = dt.timedelta(minutes=2)


@shared_task(name="intake.run_import")
def run_import(pk: str) -> None:
    """Bring a batch in. The message is only a hint: the batch's row says what is still to be done."""
    running.run(uuid.UUID(pk))


@shared_task(name="intake.resume_imports")
def resume_imports() -> int:
    """Go on with batches that were left behind."""
    before = timezone.now() - FORGOTTEN_AFTER
    waiting = [ImportBatch.State.QUEUED, ImportBatch.State.RUNNING]
    left = ImportBatch.objects.filter(state__in=waiting, touched_at__lt=before).values_list("pk", flat=True)
    for pk in list(left):
        enqueue("intake.run_import", pk)
    return len(left)


@shared_task(name="intake.purge_imports")
def purge_imports() -> int:
    """Destroy what is left of imports that ended thirty days ago, and later their counts too."""
    services.end_old()
    return services.purge()


SCHEDULE = {
    "resume-imports": {"task": "intake.resume_imports", "schedule": 60.0},
    "purge-imports": {"task": "intake.purge_imports", "schedule": crontab(hour=3, minute=20)},
}
