"""Dates, phones and addresses as people read them."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation

from consents.periods import length_text
from crm import formats


@pytest.fixture(autouse=True)
def _czech():
    with translation.override("cs"):
        yield


def today_plus(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_a_czech_date_does_not_fall_apart_at_the_end_of_a_line():
    assert formats.day(dt.date(2026, 11, 24)) == "24.\xa011.\xa02026"


def test_an_english_date_names_the_month():
    with translation.override("en"):
        assert formats.day(dt.date(2026, 11, 4)) == "4\xa0Nov\xa02026"


def test_a_moment_is_shown_on_the_clock_of_the_installation():
    at = dt.datetime(2026, 7, 1, 22, 5, tzinfo=dt.UTC)
    assert formats.daytime(at) == "2.\xa07.\xa02026\xa00:05"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "dnes"),
        (1, "zítra"),
        (-1, "včera"),
        (2, "za 2 dny"),
        (5, "za 5 dní"),
        (20, "za 20 dní"),
        (60, "za 60 dní"),
        (92, "za 3 měsíce"),
        (200, "za 7 měsíců"),
        (740, "za 2 roky"),
        (2000, "za 5 let"),
        (-2, "před 2 dny"),
        (-92, "před 3 měsíci"),
        (-740, "před 2 lety"),
    ],
)
def test_distances_are_declined_as_a_czech_says_them(days, words):
    assert formats.until(today_plus(days)) == words.replace(" ", "\xa0")


def test_recent_events_say_today_and_the_hour():
    noon = timezone.localtime().replace(hour=9, minute=40)
    assert formats.moment(noon) == "dnes\xa09:40"
    assert formats.moment(noon - dt.timedelta(days=1)) == "včera\xa09:40"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("603111222", "+420 603 111 222"), ("+421 903 123 456", "+421 903 123 456"), ("klapka 12", "klapka 12"), ("", "")],
)
def test_phones_are_shown_in_international_form(written, shown):
    assert formats.phone(written).replace("\xa0", " ") == shown


def test_an_email_breaks_after_the_at_sign_and_stays_escaped():
    assert formats.breakable("a<b@c.cz") == "a&lt;b@<wbr>c.cz"


def test_a_very_long_half_of_an_email_may_break_before_its_dots():
    long = f"jana@{'x' * 20}.{'y' * 20}.cz"
    assert formats.breakable(long) == f"jana@<wbr>{'x' * 20}<wbr>.{'y' * 20}<wbr>.cz"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ing. Jana Nováková", "JN"), ("Petr", "P"), ("", "?"), ("Novák, Jan", "NJ"), ("Jan van der Berg", "JB")],
)
def test_initials_leave_titles_out(name, letters):
    assert formats.initials(name) == letters


@pytest.mark.parametrize("function", [formats.day, formats.daytime, formats.moment, formats.until, formats.phone])
def test_nothing_shows_as_nothing(function):
    assert function(None) == ""


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Dřevo s. r. o.", "Dřevo s.~r.~o."),
        ("Dřevo, spol. s r. o.", "Dřevo, spol. s~r.~o."),
        ("Ocel a. s.", "Ocel a.~s."),
        ("Stavby v. o. s. Brno", "Stavby v.~o.~s. Brno"),
        ("J. K. Tyl", "J.~K. Tyl"),
        ("Ing. Jan Novák, Ph. D.", "Ing. Jan Novák, Ph. D."),
        ("", ""),
        (None, ""),
    ],
)
def test_a_legal_form_does_not_fall_apart(stored: str | None, shown: str) -> None:
    assert formats.whole(stored) == shown.replace("~", "\N{NO-BREAK SPACE}")


def test_every_page_keeps_names_whole() -> None:
    pages = Path(settings.BASE_DIR, "templates").rglob("*.html")
    name = re.compile(r"\{\{ (?:\w+\.)*(?:display_name|organisation_name|firm|company) \}\}")
    assert [page.name for page in pages if name.search(page.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("language", "months", "shown"),
    [
        ("cs", 120, "10 let"),
        ("cs", 12, "1 rok"),
        ("cs", 24, "2 roky"),
        ("cs", 60, "5 let"),
        ("cs", 18, "18 měsíců"),
        ("cs", 3, "3 měsíce"),
        ("en", 120, "10 years"),
        ("en", 12, "1 year"),
        ("en", 1, "1 month"),
    ],
)
def test_a_period_is_told_in_years_where_it_makes_whole_ones(language: str, months: int, shown: str) -> None:
    with translation.override(language):
        assert length_text(months) == shown.replace(" ", "\N{NO-BREAK SPACE}")
