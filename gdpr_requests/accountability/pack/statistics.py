"""Numbers of requests (Art. 12): by year and right, where they stand, how long the answers took. No person."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

from django.utils import timezone
from django.utils.translation import gettext

from gdpr_requests.models import DataSubjectRequest, RequestState, Right

Row = tuple[int, str, str, dt.date, dt.datetime | None, dt.date, dt.date | None]


@dataclass
class Group:
    """The requests of one year for one right. `days` are those from receipt to answer."""

    received: int = 0
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RequestState.values, 0))
    extended: int = 0
    days: list[int] = field(default_factory=list)
    in_time: int = 0
    late: int = 0

    def add(self, state: str, received: dt.date, answered: dt.datetime | None, last: dt.date, extended: bool) -> None:
        """Count one request; one that is still open is late once its last day is over."""
        self.received += 1
        self.states[state] += 1
        self.extended += int(extended)
        day = timezone.localdate(answered) if answered else None
        if day is not None:
            self.days.append((day - received).days)
            self.in_time += int(day <= last)
        self.late += int((day or timezone.localdate()) > last)


def request_statistics() -> dict[tuple[int, str], Group]:
    """The groups, newest year first, rights in the order of the register."""
    groups: dict[tuple[int, str], Group] = defaultdict(Group)
    rows = DataSubjectRequest.objects.values_list(
        "right", "state", "received_on", "answered_at", "due_on", "extended_due_on"
    )
    for right, state, received, answered, due, extended in rows:
        groups[received.year, right].add(state, received, answered, extended or due, extended is not None)
    order = list(Right.values)
    return dict(sorted(groups.items(), key=lambda item: (-item[0][0], order.index(item[0][1]))))


def head() -> list[str]:
    """The columns of the table."""
    return [
        gettext("Year"),
        gettext("Right"),
        gettext("Received"),
        *(str(state.label) for state in RequestState),
        gettext("Extended"),
        gettext("Days to the answer (median)"),
        gettext("Days to the answer (longest)"),
        gettext("Answered in time"),
        gettext("Late"),
    ]


def table() -> list[list[str]]:
    """A line for each year and right."""
    return [
        [
            str(year),
            str(Right(right).label),
            str(group.received),
            *(str(group.states[state]) for state in RequestState.values),
            str(group.extended),
            f"{median(group.days):g}" if group.days else "–",
            str(max(group.days)) if group.days else "–",
            str(group.in_time),
            str(group.late),
        ]
        for (year, right), group in request_statistics().items()
    ]
