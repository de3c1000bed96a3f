"""Beat: composes the schedule from all rooms and shows that it is alive."""

from __future__ import annotations

import importlib.util
import time
from importlib import import_module
from typing import Any

from celery.beat import PersistentScheduler
from django.apps import apps
from django.core.cache import cache

HEARTBEAT_KEY = "beat-heartbeat"
# Seconds between two heartbeats, and the age at which beat counts as dead.
HEARTBEAT_EVERY = 20
HEARTBEAT_DEADLINE = 90


def schedule() -> dict[str, dict[str, Any]]:
    """Every room's `jobs.SCHEDULE`, put together. The schedule is code: reviewed and versioned like the rest.

    Raises ValueError when two rooms use the same name, since one of the jobs would silently never run.
    """
    composed: dict[str, dict[str, Any]] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.jobs"
        if importlib.util.find_spec(name) is None:
            continue
        for job, entry in getattr(import_module(name), "SCHEDULE", {}).items():
            if job in composed:
                raise ValueError(f"Two rooms schedule a job named {job!r}")
            composed[job] = entry
    return composed


class Scheduler(PersistentScheduler):
    """Celery's own scheduler with the composed schedule. Its file remembers last runs, so a missed job is caught up."""

    _beaten_at = float("-inf")

    def setup_schedule(self) -> None:
        self.app.conf.beat_schedule = schedule()
        super().setup_schedule()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if time.monotonic() - self._beaten_at >= HEARTBEAT_EVERY:
            cache.set(HEARTBEAT_KEY, time.time(), timeout=None)
            self._beaten_at = time.monotonic()
        return min(float(super().tick(*args, **kwargs)), float(HEARTBEAT_EVERY))


def beat_is_alive() -> bool:
    """Whether the scheduler has shown itself within the deadline."""
    beaten_at = cache.get(HEARTBEAT_KEY)
    return beaten_at is not None and time.time() - beaten_at < HEARTBEAT_DEADLINE
