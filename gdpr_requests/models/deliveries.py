"""Copies that wait for the person behind a link and a code (Art. 12(3), 15(3), 20)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from gdpr_requests.models.requests import DataSubjectRequest
from privacy.sealed import SealedCharField, SealedModel


class CopyDelivery(SealedModel):
    """One copy, made and reviewed at one moment, to be fetched until it ends.

    The ZIP lies sealed under the card's key as `storage_name`, until the delivery ends. The link's token is sealed and
    found by its digest. The code is sealed too: whoever may open the card may see all that it opens anyway, and has to
    be able to say it on the phone tomorrow.
    """

    class Variant(models.TextChoices):
        COMPLETE = "complete", _("everything (Art. 15)")
        PORTABLE = "portability", _("data to take elsewhere (Art. 20)")

    class End(models.TextChoices):
        EXPIRED = "expired", _("its time ran out")
        REVOKED = "revoked", _("a colleague ended it")
        GUESSED = "guessed", _("a wrong code was entered too often")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="deliveries", verbose_name=_("card"))
    request = models.ForeignKey(
        DataSubjectRequest,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("request"),
    )
    variant = models.CharField(_("what it holds"), max_length=11, choices=Variant.choices)
    language = models.CharField(_("language"), max_length=2)
    token = SealedCharField(_("link"), max_length=64)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    code = SealedCharField(_("code"), max_length=8)
    storage_name = models.CharField(max_length=100, unique=True, null=True, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    left_out = models.PositiveIntegerField(_("places taken out for the rights of others"), default=0)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    created_by_id = models.UUIDField(_("made by"), null=True, editable=False)
    ends_at = models.DateTimeField(_("to be fetched until"), db_index=True)
    wrong_codes = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    fetched_at = models.DateTimeField(_("fetched"), null=True, editable=False)
    ended_at = models.DateTimeField(_("link ended"), null=True, editable=False)
    end_reason = models.CharField(_("why it ended"), max_length=7, choices=End.choices, blank=True)

    class Meta:
        verbose_name = _("copy to be fetched")
        verbose_name_plural = _("copies to be fetched")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="gdpr_delivery_end_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(storage_name__isnull=True),
                name="gdpr_delivery_ended_has_no_file",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it can be fetched now."""
        return self.ended_at is None and timezone.now() < self.ends_at

    @classmethod
    def new_id(cls) -> uuid.UUID:
        """The id has to be known before the row: the file is sealed for it."""
        return uuid.uuid4()
