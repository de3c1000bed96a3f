"""Lists of addresses that left the house: for what, when, by whom and how many."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consents.models import Channel, Purpose


class MailingList(models.Model):
    """One exported list. Holds counts only; who was on it stands in the audit of each card."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="mailing_lists", verbose_name=_("purpose"))
    channel = models.CharField(_("channel"), max_length=5, choices=[c for c in Channel.choices if c[0] != Channel.ANY])
    allowed = models.PositiveIntegerField(_("allowed"))
    refused = models.PositiveIntegerField(_("left out"))
    created_at = models.DateTimeField(_("exported"), auto_now_add=True, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("exported by")
    )

    class Meta:
        verbose_name = _("mailing list")
        verbose_name_plural = _("mailing lists")
        ordering = ["-created_at"]
        default_permissions = ("view",)
        permissions = [("export_mailinglist", "Can export mailing lists")]

    def __str__(self) -> str:
        return f"mailing list {self.pk}"
