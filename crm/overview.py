"""What the first page shows, over what the user may see, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from consents.models import BalancingTest, Consent, LegalGround, State
from contacts.models import Contact, TimelineEntry
from contacts.querysets import ContactQuerySet
from crm import formats
from gdpr_requests.desk.listing import waiting
from tasks.models import Task

if TYPE_CHECKING:
    from accounts.models import User

WEEKS = 12
TASKS = 6
ENTRIES = 8
SOON = dt.timedelta(days=30)
Ends = set[tuple[uuid.UUID, dt.date]]


@dataclass(frozen=True)
class Tile:
    """A number that leads to exactly what it counts. `tone`: "", "ok", "soon" or "bad"."""

    number: int
    label: str
    href: str
    tone: str = ""


@dataclass(frozen=True)
class Overview:
    """Everything the page needs."""

    tasks: list[tuple[Task, Contact | None]]
    weeks: list[dict[str, Any]]
    tiles: list[Tile]
    contacts: int
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
    ends = _ends(seen, today)
    entries = TimelineEntry.objects.select_related("contact__key", "author")
    return Overview(
        tasks=_tasks(user, today),
        weeks=_weeks(ends, today),
        tiles=[
            _late_tasks(user, today),
            _ending(ends, today),
            _without_ground(seen, contacts, today),
            _valid(seen, today),
            *_overdue_tests(user, today),
            *_requests(user),
        ],
        contacts=contacts,
        entries=list(_of(seen, entries, "contact").order_by("-occurred_at")[:ENTRIES]),
    )


def _late_tasks(user: User, today: dt.date) -> Tile:
    late = Task.objects.visible_to(user).overdue(today).filter(assignee=user).count()
    label = ngettext("late task", "late tasks", late)
    address = f"{reverse('tasks:list')}?{urlencode({'tab': 'overdue', 'assignee': user.pk})}"
    return Tile(late, label, address, "bad" if late else "")


def _ending(ends: Ends, today: dt.date) -> Tile:
    near = len({contact for contact, day in ends if day <= today + SOON})
    label = ngettext("contact’s consent ends within 30 days", "contacts’ consents end within 30 days", near)
    return Tile(near, label, _list(consent="ending"), "soon" if near else "")


def _without_ground(seen: ContactQuerySet, contacts: int, today: dt.date) -> Tile:
    covered = LegalGround.objects.open(today).order_by().values("subject__contact").distinct()
    orphans = contacts - _of(seen, covered, "subject__contact").count()
    label = ngettext("contact without a ground", "contacts without a ground", orphans)
    return Tile(orphans, label, _list(basis="none"), "bad" if orphans else "")


def _valid(seen: ContactQuerySet, today: dt.date) -> Tile:
    standing = Consent.objects.valid(today).order_by().values("subject__contact").distinct()
    number = _of(seen, standing, "subject__contact").count()
    label = ngettext("contact with a valid consent", "contacts with a valid consent", number)
    return Tile(number, label, _list(consent="valid"), "ok")


def _overdue_tests(user: User, today: dt.date) -> list[Tile]:
    """For those who answer for purposes, and only when something is wrong."""
    overdue = BalancingTest.objects.overdue(today).count() if user.has_perm("consents.manage_purpose") else 0
    label = ngettext("balancing test overdue for review", "balancing tests overdue for review", overdue)
    return [Tile(overdue, label, reverse("consents:purposes"), "bad")] if overdue else []


def _requests(user: User) -> list[Tile]:
    """The open requests of people that this user may see."""
    if not user.has_perm("gdpr_requests.view_datasubjectrequest"):
        return []
    found = waiting(user)
    label = ngettext("open request", "open requests", found.open)
    tone = "bad" if found.late else "soon" if found.soon else ""
    return [Tile(found.open, label, f"{reverse('gdpr_requests:desk')}?tab=open", tone)]


def _list(**filters: str) -> str:
    return f"{reverse('crm:contacts')}?{urlencode(filters)}"


def _of(seen: ContactQuerySet, rows: Any, contact: str) -> Any:
    """Those of the rows that hang on contacts the user sees; who sees all of them pays for no comparison."""
    return rows if seen.is_everything else rows.filter(**{f"{contact}__in": seen.values("pk")})


def _tasks(user: User, today: dt.date) -> list[tuple[Task, Contact | None]]:
    mine = Task.objects.awake(today).filter(assignee=user).select_related("contact__key", "assignee")
    tasks = list(mine.order_by("due_on", "created_at")[:TASKS])
    ids = [task.contact_id for task in tasks if task.contact_id]
    seen = set(Contact.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return [(task, task.contact if task.contact_id in seen else None) for task in tasks]


def _ends(seen: ContactQuerySet, today: dt.date) -> Ends:
    """Whose consent ends on which day of the coming weeks. A contact whose two consents end together is one."""
    last = _monday(today) + dt.timedelta(weeks=WEEKS)
    near = Consent.objects.filter(state=State.GIVEN, valid_until__gte=today, valid_until__lt=last)
    return set(_of(seen, near, "subject__contact").values_list("subject__contact_id", "valid_until"))


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _weeks(ends: Ends, today: dt.date) -> list[dict[str, Any]]:
    """One column a week, each leading to exactly the contacts that it counts."""
    weeks: dict[dt.date, set[uuid.UUID]] = defaultdict(set)
    for contact, day in ends:
        weeks[_monday(day)].add(contact)
    return [_week(_monday(today) + dt.timedelta(weeks=n), weeks, today) for n in range(WEEKS)]


def _week(monday: dt.date, weeks: Mapping[dt.date, set[uuid.UUID]], today: dt.date) -> dict[str, Any]:
    sunday = monday + dt.timedelta(days=6)
    return {
        "label": f"{formats.day(monday)} – {formats.day(sunday)}",
        "short": formats.day_of_month(monday),
        "value": len(weeks.get(monday, ())),
        # What ended earlier this week is over, though the watch may not have come by yet.
        "href": _list(consent_from=max(monday, today).isoformat(), consent_to=sunday.isoformat()),
        "tone": "soon" if monday < _monday(today) + dt.timedelta(weeks=4) else "",
    }
