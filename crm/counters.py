"""The numbers beside the entries of the sidebar: only what waits for an action of this user, never mere totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count as CountOf
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import ngettext

from gdpr_requests.desk.listing import mine_of
from tasks.models import Task

if TYPE_CHECKING:
    from accounts.models import User

SOON_DAYS = 7
"""Days ahead within which a task is marked as near."""


@dataclass(frozen=True)
class Count:
    """A number and how urgent it is: `tone` is "" (calm), "soon" or "bad"."""

    number: int
    tone: str
    label: str


def for_user(user: User) -> dict[str, Count]:
    """The counters of `user`, one query each; an entry that has nothing waiting is left out."""
    return {name: count for name, counter in COUNTERS.items() if (count := counter(user)).number}


def _tasks(user: User) -> Count:
    today = timezone.localdate()
    found = (
        Task.objects.awake(today)
        .filter(assignee=user)
        .aggregate(
            waiting=CountOf("pk"),
            late=CountOf("pk", filter=Q(due_on__lt=today)),
            soon=CountOf("pk", filter=Q(due_on__lte=today + dt.timedelta(days=SOON_DAYS))),
        )
    )
    waiting, late = found["waiting"], found["late"]
    if late:
        words = ngettext("%(count)d task waits, %(late)d late", "%(count)d tasks wait, %(late)d late", waiting)
        return Count(waiting, "bad", words % {"count": waiting, "late": late})
    words = ngettext("%(count)d task waits, none is late", "%(count)d tasks wait, none is late", waiting)
    return Count(waiting, "soon" if found["soon"] else "", words % {"count": waiting})


def _requests(user: User) -> Count:
    """Requests that this user handles."""
    if not user.has_perm("gdpr_requests.handle_request"):
        return Count(0, "", "")
    found = mine_of(user)
    if found.late:
        words = ngettext("%(count)d request waits, %(late)d late", "%(count)d requests wait, %(late)d late", found.mine)
        return Count(found.mine, "bad", words % {"count": found.mine, "late": found.late})
    words = ngettext("%(count)d request waits, none is late", "%(count)d requests wait, none is late", found.mine)
    return Count(found.mine, "soon" if found.soon else "", words % {"count": found.mine})


COUNTERS: dict[str, Callable[[User], Count]] = {"tasks": _tasks, "requests": _requests}
"""By the name that an entry of the sidebar gives (`crm/nav.py`)."""
