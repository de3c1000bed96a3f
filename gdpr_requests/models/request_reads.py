"""Reads of requests: which of them a colleague may see, and which wait the longest."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db.models import Q
from django.db.models.functions import Coalesce

from contacts.models import Contact
from gdpr_requests.models.request_codes import CLOSED
from privacy.sealed import SealedQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from gdpr_requests.models.requests import DataSubjectRequest  # noqa: F401

# Whoever answers for privacy, and whoever audits it, sees the whole register.
SEES_ALL = ("gdpr_requests.decide_request", "audit.view_auditevent")


class RequestQuerySet(SealedQuerySet["DataSubjectRequest"]):
    def visible_to(self, user: User) -> Self:
        """The user's own requests, those they recorded, and those of people whose card they may see."""
        if not user.has_perm("gdpr_requests.view_datasubjectrequest"):
            return self.none()
        if any(user.has_perm(name) for name in SEES_ALL):
            return self.all()
        seen = Contact.objects.visible_to(user).values("pk")
        return self.filter(Q(assignee=user) | Q(opened_by_id=user.pk) | Q(contact__in=seen))

    def open(self) -> Self:
        return self.exclude(state__in=CLOSED)

    def closed(self) -> Self:
        return self.filter(state__in=CLOSED)

    def with_deadline(self) -> Self:
        """Adds `due`, the last day for the answer with any extension."""
        return self.annotate(due=Coalesce("extended_due_on", "due_on"))

    def due_by(self, day: dt.date) -> Self:
        """Whose last day comes on that day or earlier."""
        return self.with_deadline().filter(Q(due__lte=day))

    def by_urgency(self) -> Self:
        """What is due first, first."""
        return self.with_deadline().order_by("due", "received_on", "number")
