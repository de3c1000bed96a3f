"""Whether the parts that this installation is made of can be reached and are alive."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from crm.beat import beat_is_alive
from crm.celery import app

logger = logging.getLogger(__name__)


def database_answers() -> bool:
    """Whether the database runs a statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def broker_answers(address: str | None = None) -> bool:
    """Whether a job could be queued now; at most two seconds of waiting."""
    with app.connection_for_write(address, connect_timeout=2) as broker:
        channel: Any = broker.default_channel
        channel.queue_declare(app.conf.task_default_queue)
    return True


PARTS: dict[str, Callable[[], bool]] = {"database": database_answers, "broker": broker_answers, "beat": beat_is_alive}


def report() -> dict[str, bool]:
    """Every part and whether it is well. The reason of a failure goes to the log by its type only."""
    return {name: _is_well(name, probe) for name, probe in PARTS.items()}


def _is_well(name: str, probe: Callable[[], bool]) -> bool:
    try:
        well = probe()
    except (DatabaseError, KombuError, RedisError, OSError) as problem:
        logger.error("Health: %s fails with %s", name, type(problem).__name__)
        return False
    if not well:
        logger.info("Health: %s is silent", name)
    return well
