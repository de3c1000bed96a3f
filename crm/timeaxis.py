"""The axis on which grounds and consents lie: exact positions in per cent, for SVG (a strict CSP allows no styles).

The axis begins and ends on the first of January, holds today, and reaches at most `REACH` years to each side of
today, so that ten years of tax records do not squeeze a consent of one year into nothing. What runs beyond the axis
is drawn as cut, and its text says the true day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from crm.formats import local_date

REACH = 5
"""Years shown at most to each side of this year."""
LABELS = 7
"""Years labelled at most; the rest have a tick only."""

Day = dt.date | dt.datetime | None


@dataclass(frozen=True)
class Bar:
    """One period on the axis. `x` and `width` are per cent of the axis; `cut_start` and `cut_end` say it runs on."""

    x: str
    width: str
    cut_start: bool
    cut_end: bool
    start: dt.date | None
    end: dt.date | None
    past: bool


@dataclass(frozen=True)
class Tick:
    """The first of January of a year, and whether its number is written beside it."""

    x: str
    year: int
    label: bool


@dataclass(frozen=True)
class Axis:
    """Time from `first` (inclusive) to `last` (exclusive), both first of January."""

    first: dt.date
    last: dt.date
    today: dt.date

    @classmethod
    def over(cls, periods: Iterable[tuple[Day, Day]], *, today: dt.date | None = None) -> Axis:
        """The axis that shows all `periods` as well as can be; an open end counts as today."""
        now = today or timezone.localdate()
        years = [now.year, *(local_date(value).year for period in periods for value in period if value)]
        first, last = max(min(years), now.year - REACH), min(max(years), now.year + REACH)
        # One year alone would squeeze what ends soon against the edge.
        return cls(dt.date(first, 1, 1), dt.date(max(last, first + 1) + 1, 1, 1), now)

    def position(self, value: dt.date) -> float:
        """Where a day lies, 0 to 100, clamped to the axis."""
        share = (value - self.first).days / (self.last - self.first).days * 100
        return min(100.0, max(0.0, share))

    @property
    def now(self) -> str:
        """Where today lies."""
        return _percent(self.position(self.today))

    @property
    def edge(self) -> str:
        """Where the word at today must turn inwards: "first", "last" or ""."""
        place = self.position(self.today)
        return "first" if place < 5 else "last" if place > 95 else ""

    @property
    def ticks(self) -> list[Tick]:
        """A tick for each year, of which at most `LABELS` carry their number."""
        years = range(self.first.year, self.last.year)
        step = -(-len(years) // LABELS)
        return [
            Tick(x=_percent(self.position(dt.date(year, 1, 1))), year=year, label=(year - years[0]) % step == 0)
            for year in years
        ]

    def bar(self, start: Day, end: Day) -> Bar:
        """The bar of one period. The last day belongs to the period; an open end runs beyond the axis."""
        begins = local_date(start) if start else None
        ends = local_date(end) if end else None
        left = self.position(begins) if begins else 0.0
        right = self.position(ends + dt.timedelta(days=1)) if ends else 100.0
        return Bar(
            x=_percent(left),
            width=_percent(max(right - left, 0.6)),
            cut_start=begins is None or begins < self.first,
            cut_end=ends is None or ends >= self.last,
            start=begins,
            end=ends,
            past=ends is not None and ends < self.today,
        )


def _percent(value: float) -> str:
    """A number for an SVG attribute: a point, never a comma, whatever the language."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"
