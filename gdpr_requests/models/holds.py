"""What stops an erasure: data that are needed for a claim or by an authority (Art. 17(3)(b), (e))."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from privacy.sealed import SealedManager, SealedModel, SealedQuerySet, SealedTextField


class LegalHoldQuerySet(SealedQuerySet["LegalHold"]):
    def in_force(self, on: dt.date | None = None) -> LegalHoldQuerySet:
        """Holds that were not released and whose last day is not over."""
        return self.filter(released_at__isnull=True, until__gte=on or timezone.localdate())


LegalHoldManager = SealedManager.from_queryset(LegalHoldQuerySet)


class LegalHold(SealedModel):
    """Until its last day, or until somebody releases it, the card is not erased.

    The reason is sealed under the card's key and goes with the card. An erasure that meets a hold waits and is made
    by itself once no hold is left.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="holds", verbose_name=_("contact"))
    reason = SealedTextField(_("why the data are needed"))
    until = models.DateField(_("held until"))
    placed_by_id = models.UUIDField(_("held by"), null=True, editable=False)
    placed_at = models.DateTimeField(_("held since"), default=timezone.now, editable=False)
    released_by_id = models.UUIDField(_("released by"), null=True, editable=False)
    released_at = models.DateTimeField(_("released"), null=True, editable=False)

    objects: ClassVar[LegalHoldManager[Self]] = LegalHoldManager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        default_permissions = ()
        permissions = [("manage_hold", "Can place and release legal holds")]
        indexes = [models.Index(fields=["contact", "until"], name="gdpr_hold_of_card")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="gdpr_hold_has_reason")]

    def __str__(self) -> str:
        return f"hold {self.pk}"
