"""The consents' jobs: the watch, and the end of what was to be left alone only for a time."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from consents import clock
from consents.scan import scan
from consents.services import suppression


@shared_task(name="consents.scan")
def scan_consents() -> None:
    """Look through consents and grounds. Safe to run twice, late and in parallel."""
    scan()


@shared_task(name="consents.end_suppressions")
def end_suppressions() -> None:
    """Forget hashes whose time is over."""
    suppression.end_old(clock.today())


SCHEDULE: dict[str, dict[str, Any]] = {
    # Every hour: a machine that slept at night catches up in the morning, and a run with nothing to do is quick. One
    # that waited for an hour is not needed any more.
    "consents-scan": {"task": "consents.scan", "schedule": crontab(minute=5), "options": {"expires": 3600}},
    "consents-end-suppressions": {"task": "consents.end_suppressions", "schedule": crontab(hour=3, minute=40)},
}
