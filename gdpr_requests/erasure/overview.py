"""Reads for the pages of runs and of what the law keeps. Counts; a card is named to those alone who may see it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from contacts.models import Contact
from gdpr_requests.export.values import category_label
from gdpr_requests.models import ErasureItem, ErasureRun, RetainedRecord

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 100


@dataclass(frozen=True)
class Waiting:
    """A card of a run that is not erased yet for a reason."""

    item: ErasureItem
    contact: Contact | None  # None where the reader may not see the card


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    counts: dict[str, int]
    total: int
    over: int
    waiting: list[Waiting]
    certificates: list[str]

    @property
    def states(self) -> list[tuple[str, int]]:
        """Each state that occurs, in words, with its count."""
        return [(str(state.label), self.counts[state]) for state in ErasureItem.State if self.counts.get(state)]

    @property
    def is_moving(self) -> bool:
        """Whether anything is still to be done that does not wait for a hold."""
        return any(self.counts.get(state) for state in (ErasureItem.State.PLANNED, ErasureItem.State.FAILED))

    @property
    def failed(self) -> int:
        return self.counts.get(ErasureItem.State.FAILED, 0)


def recent_runs() -> QuerySet[ErasureRun]:
    """Runs about more than one card, and those that wait for something, newest first, with their counts."""
    over = Q(items__state__in=[state for state in ErasureItem.State if state not in ErasureItem.OPEN])
    counted = ErasureRun.objects.annotate(total=Count("items"), over=Count("items", filter=over))
    return counted.filter(Q(total__gt=1) | ~Q(state=ErasureRun.State.DONE)).order_by("-requested_at", "pk")


def progress_of(run: ErasureRun, user: User) -> Progress:
    """The counts of a run, and the cards that wait or failed."""
    counts: Counter[str] = Counter()
    for state, count in run.items.order_by().values_list("state").annotate(n=Count("pk")):
        counts[state] = count
    total = sum(counts.values())
    numbers = run.items.filter(certificate__isnull=False).order_by("-certificate").values_list("certificate", flat=True)
    return Progress(
        counts=dict(counts),
        total=total,
        over=total - sum(counts[state] for state in ErasureItem.OPEN),
        waiting=_waiting(run, user),
        certificates=[str(number) for number in numbers[:SHOWN]],
    )


def _waiting(run: ErasureRun, user: User) -> list[Waiting]:
    items = list(run.items.filter(state__in=ErasureItem.OPEN).exclude(problem="").order_by("due_at", "pk")[:SHOWN])
    ids: list[UUID] = [item.contact_id for item in items]
    seen = {contact.pk: contact for contact in Contact.objects.visible_to(user).filter(pk__in=ids)}
    return [Waiting(item, seen.get(item.contact_id)) for item in items]


@dataclass(frozen=True)
class Kept:
    """What one duty keeps of everybody together."""

    purpose: str
    because: str
    categories: list[str]
    people: int
    records: int
    first_end: dt.date
    last_end: dt.date


def kept_by_law() -> list[Kept]:
    """Records that legal duties keep of erased people, by duty, the next end first."""
    rows = (
        RetainedRecord.objects.order_by()
        .values("purpose__name", "because")
        .annotate(people=Count("subject_id", distinct=True), records=Count("pk"), first=Min("until"), last=Max("until"))
    )
    categories = _categories()
    found = [
        Kept(
            purpose=row["purpose__name"],
            because=row["because"],
            categories=[category_label(code) for code in categories[row["purpose__name"], row["because"]]],
            people=row["people"],
            records=row["records"],
            first_end=row["first"],
            last_end=row["last"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda kept: (kept.first_end, kept.purpose))


def _categories() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, because, codes in RetainedRecord.objects.values_list("purpose__name", "because", "categories").distinct():
        known = found.setdefault((name, because), [])
        known += [code for code in codes if code not in known]
    return found
