"""The desk's list: which requests stand in which part, the most urgent first, and how many wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gdpr_requests.models import DataSubjectRequest, Right
from gdpr_requests.models.request_reads import RequestQuerySet

if TYPE_CHECKING:
    from accounts.models import User

TABS: dict[str, str | Promise] = {"mine": _("Mine"), "open": _("Open"), "closed": _("Closed")}
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many open requests there are, how many of them are late and how many due soon."""

    open: int
    mine: int
    late: int
    soon: int


def in_tab(user: User, tab: str, right: str = "") -> RequestQuerySet:
    """The requests of one part of the list; open ones by urgency, closed ones newest first."""
    seen = DataSubjectRequest.objects.visible_to(user).select_related("assignee", "contact__key")
    if right in Right.values:
        seen = seen.filter(right=right)
    if tab == "closed":
        return seen.closed().order_by("-answered_at", "number")
    seen = seen.open()
    return (seen.filter(assignee=user) if tab == "mine" else seen).by_urgency()


def waiting(user: User) -> Waiting:
    """The counts of the user's desk, in one query."""
    return _counted(DataSubjectRequest.objects.visible_to(user), user)


def mine_of(user: User) -> Waiting:
    """The counts of what the user handles: all that the sidebar asks on every page."""
    return _counted(DataSubjectRequest.objects.filter(assignee=user), user)


def _counted(requests: RequestQuerySet, user: User) -> Waiting:
    today = timezone.localdate()
    found = (
        requests.open()
        .with_deadline()
        .aggregate(
            open=Count("pk"),
            mine=Count("pk", filter=Q(assignee=user)),
            late=Count("pk", filter=Q(due__lt=today)),
            soon=Count("pk", filter=Q(due__gte=today, due__lte=today + dt.timedelta(days=SOON_DAYS))),
        )
    )
    return Waiting(**found)


def tabs_of(user: User, counts: Waiting | None = None) -> list[tuple[str, str | Promise, int | None]]:
    """The parts of the list with how many wait in them."""
    counts = counts or waiting(user)
    numbers = {"mine": counts.mine, "open": counts.open}
    return [(code, label, numbers.get(code)) for code, label in TABS.items()]
