"""Reads of tasks. Seen by the assignee, by who wrote it, and by those who may see the contact that it is about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db.models import Q
from django.utils import timezone

from privacy.sealed import SealedQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from tasks.models import Task  # noqa: F401


class TaskQuerySet(SealedQuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        """Tasks of the user, those that the user wrote for others, and tasks about contacts that the user may see."""
        from contacts.models import Contact

        seen = Contact.objects.visible_to(user).values("pk")
        return self.filter(Q(assignee=user) | Q(created_by=user) | Q(contact__in=seen))

    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def awake(self, on: dt.date | None = None) -> Self:
        """Open tasks that nobody has put off beyond that day."""
        day = on or timezone.localdate()
        return self.open().filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=day))

    def overdue(self, on: dt.date | None = None) -> Self:
        return self.open().filter(due_on__lt=on or timezone.localdate())

    def of_team(self, user: User) -> Self:
        return self.filter(assignee__team_id=user.team_id) if user.team_id else self.filter(assignee=user)
