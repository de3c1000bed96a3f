"""Reads of grounds and consents in the domain's words. A period's last day still counts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from privacy.sealed import SealedQuerySet

if TYPE_CHECKING:
    from consents.models import Consent, LegalGround  # noqa: F401


class LegalGroundQuerySet(SealedQuerySet["LegalGround"]):
    def of_contact(self, contact_id: uuid.UUID) -> Self:
        return self.filter(subject__contact_id=contact_id)

    def open(self, on: dt.date | None = None) -> Self:
        """Grounds that stand on that day (today by default), consent grounds included: their events decide."""
        day = on or timezone.localdate()
        return self.filter(ended_at__isnull=True, valid_from__lte=day).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )

    def ending(self, *, before: dt.date) -> Self:
        """Grounds with a period of their own whose last day comes before that day."""
        return self.filter(ended_at__isnull=True, valid_until__lt=before)


class ConsentQuerySet(QuerySet["Consent"]):
    def of_contacts(self, contact_ids: Iterable[uuid.UUID]) -> Self:
        return self.filter(subject__contact_id__in=list(contact_ids))

    def valid(self, on: dt.date | None = None) -> Self:
        """Consents that stand on that day and are proven for the one person (Art. 7(1))."""
        return self.filter(state="given", is_weak=False, valid_until__gte=on or timezone.localdate())

    def expiring(self, *, before: dt.date) -> Self:
        """Given consents whose last day comes before that day."""
        return self.filter(state="given", valid_until__lt=before)
