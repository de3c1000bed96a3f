"""Whom we told of a correction, an erasure or a restriction (Art. 19)."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Contact
from gdpr_requests.models.letters import Letter, NoticeEvent


class RecipientNotice(models.Model):
    """One recipient was told what became of data of the contact: which fields were corrected, when and by whom.

    `recipient` is the name that the purpose gives it (an authority, a firm), never a person's. `letter` is the notice
    itself, where it was written here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="recipient_notices")
    recipient = models.CharField(_("recipient"), max_length=250)
    event = models.CharField(
        pgettext_lazy("recipients are told of", "what of"),
        max_length=13,
        choices=NoticeEvent.choices,
        default=NoticeEvent.RECTIFICATION,
    )
    fields = models.JSONField(_("which fields"), default=list)
    told_at = models.DateTimeField(_("told"), default=timezone.now)
    told_by_id = models.UUIDField(_("told by"), null=True, editable=False)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = _("notice to a recipient")
        verbose_name_plural = _("notices to recipients")
        indexes = [models.Index(fields=["contact", "-told_at"], name="gdpr_notice_of_contact")]

    def __str__(self) -> str:
        return f"notice {self.pk}"
