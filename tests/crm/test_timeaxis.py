"""The axis of grounds is exact."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from crm.timeaxis import REACH, Axis

TODAY = dt.date(2026, 11, 24)
days = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


def test_a_year_of_a_leap_year_axis_is_measured_in_days():
    axis = Axis.over([(dt.date(2024, 1, 1), dt.date(2025, 12, 31))], today=dt.date(2024, 7, 1))
    assert (axis.first, axis.last) == (dt.date(2024, 1, 1), dt.date(2026, 1, 1))
    bar = axis.bar(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert (bar.x, bar.width) == ("0%", "50.068%")  # 366 of 731 days: the last day belongs to the period
    assert axis.now == "24.897%"


def test_what_runs_beyond_the_axis_is_marked_as_cut():
    axis = Axis.over([(dt.date(2010, 1, 1), dt.date(2045, 1, 1))], today=TODAY)
    assert (axis.first.year, axis.last.year) == (2026 - REACH, 2026 + REACH + 1)
    bar = axis.bar(dt.date(2010, 1, 1), dt.date(2045, 1, 1))
    assert (bar.x, bar.width, bar.cut_start, bar.cut_end) == ("0%", "100%", True, True)


def test_an_open_end_runs_on():
    axis = Axis.over([(TODAY, None)], today=TODAY)
    assert axis.bar(TODAY, None).cut_end is True


@given(start=days, length=st.integers(0, 12000), today=days)
def test_every_bar_and_today_lie_on_the_axis(start, length, today):
    end = start + dt.timedelta(days=length)
    axis = Axis.over([(start, end)], today=today)
    assert axis.first <= today < axis.last
    bar = axis.bar(start, end)
    assert 0 <= float(bar.x[:-1]) <= 100
    assert float(bar.x[:-1]) + float(bar.width[:-1]) <= 100.61
    assert len([tick for tick in axis.ticks if tick.label]) <= 7
