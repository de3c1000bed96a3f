"""How dates, times, phones and addresses are written for people, in the language of the reader.

Every function takes what a template may hand it (also None) and answers text whose parts do not fall apart at the
end of a line. Dates are shown in the time zone of the installation.
"""

from __future__ import annotations

import datetime as dt
import re

import phonenumbers
from django.conf import settings
from django.utils import formats, timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

NBSP = "\N{NO-BREAK SPACE}"
Moment = dt.date | dt.datetime | None

DAYS_BEFORE_MONTHS = 61
"""Up to two months people count days; a consent that ends in 45 days must not read „in a month“."""
MONTHS_BEFORE_YEARS = 24


def local_date(value: dt.date | dt.datetime) -> dt.date:
    """The day of a moment on the wall calendar of the installation."""
    if isinstance(value, dt.datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def day(value: Moment) -> str:
    """„24. 11. 2026“ in Czech, „24 Nov 2026“ in English."""
    if not value:
        return ""
    date = local_date(value)
    if get_language() == "cs":
        return f"{date.day}.{NBSP}{date.month}.{NBSP}{date.year}"
    return formats.date_format(date, "j M Y").replace(" ", NBSP)


def long_day(value: Moment) -> str:
    """With the day of the week and the month in words: „úterý 24. listopadu 2026“, „Tuesday 24 November 2026“."""
    if not value:
        return ""
    form = "l j. E Y" if get_language() == "cs" else "l j F Y"
    return formats.date_format(local_date(value), form)


def day_of_month(value: dt.date) -> str:
    """Without the year, for the axis of a chart: „24. 11.“ in Czech, „24 Nov“ in English."""
    if get_language() == "cs":
        return f"{value.day}.{NBSP}{value.month}."
    return formats.date_format(value, "j M").replace(" ", NBSP)


def short_month(value: dt.date) -> str:
    """A month on the axis of a chart: „11/26“ in Czech; in English, where that reads as a day, „Nov 2026“."""
    if get_language() == "cs":
        return f"{value.month}/{value:%y}"
    return formats.date_format(value, "M Y").replace(" ", NBSP)


def clock(value: dt.datetime | None) -> str:
    """„9:40“: the hour and minute in the time zone of the installation."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local.hour}:{local.minute:02d}"


def daytime(value: Moment) -> str:
    """The day and the hour: „24. 11. 2026 9:40“; a date alone has no hour."""
    return f"{day(value)}{NBSP}{clock(value)}" if isinstance(value, dt.datetime) else day(value)


def moment(value: Moment) -> str:
    """For a list of events: „today 9:40“, „yesterday 14:05“, otherwise the day alone."""
    if not value:
        return ""
    distance = days_left(value)
    names = {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}
    if distance not in names:
        return day(value)
    hour = f"{NBSP}{clock(value)}" if isinstance(value, dt.datetime) else ""
    return names[distance] + hour


def days_left(value: dt.date | dt.datetime) -> int:
    """Days from today to a day; negative when it is past."""
    return (local_date(value) - timezone.localdate()).days


def until(value: Moment) -> str:
    """How far a day is from today: „in 20 days“, „tomorrow“, „3 days ago“."""
    if not value:
        return ""
    days = days_left(value)
    near = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}
    if days in near:
        return near[days]
    return _ahead(days) if days > 0 else _behind(-days)


def _ahead(days: int) -> str:
    if days < DAYS_BEFORE_MONTHS:
        text = ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    elif (months := round(days / 30.44)) < MONTHS_BEFORE_YEARS:
        text = ngettext("in %(count)d month", "in %(count)d months", months) % {"count": months}
    else:
        years = round(days / 365.25)
        text = ngettext("in %(count)d year", "in %(count)d years", years) % {"count": years}
    return text.replace(" ", NBSP)


def _behind(days: int) -> str:
    if days < DAYS_BEFORE_MONTHS:
        text = ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    elif (months := round(days / 30.44)) < MONTHS_BEFORE_YEARS:
        text = ngettext("%(count)d month ago", "%(count)d months ago", months) % {"count": months}
    else:
        years = round(days / 365.25)
        text = ngettext("%(count)d year ago", "%(count)d years ago", years) % {"count": years}
    return text.replace(" ", NBSP)


def phone(value: str | None) -> str:
    """A phone in international form, „+420 603 111 222“; what cannot be read as a phone stays as it is."""
    if not value:
        return ""
    try:
        number = phonenumbers.parse(str(value), settings.PHONENUMBER_REGION)
    except phonenumbers.NumberParseException:
        return str(value)
    if not phonenumbers.is_possible_number(number):
        return str(value)
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return str(text).replace(" ", NBSP)


# A space between two abbreviations of one letter ("s. r. o.", "a. s.", "J. K."), and the one in "spol. s r. o.".
_APART = re.compile(r"(?<![^\W\d_])([^\W\d_]\.) (?=[^\W\d_]\.)|\b(s) (?=r\.)")


def whole(value: object) -> str:
    """A name whose abbreviations stay together at the end of a line: „Dřevo s. r. o.“. For showing, not for storing."""
    return _APART.sub(lambda found: f"{found[1] or found[2]}{NBSP}", str(value if value is not None else ""))


LONG = 28
"""Letters that stay in one piece; a longer half of an address may also break before its dots."""


def breakable(value: str | None) -> SafeString:
    """An e-mail or a web address that breaks after @; only a very long half breaks before its dots too."""
    halves = [half.replace(".", "<wbr>.") if len(half) > LONG else half for half in str(escape(value or "")).split("@")]
    return mark_safe("@<wbr>".join(halves))  # noqa: S308 (escaped above)


def number(value: int) -> str:
    """Thousands kept together: „1 234“ in Czech, „1,234“ in English."""
    return f"{value:,}".replace(",", NBSP) if get_language() == "cs" else f"{value:,}"


def initials(name: str | None) -> str:
    """One or two letters for the round badge; a question mark where there is no letter at all."""
    words = [word for word in str(name or "").replace(",", " ").split() if word[:1].isalpha() and "." not in word]
    ends = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in ends).upper() or "?"
