"""Dates as people write them. A date that could be two different days is not guessed."""

import datetime
import re
from collections.abc import Iterable
from enum import StrEnum

from django.utils import timezone

from intake.parsing.text import fold


class DateOrder(StrEnum):
    """Which number comes first in 3/4/2026."""

    UNKNOWN = ""
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ledna leden led januara januar january jan",
            "unora unor uno februara februar february feb",
            "brezna brezen bre marca marec marz march mar",
            "dubna duben dub aprila april apr",
            "kvetna kveten kve maja maj mai may",
            "cervna cerven cvn juna jun juni june",
            "cervence cervenec cvc jula jul juli july",
            "srpna srpen srp augusta august aug",
            "zari septembra september sept sep",
            "rijna rijen rij oktobra oktober october oct okt",
            "listopadu listopad lis novembra november nov",
            "prosince prosinec pro decembra december dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}

# A time of midnight adds nothing to a date; any other time would be lost, so such a value is not a plain date.
_MIDNIGHT = r"(?:[T ]00:?00(?::?00(?:\.0+)?)?(?:Z|[+-]00:?00)?)?"
_ISO = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})" + _MIDNIGHT)
_ISO_LOOSE = re.compile(r"(\d{4})([-/.])\s?(\d{1,2})\2\s?(\d{1,2})" + _MIDNIGHT)
_DOTTED = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})\.?(?: 0?0:00(?::00)?)?")
_SLASHED = re.compile(r"(\d{1,2})\s?([/-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?\s*([a-z]+)\.?,?\s*(\d{4})")
_NAMED_DAY = re.compile(r"([a-z]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s*(\d{4})")
_LONGEST = 40


def parse_date(text: str, order: DateOrder = DateOrder.UNKNOWN) -> datetime.date | None:
    """The day that `text` names, or None when it names none or could name two.

    Read: ISO 8601 (dashed or not), the Czech 24. 11. 2026 with or without spaces, a month in words (Czech, Slovak,
    German, English), and 24/11/2026 or 11/24/2026 when only one reading is a date or `order` says which is meant.
    A year of two digits is read only when it cannot be of this century. A time other than midnight is not a date.
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST or not text.isprintable():
        return None
    iso = _ISO.fullmatch(text) or _ISO_LOOSE.fullmatch(text)
    if iso:
        return _day(iso.group(1), iso.group(3), iso.group(4))
    dotted = _DOTTED.fullmatch(text)
    if dotted:
        return _day(dotted.group(3), dotted.group(2), dotted.group(1))
    slashed = _SLASHED.fullmatch(text)
    if slashed:
        return _slashed(slashed.group(1), slashed.group(3), slashed.group(4), order)
    return _in_words(fold(text))


def guess_date_order(values: Iterable[str]) -> DateOrder:
    """The order that the unambiguous dates among `values` agree on."""
    orders = set()
    for value in values:
        match = _SLASHED.fullmatch(value.strip())
        if match:
            first, second = int(match.group(1)), int(match.group(3))
            if first > 12 >= second:
                orders.add(DateOrder.DAY_FIRST)
            elif second > 12 >= first:
                orders.add(DateOrder.MONTH_FIRST)
    return orders.pop() if len(orders) == 1 else DateOrder.UNKNOWN


def looks_like_date(text: str) -> bool:
    """Whether the text has the form of a date with separators, even one that cannot be decided."""
    text = text.strip()
    if len(text) > _LONGEST or (text.isdigit()):
        return False
    return parse_date(text) is not None or _SLASHED.fullmatch(text) is not None


def _slashed(first: str, second: str, year: str, order: DateOrder) -> datetime.date | None:
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if order == DateOrder.DAY_FIRST:
        return day_first
    if order == DateOrder.MONTH_FIRST:
        return month_first
    if day_first and month_first and day_first != month_first:
        return None
    return day_first or month_first


def _in_words(text: str) -> datetime.date | None:
    match = _DAY_NAMED.fullmatch(text)
    if match:
        day, month, year = match.groups()
    else:
        match = _NAMED_DAY.fullmatch(text)
        if not match:
            return None
        month, day, year = match.groups()
    return _day(year, str(_MONTHS.get(month, 0)), day)


def _day(year: str, month: str, day: str) -> datetime.date | None:
    full_year = int(year)
    if len(year) == 2:
        this_year = timezone.localdate().year
        if full_year <= this_year % 100:
            return None
        full_year += (this_year // 100 - 1) * 100
    try:
        return datetime.date(full_year, int(month), int(day))
    except ValueError:
        return None
