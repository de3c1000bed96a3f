"""What day it is, by the database's clock: several machines agree on it, whatever their own clocks say."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone


def moment() -> dt.datetime:
    """The moment by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        now: dt.datetime | str = cursor.fetchone()[0]
    if isinstance(now, str):  # SQLite: UTC, without saying so
        return dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    return now if now.tzinfo else now.replace(tzinfo=dt.UTC)


def today() -> dt.date:
    """The day in the installation's time zone; a period's last day ends at its midnight, summer time or not."""
    return timezone.localdate(moment())
