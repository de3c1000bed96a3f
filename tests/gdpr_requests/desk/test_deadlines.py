"""The clock of a request: the same day next month, clamped, moved past weekends and Czech holidays (Reg. 1182/71)."""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr_requests.desk.deadlines import deadline, extended_deadline, is_holiday, working_day

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "due", "because"),
    [
        ("2026-11-24", "2026-12-28", "24 to 26 December are holidays and the 27th is a Sunday"),
        ("2026-11-02", "2026-12-02", "the same day next month"),
        ("2026-01-31", "2026-03-02", "clamped to 28 February, a Saturday"),
        ("2024-01-31", "2024-02-29", "clamped to the leap day"),
        ("2023-01-30", "2023-02-28", "clamped to the end of February"),
        ("2026-03-03", "2026-04-07", "3 April 2026 is Good Friday, the 6th Easter Monday"),
        ("2026-04-01", "2026-05-04", "1 May is a holiday and a Friday"),
        ("2026-04-08", "2026-05-11", "8 May is a holiday and a Friday"),
        ("2026-06-05", "2026-07-07", "5 July is a Sunday and a holiday, 6 July a holiday"),
        ("2026-08-28", "2026-09-29", "28 September is a holiday and a Monday"),
        ("2026-09-28", "2026-10-29", "28 October is a holiday and a Wednesday"),
        ("2026-10-17", "2026-11-18", "17 November is a holiday and a Tuesday"),
        ("2026-12-01", "2027-01-04", "New Year's Day and the weekend after it"),
        ("2026-12-31", "2027-02-01", "31 January is a Sunday"),
    ],
)
def test_the_answer_is_due_on_the_same_day_next_month_moved_past_weekends_and_czech_holidays(
    received: str, due: str, because: str
) -> None:
    assert deadline(day(received)) == day(due), because


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-11-24", "2027-02-24"), ("2026-11-30", "2027-03-01"), ("2026-01-31", "2026-04-30")],
)
def test_an_extension_adds_two_months_counted_from_the_receipt(received: str, due: str) -> None:
    assert extended_deadline(day(received)) == day(due)


@given(DAYS)
def test_every_deadline_is_a_working_day(received: dt.date) -> None:
    for due in (deadline(received), extended_deadline(received)):
        assert due.weekday() < 5
        assert not is_holiday(due)


@given(DAYS)
def test_no_deadline_comes_before_the_same_day_next_month_and_none_is_moved_without_need(received: dt.date) -> None:
    for due, months in ((deadline(received), 1), (extended_deadline(received), 3)):
        year, month = divmod(received.year * 12 + received.month - 1 + months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        same_day = dt.date(year, month + 1, min(received.day, last))
        assert due >= same_day
        # Every day that was jumped over was one on which nobody works: at most Christmas and a weekend.
        jumped = [same_day + dt.timedelta(days=n) for n in range((due - same_day).days)]
        assert all(one.weekday() >= 5 or is_holiday(one) for one in jumped)
        assert len(jumped) <= 5


@given(DAYS, DAYS)
def test_who_asked_earlier_is_never_answered_later(one: dt.date, other: dt.date) -> None:
    first, second = sorted((one, other))
    assert deadline(first) <= deadline(second)
    assert extended_deadline(first) <= extended_deadline(second)
    assert deadline(first) < extended_deadline(first)


@given(DAYS)
def test_a_working_day_stays_where_it_is(on: dt.date) -> None:
    moved = working_day(on)
    assert working_day(moved) == moved
    assert (moved == on) == (on.weekday() < 5 and not is_holiday(on))


CZECH_HOLIDAYS = (
    "01-01 04-03 04-06 05-01 05-08 07-05 07-06 09-28 10-28 11-17 12-24 12-25 12-26"  # of 2026, Easter among them
)


@pytest.mark.parametrize("name", CZECH_HOLIDAYS.split())
def test_every_czech_public_holiday_counts(name: str) -> None:
    assert is_holiday(day(f"2026-{name}"))


def test_the_installation_may_be_in_another_country(settings) -> None:
    settings.PUBLIC_HOLIDAYS = "DE"
    assert deadline(day("2025-09-03")) == day("2025-10-06"), "3 October is a German holiday and a Friday"
