"""Periods: always finite, counted in whole months, their last day included."""

from __future__ import annotations

import calendar
import datetime as dt

from django.utils import timezone
from django.utils.translation import ngettext


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, clamped to the end of a shorter month (Reg. 1182/71, Art. 3(2)(c))."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return dt.date(year, month0 + 1, min(day.day, last))


def last_day(start: dt.date, months: int) -> dt.date:
    """The last day of a period of so many months that starts on `start`."""
    return add_months(start, months)


def length_text(months: int) -> str:
    """How long a period is: „10 let“, or months where they make no whole years; number and word stay together."""
    if months % 12:
        text = ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    else:
        text = ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def end_moment(last: dt.date) -> dt.datetime:
    """The moment at which a period with that last day is over: the next midnight on the installation's wall clock."""
    midnight = dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min)
    return timezone.make_aware(midnight, timezone.get_default_timezone())
