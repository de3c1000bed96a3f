"""How far this database was compared with the ledger of erasures."""

from __future__ import annotations

from django.db import models


class LedgerMark(models.Model):
    """One row: up to which line of the ledger everybody it names is gone from this database.

    A restored backup brings its own, older mark with it, so whatever starts knows which erasures it has not seen. The
    mark is moved only after the comparison (backup/comparison.py).
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.PositiveBigIntegerField(default=0)
    # What the line after it has to name as the one before.
    mac = models.CharField(max_length=64, blank=True)
    # Where the line begins in the file: a hint, so that a start reads what follows and nothing else.
    offset = models.PositiveBigIntegerField(default=0)
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="gdpr_one_ledger_mark")]

    def __str__(self) -> str:
        return f"ledger mark {self.position}"
