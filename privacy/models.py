"""Keys of people and of the system, and the release that erasure opens in append-only tables."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.wrapping import Cipher, WrappedKeyField, unwrap


class SubjectKey(models.Model):
    """The data key of one person for one retention class; deleting the row makes what it sealed unreadable."""

    class RetentionClass(models.TextChoices):
        CARD = "card", _("the card")
        PROOF = "proof", _("proof of consent")
        LEGAL = "legal", _("legal obligation")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Plain, without a foreign key: keys are backed up apart from the data and live shorter.
    subject_id = models.UUIDField(db_index=True, editable=False)
    retention_class = models.CharField(max_length=8, choices=RetentionClass.choices, default=RetentionClass.CARD)
    secret = WrappedKeyField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "retention_class"], name="privacy_subjectkey_one_per_class")
        ]

    def __str__(self) -> str:
        return str(self.id)

    def __getstate__(self) -> dict[str, Any]:
        # A pickle (cache, queue) carries the wrapped key only.
        return {name: value for name, value in super().__getstate__().items() if name != "_cipher"}

    @property
    def cipher(self) -> Cipher:
        """The opened key, unwrapped once for this instance. Raises WrongKey."""
        cipher: Cipher | None = self.__dict__.get("_cipher")
        if cipher is None:
            cipher = self.__dict__["_cipher"] = Cipher(unwrap(self.secret))
        return cipher


class SystemKey(models.Model):
    """A key of the installation: `index`, `suppression`, `audit` or `ledger`. Old versions are kept."""

    name = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    secret = WrappedKeyField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="privacy_systemkey_name_version")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Release(models.Model):
    """While a row stands here, the append-only tables let the rows of this subject be erased.

    Erasure opens and closes it inside its own transaction, so no other connection ever sees one. The nil uuid
    (00000000-…) stands for tables without a subject: it lets the audit prune its oldest rows.
    """

    subject_id = models.UUIDField(primary_key=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "privacy_release"

    def __str__(self) -> str:
        return str(self.subject_id)
