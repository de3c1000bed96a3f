"""Addresses that must be left alone: a keyed hash and nothing else."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Suppression(models.Model):
    """A keyed hash of an address that objected or was erased (Art. 21(3), 17). Used only to refuse.

    The hash has its own key; old key versions are kept, since what is hashed can't be hashed again.
    It blocks marketing and re-import, never a contract's messages, and only the person's own confirmed opt-in lifts it.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")

    class Reason(models.TextChoices):
        OBJECTION = "objection", _("the person objected to marketing")
        WITHDRAWAL = "withdrawal", _("the person withdrew a consent")
        ERASURE = "erasure", _("the person was erased")

    class Scope(models.TextChoices):
        MARKETING = "marketing", _("all marketing")
        PURPOSE = "purpose", _("one purpose")
        IMPORT = "import", _("marketing and re-import")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.UUIDField(db_index=True)
    key_version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices)
    purpose = models.ForeignKey("consents.Purpose", models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    # The person named this one address. What they say of no address in particular does not lift it.
    is_named = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_on = models.DateField(_("kept until"))

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        permissions = [("manage_suppression", "Can look up addresses to leave alone and lift them")]
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "scope"],
                condition=models.Q(purpose__isnull=True),
                name="consents_suppression_once",
            ),
            models.UniqueConstraint(fields=["digest", "purpose"], name="consents_suppression_purpose_once"),
            models.CheckConstraint(
                condition=models.Q(scope="purpose", purpose__isnull=False)
                | (~models.Q(scope="purpose") & models.Q(purpose__isnull=True)),
                name="consents_suppression_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}"
