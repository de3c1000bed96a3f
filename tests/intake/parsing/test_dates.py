"""Dates as people write them; a doubtful one is not guessed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.parsing.dates import DateOrder, guess_date_order, looks_like_date, parse_date

DAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "24.11.2026", "24. 11. 2026", "24.\xa011.\xa02026", "2026-11-24", "20261124", "2026/11/24", "24/11/2026",
        "11/24/2026", "24-11-2026", "24. listopadu 2026", "24 listopad 2026", "24. November 2026", "November 24, 2026",
        "24th Nov 2026", "2026-11-24T00:00:00Z", "2026-11-24 00:00", "24.11.2026 0:00",
    ],
)  # fmt: skip
def test_every_usual_form_is_read(text):
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["03/04/2026", "31. 2. 2026", "--0203", "24.11.", "2026", "2026-11-24T13:00:00", "24.11.26", "zítra", "", "1" * 50],
)
def test_what_is_no_whole_day_or_could_be_two_is_left(text):
    assert parse_date(text) is None


def test_a_declared_order_decides():
    assert parse_date("03/04/2026", DateOrder.DAY_FIRST) == dt.date(2026, 4, 3)
    assert parse_date("03/04/2026", DateOrder.MONTH_FIRST) == dt.date(2026, 3, 4)


def test_the_order_is_learnt_from_dates_that_allow_one_only():
    assert guess_date_order(["03/04/2026", "25/04/2026"]) == DateOrder.DAY_FIRST
    assert guess_date_order(["03/04/2026", "04/25/2026"]) == DateOrder.MONTH_FIRST
    assert guess_date_order(["25/04/2026", "04/25/2026"]) == DateOrder.UNKNOWN


def test_a_short_year_is_read_only_when_it_must_be_of_the_last_century():
    assert parse_date("24. 11. 80") == dt.date(1980, 11, 24)
    assert parse_date("24. 11. 01") is None


@given(st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31)))
def test_any_day_is_read_back_from_each_form(day):
    forms = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.day}. {day.month}. {day.year}",
        f"{day:%d.%m.%Y}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d %B %Y}",
    ]
    assert {parse_date(form) for form in forms} == {day}
    assert parse_date(f"{day:%d/%m/%Y}", DateOrder.DAY_FIRST) == day
    assert parse_date(f"{day:%m/%d/%Y}", DateOrder.MONTH_FIRST) == day
    assert parse_date(f"{day:%m/%d/%Y}") in {None, day, *([day] if day.day > 12 or day.day == day.month else [])}


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_is_not(text):
    assert isinstance(looks_like_date(text), bool)
    assert parse_date(text) is None or isinstance(parse_date(text), dt.date)
