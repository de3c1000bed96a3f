"""How far this database was compared with the ledger of erasures."""

from __future__ import annotations

from django.db import models


class LedgerMark(models.Model):
    """One row: up to which line of the ledger everybody it names is gone from this database.

    A restored backup brings its own, older mark with it, so whatever starts knows which erasures it has not seen. The
    mark is moved only after the comparison (backup/comparison.py).
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.PositiveBigIntegerField(default=0, help_text="The last line that was compared; 0 before the first.")
    mac = models.CharField(max_length=64, blank=True, help_text="What the line after it has to name.")
    offset = models.PositiveBigIntegerField(default=0, help_text="Where that line begins in the file. A hint only.")
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="gdpr_one_ledger_mark")]

    def __str__(self) -> str:
        return f"ledger mark {self.position}"
