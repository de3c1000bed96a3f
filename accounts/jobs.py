"""What the worker does about accounts. Messages carry ids only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.schedules import crontab
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import ending, letters
from accounts.links import LinkKind
from accounts.models import AttemptCounter, User


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=5)
def send_link(user_id: str, kind: str) -> None:
    """Send somebody the link that sets their password; nobody gets one whose account is closed or unknown."""
    user = User.objects.active().filter(pk=UUID(user_id)).first()
    if user is not None:
        letters.send_link(user=user, kind=LinkKind(kind))


@shared_task
def clear_ended() -> None:
    """Remove what has ended by itself: sessions and counters of attempts."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    AttemptCounter.objects.filter(ends_at__lt=timezone.now()).delete()


@shared_task
def forget_former_colleagues() -> None:
    """Take the names off accounts that closed long ago."""
    ending.forget_former_colleagues()


def _nightly(name: str, minute: int) -> dict[str, Any]:
    return {"task": f"accounts.jobs.{name}", "schedule": crontab(hour=3, minute=minute)}


SCHEDULE: dict[str, dict[str, Any]] = {
    "accounts-clear-ended": _nightly("clear_ended", 10),
    "accounts-forget-former": _nightly("forget_former_colleagues", 20),
}
