"""The clock of a request (Art. 12(3)), counted as Regulation (EEC, Euratom) No 1182/71 says.

A period of months ends on the same date of its last month as the day of receipt, or on the last day of a shorter
month (Art. 3(2)(c)). Where that is a Saturday, a Sunday or a public holiday, it ends on the next working day
(Art. 3(4)). Nothing stops the clock: not even the question who the person is.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays
from django.conf import settings

from consents.periods import add_months

MONTHS = 1
EXTENDED_MONTHS = 3
"""One month, and two further ones where the request is complex (Art. 12(3))."""


def deadline(received_on: dt.date) -> dt.date:
    """The last day for the answer to a request received on that day."""
    return working_day(add_months(received_on, MONTHS))


def extended_deadline(received_on: dt.date) -> dt.date:
    """The last day after an extension: counted from the receipt, not from the first deadline."""
    return working_day(add_months(received_on, EXTENDED_MONTHS))


def working_day(day: dt.date) -> dt.date:
    """That day, or the first working day after it."""
    while day.weekday() >= 5 or is_holiday(day):
        day += dt.timedelta(days=1)
    return day


def is_holiday(day: dt.date) -> bool:
    """Whether it is a public holiday where the installation is (`PUBLIC_HOLIDAYS`, Czech ones by default)."""
    return day in _holidays(settings.PUBLIC_HOLIDAYS)


@lru_cache(maxsize=4)
def _holidays(country: str) -> holidays.HolidayBase:
    # It works a year out when it is first asked about it, and remembers it.
    return holidays.country_holidays(country)
