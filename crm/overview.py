"""What the first page shows, over what the user may see, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from consents.models import Consent, LegalGround, State
from contacts.models import Contact, TimelineEntry
from contacts.querysets import ContactQuerySet
from crm import formats
from gdpr_requests.models import ErasureItem
from tasks.models import Task

if TYPE_CHECKING:
    from accounts.models import User

WEEKS = 12
TASKS = 6
ENTRIES = 8
SOON = dt.timedelta(days=30)


@dataclass(frozen=True)
class Overview:
    """Everything the page needs."""

    tasks: list[tuple[Task, Contact | None]]
    late: int
    weeks: list[dict[str, Any]]
    valid_consents: int
    ending: int
    without_ground: int
    contacts: int
    erasures: int | None
    entries: list[TimelineEntry]

    @property
    def is_new(self) -> bool:
        """An installation in which nobody has been added yet."""
        return self.contacts == 0


def overview(user: User) -> Overview:
    """What waits and what happened, for this user."""
    today = timezone.localdate()
    seen = Contact.objects.visible_to(user)
    contacts = seen.count()
    ends = _ends(user, today)
    standing = Consent.objects.filter(state=State.GIVEN, is_weak=False, valid_until__gte=today)
    entries = TimelineEntry.objects.select_related("contact__key", "author")
    covered = LegalGround.objects.open(today).order_by().values("subject__contact").distinct()
    may_erase = user.has_perm("gdpr_requests.erase_contact")
    return Overview(
        tasks=_tasks(user, today),
        late=Task.objects.visible_to(user).overdue(today).filter(assignee=user).count(),
        weeks=_weeks(ends, today),
        valid_consents=_of(seen, standing, "subject__contact").count(),
        ending=sum(count for day, count in ends.items() if day <= today + SOON),
        without_ground=contacts - _of(seen, covered, "subject__contact").count(),
        contacts=contacts,
        erasures=ErasureItem.objects.count() if may_erase else None,
        entries=list(_of(seen, entries, "contact").order_by("-occurred_at")[:ENTRIES]),
    )


def _of(seen: ContactQuerySet, rows: Any, contact: str) -> Any:
    """Those of the rows that hang on contacts the user sees; who sees all of them pays for no comparison."""
    return rows if seen.is_everything else rows.filter(**{f"{contact}__in": seen.values("pk")})


def _tasks(user: User, today: dt.date) -> list[tuple[Task, Contact | None]]:
    mine = Task.objects.awake(today).filter(assignee=user).select_related("contact__key", "assignee")
    tasks = list(mine.order_by("due_on", "created_at")[:TASKS])
    ids = [task.contact_id for task in tasks if task.contact_id]
    seen = set(Contact.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return [(task, task.contact if task.contact_id in seen else None) for task in tasks]


def _ends(user: User, today: dt.date) -> Counter[dt.date]:
    """How many consents end on which day of the coming weeks."""
    last = _monday(today) + dt.timedelta(weeks=WEEKS)
    near = Consent.objects.filter(state=State.GIVEN, valid_until__gte=today, valid_until__lt=last)
    seen = _of(Contact.objects.visible_to(user), near, "subject__contact")
    return Counter(seen.values_list("valid_until", flat=True))


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _weeks(ends: Counter[dt.date], today: dt.date) -> list[dict[str, Any]]:
    """One column a week, each leading to the contacts whose consent ends by its Sunday."""
    weeks = []
    for number in range(WEEKS):
        monday = _monday(today) + dt.timedelta(weeks=number)
        sunday = monday + dt.timedelta(days=6)
        weeks.append(
            {
                "label": f"{formats.day(monday)} – {formats.day(sunday)}",
                "short": f"{monday.day}. {monday.month}.",
                "value": sum(ends[monday + dt.timedelta(days=i)] for i in range(7)),
                "href": f"{reverse('crm:contacts')}?consent=ending&ends_by={sunday.isoformat()}",
                "tone": "soon" if number < 4 else "",
            }
        )
    return weeks
