"""Periods: always finite, counted in whole months, their last day included."""

from __future__ import annotations

import calendar
import datetime as dt


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, clamped to the end of a shorter month (Reg. 1182/71, Art. 3(2)(c))."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return dt.date(year, month0 + 1, min(day.day, last))


def last_day(start: dt.date, months: int) -> dt.date:
    """The last day of a period of so many months that starts on `start`."""
    return add_months(start, months)
