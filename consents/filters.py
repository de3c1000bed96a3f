"""Questions about grounds and consents that lists of contacts are narrowed by."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.models import Consent, LegalGround, State
from consents.services.orphans import without_ground
from contacts.querysets import ContactQuerySet


class ConsentState(models.TextChoices):
    """States of a consent that a colleague asks for, across all purposes."""

    VALID = "valid", _("a valid consent")
    ENDING = "ending", _("a consent ending within 30 days")
    WEAK = "weak", _("a consent without evidence")
    REQUESTED = "requested", _("waiting for an answer")
    ENDED = "ended", _("withdrawn, refused or expired")
    NONE = "none", _("no consent")


def on_basis(contacts: ContactQuerySet, basis: str) -> ContactQuerySet:
    """Those held on an open ground of this basis."""
    return contacts.filter(Exists(LegalGround.objects.open().filter(subject__contact=OuterRef("pk"), basis=basis)))


def in_consent_state(contacts: ContactQuerySet, state: str) -> ContactQuerySet:
    """Those with a consent in this state, whatever its purpose."""
    consents = Consent.objects.filter(subject__contact=OuterRef("pk"))
    today = timezone.localdate()
    given = consents.filter(state=State.GIVEN, valid_until__gte=today)
    narrowed = {
        ConsentState.VALID: given.filter(is_weak=False),
        ConsentState.ENDING: given.filter(valid_until__lte=today + dt.timedelta(days=30)),
        ConsentState.WEAK: given.filter(is_weak=True),
        ConsentState.REQUESTED: consents.filter(state=State.REQUESTED),
        ConsentState.ENDED: consents.filter(state__in=[State.WITHDRAWN, State.REFUSED, State.EXPIRED, State.OBJECTED]),
    }
    if state == ConsentState.NONE:
        return contacts.filter(~Exists(consents))
    return contacts.filter(Exists(narrowed[ConsentState(state)]))


def ending_by(contacts: ContactQuerySet, day: dt.date) -> ContactQuerySet:
    """Those with a consent or a ground whose last day is that day or comes before it."""
    # The last day of the calendar has no morrow.
    before = day + dt.timedelta(days=1) if day < dt.date.max else day
    grounds = LegalGround.objects.ending(before=before).filter(subject__contact=OuterRef("pk"))
    consents = Consent.objects.expiring(before=before).filter(subject__contact=OuterRef("pk"))
    return contacts.filter(Exists(grounds) | Exists(consents))


def consent_ending_between(contacts: ContactQuerySet, first: dt.date | None, last: dt.date | None) -> ContactQuerySet:
    """Those with a given consent whose last day lies in these days, both included; None is open on that side."""
    consents = Consent.objects.filter(subject__contact=OuterRef("pk"), state=State.GIVEN)
    if first:
        consents = consents.filter(valid_until__gte=first)
    if last:
        consents = consents.filter(valid_until__lte=last)
    return contacts.filter(Exists(consents))


__all__ = ["ConsentState", "consent_ending_between", "ending_by", "in_consent_state", "on_basis", "without_ground"]
