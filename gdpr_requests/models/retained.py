"""What a legal duty does not let go yet, when everything else about a person is erased (Art. 17(3)(b))."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consents.models import Purpose
from gdpr_requests.models.erasure import ErasureItem
from privacy.sealed import SealedJSONField, SealedModel


class RetainedRecord(SealedModel):
    """The values (or one file) of the categories that one duty covers, sealed under the subject's `legal` key.

    It stands apart from every card: no list, search, export or message reads it. It goes by itself after `until`,
    and the key with the last of the subject's records.
    """

    item = models.ForeignKey(ErasureItem, models.PROTECT, related_name="retained")
    subject_id = models.UUIDField(db_index=True, editable=False)
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="+", verbose_name=_("purpose"))
    categories = models.JSONField(_("categories of data"), default=list)
    because = models.CharField(_("because of"), max_length=250)
    until = models.DateField(_("kept by law until"), db_index=True)
    content = SealedJSONField(_("data"), null=True)
    storage_name = models.CharField(max_length=100, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(_("kept since"), auto_now_add=True)

    class Meta:
        verbose_name = _("record kept by law")
        verbose_name_plural = _("records kept by law")
        constraints = [
            models.CheckConstraint(
                condition=Q(content__isnull=False) | Q(storage_name__isnull=False), name="gdpr_retained_not_empty"
            ),
            models.CheckConstraint(condition=~Q(because=""), name="gdpr_retained_has_reason"),
        ]

    def __str__(self) -> str:
        return f"retained record {self.pk}"
