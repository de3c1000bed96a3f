"""What will end in the next twelve months, counted by set: by month, by purpose, and who will have nothing left."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateField, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, TruncMonth
from django.utils import timezone
from django.utils.formats import date_format

from consents.models import Basis, Consent, LegalGround, Purpose, State
from consents.periods import add_months
from contacts.collation import in_order
from contacts.models import Contact

MONTHS = 12
LONG_AGO = dt.date(1900, 1, 1)


@dataclass(frozen=True)
class Rule:
    """What one purpose says, and how much of it ends in the next twelve months."""

    purpose: Purpose
    soon: int
    ending: int
    first: dt.date | None

    @property
    def is_floor(self) -> bool:
        """Whether the law sets the period: nothing is erased before it is over."""
        return self.purpose.basis == Basis.LEGAL_OBLIGATION


@dataclass(frozen=True)
class Forecast:
    """`ends`: grounds and consents by month; `left`: contacts that will have nothing left, by month."""

    ends: list[dict[str, Any]]
    left: list[dict[str, Any]]
    rules: list[Rule]

    @property
    def left_total(self) -> int:
        return sum(month["value"] for month in self.left)


def forecast(contacts: QuerySet[Contact]) -> Forecast:
    """The coming twelve months of these contacts, this month included; five queries however many they are."""
    today = timezone.localdate()
    first = today.replace(day=1)
    months = [add_months(first, number) for number in range(MONTHS)]
    window = {"valid_until__gte": today, "valid_until__lt": add_months(first, MONTHS)}
    near = [rows.filter(**window) for rows in _with_an_end(contacts)]
    ends: Counter[dt.date] = Counter()
    for rows in near:
        ends.update(dict(rows.order_by().values_list(TruncMonth("valid_until")).annotate(n=Count("pk"))))
    return Forecast(
        ends=_columns(months, ends),
        left=_columns(months, _left(contacts, today, window["valid_until__lt"])),
        rules=_rules(near, today),
    )


def _with_an_end(contacts: QuerySet[Contact]) -> tuple[QuerySet[LegalGround], QuerySet[Consent]]:
    """Standing grounds with a period of their own, and the consents that carry the others."""
    grounds: Any = LegalGround.objects.filter(ended_at__isnull=True).exclude(basis=Basis.CONSENT)
    consents: Any = Consent.objects.filter(state=State.GIVEN)
    if getattr(contacts, "is_everything", False):
        return grounds, consents
    seen = contacts.values("pk")
    return grounds.filter(subject__contact__in=seen), consents.filter(subject__contact__in=seen)


def _left(contacts: QuerySet[Contact], today: dt.date, end: dt.date) -> Counter[dt.date]:
    """By month, the contacts whose last ground or consent ends in it."""
    never = Value(LONG_AGO, output_field=DateField())
    mine = Q(subject__contact=OuterRef("pk"))
    grounds = LegalGround.objects.filter(mine, ended_at__isnull=True).exclude(basis=Basis.CONSENT)
    consents = Consent.objects.filter(mine, state=State.GIVEN)
    last = [Coalesce(Subquery(_latest(rows), output_field=DateField()), never) for rows in (grounds, consents)]
    # Only those of whom anything ends at all are asked for their last day.
    some = [Exists(rows.filter(valid_until__gte=today, valid_until__lt=end)) for rows in (grounds, consents)]
    counted: Any = contacts.filter(some[0] | some[1]).annotate(last=Greatest(*last))
    counted = counted.filter(last__gte=today, last__lt=end).order_by()
    return Counter(dict(counted.annotate(month=TruncMonth("last")).values_list("month").annotate(n=Count("pk"))))


def _latest(rows: Any) -> Any:
    return rows.order_by().values("subject__contact").annotate(at=Max("valid_until")).values("at")


def _rules(near: list[Any], today: dt.date) -> list[Rule]:
    soon, ending, first = Counter[Any](), Counter[Any](), dict[Any, dt.date]()
    month_off = today + dt.timedelta(days=30)
    for rows in near:
        counted = (
            rows.order_by()
            .values_list("purpose")
            .annotate(n=Count("pk"), soon=Count("pk", filter=Q(valid_until__lte=month_off)), first=Min("valid_until"))
        )
        for purpose, number, near_end, day in counted:
            ending[purpose] += number
            soon[purpose] += near_end
            first[purpose] = min(day, first.get(purpose, day))
    return [
        Rule(purpose, soon[purpose.pk], ending[purpose.pk], first.get(purpose.pk))
        for purpose in in_order(Purpose.objects.all(), str)
    ]


def _columns(months: list[dt.date], counts: Counter[dt.date]) -> list[dict[str, Any]]:
    return [
        {"label": date_format(month, "F Y"), "short": f"{month.month}/{month:%y}", "value": counts[month]}
        for month in months
    ]
