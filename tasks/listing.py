"""The parts of the task list, and how much waits in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _

from tasks.models import Task
from tasks.querysets import TaskQuerySet

if TYPE_CHECKING:
    from accounts.models import User

TABS = {"mine": _("Mine"), "team": _("My team"), "overdue": _("Late"), "snoozed": _("Put off"), "done": _("Done")}


def in_tab(user: User, tab: str) -> TaskQuerySet:
    """The tasks of one part, the most urgent first."""
    seen = Task.objects.visible_to(user).select_related("contact__key", "assignee")
    if tab == "done":
        return seen.filter(done_at__isnull=False, assignee=user).order_by("-done_at", "pk")
    parts = {
        "mine": seen.awake().filter(assignee=user),
        "team": seen.awake().of_team(user),
        "overdue": seen.overdue(),
        "snoozed": seen.open()
        .filter(assignee=user, snoozed_until__isnull=False)
        .exclude(pk__in=seen.awake().values("pk")),
    }
    # What was put off comes up on its new day, not on the one it was due.
    when = Case(When(snoozed_until__isnull=False, then=F("snoozed_until")), default=F("due_on"))
    return parts[tab].order_by(when, "due_on", "created_at", "pk")


def counts_of(user: User) -> dict[str, int]:
    """How much waits in the parts that ask for something."""
    return {tab: in_tab(user, tab).order_by().count() for tab in ("mine", "team", "overdue")}
