"""Restrictions of processing and how each of them ended (Art. 18)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Contact
from privacy.sealed import SealedModel, SealedTextField


class RestrictionReason(models.TextChoices):
    """The four cases of Art. 18(1)."""

    ACCURACY = "accuracy", _("the person contests the accuracy; it is being verified (a)")
    UNLAWFUL = "unlawful", _("the processing is unlawful and the person wants no erasure (b)")
    CLAIMS = "claims", _("we need them no more, the person needs them for legal claims (c)")
    OBJECTION = "objection", _("the person objected; the balance is pending (d)")


class ToldVia(models.TextChoices):
    """How the person was told that the restriction ends."""

    LETTER = "letter", _("by a letter sent from here")
    EMAIL = "email", _("by e-mail")
    PHONE = "phone", _("by phone")
    POST = "post", pgettext_lazy("told", "by post")
    DATA_BOX = "data_box", _("by data box")
    IN_PERSON = "in_person", _("in person")


class Restriction(SealedModel):
    """One restriction of one card, from its placing to its lifting.

    The database refuses a lifting before which the person was not told (Art. 18(3)), and clearing the mark of a card
    while one of these stands open. Sealed under the card's key, with which it goes.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="restrictions")
    reason = models.CharField(_("why"), max_length=10, choices=RestrictionReason.choices)
    note = SealedTextField(_("note"), blank=True)
    request_id = models.UUIDField(null=True, editable=False)
    placed_at = models.DateTimeField(_("restricted since"), default=timezone.now, editable=False)
    placed_by_id = models.UUIDField(null=True, editable=False)
    told_on = models.DateField(_("person told on"), null=True)
    told_via = models.CharField(_("person told how"), max_length=10, choices=ToldVia.choices, blank=True)
    told_reference = SealedTextField(_("evidence of the notice"), blank=True)
    told_letter_id = models.UUIDField(null=True, editable=False)
    told_by_id = models.UUIDField(null=True, editable=False)
    told_recorded_at = models.DateTimeField(_("notice recorded"), null=True, editable=False)
    lifted_at = models.DateTimeField(_("lifted"), null=True, editable=False)
    lifted_by_id = models.UUIDField(null=True, editable=False)

    if TYPE_CHECKING:
        contact_id: uuid.UUID

    class Meta:
        verbose_name = _("restriction of processing")
        verbose_name_plural = _("restrictions of processing")
        ordering = ["-placed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(lifted_at__isnull=True), name="gdpr_restriction_open_once"
            ),
            models.CheckConstraint(
                condition=Q(told_recorded_at__isnull=True, told_on__isnull=True, told_via="")
                | (Q(told_recorded_at__isnull=False, told_on__isnull=False) & ~Q(told_via="")),
                name="gdpr_restriction_notice_whole",
            ),
            # Nobody lifts it silently: the notice stands before the lifting.
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True)
                | Q(told_recorded_at__isnull=False, told_recorded_at__lte=F("lifted_at"), lifted_by_id__isnull=False),
                name="gdpr_restriction_lifted_after_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"restriction {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.lifted_at is None

    @property
    def is_told(self) -> bool:
        return self.told_recorded_at is not None

    @property
    def since(self) -> dt.date:
        return timezone.localdate(self.placed_at)
