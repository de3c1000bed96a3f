"""Scheduled work about letters. Every job is safe to run twice, late or in parallel."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.schedules import crontab

from gdpr_requests.letters import batches, delivery, duty


@shared_task(name="gdpr_requests.deliver_letter")
def deliver_letter(letter_id: str) -> None:
    """Hand one letter over to the mail server."""
    delivery.deliver(UUID(letter_id))


@shared_task(name="gdpr_requests.deliver_letters")
def deliver_letters() -> int:
    """Letters whose message was lost or whose server could not be reached; and those that a worker died over."""
    return delivery.deliver_waiting()


@shared_task(name="gdpr_requests.inform_batch")
def inform_batch(batch_id: str, actor_id: str) -> int:
    """Write to everybody of one import (Art. 14)."""
    return batches.inform_batch(UUID(batch_id), UUID(actor_id))


@shared_task(name="gdpr_requests.watch_indirect")
def watch_indirect() -> None:
    """Tasks to inform people whose data came from elsewhere (Art. 14)."""
    duty.watch()


SCHEDULE: dict[str, dict[str, Any]] = {
    "gdpr-letters": {
        "task": "gdpr_requests.deliver_letters",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "gdpr-indirect": {"task": "gdpr_requests.watch_indirect", "schedule": crontab(minute=25)},
}
