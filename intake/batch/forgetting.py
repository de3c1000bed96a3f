"""Forgetting one person in what imports still keep: the file that named them, and rows that were not taken."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.db.models import Q

from audit.services import record
from intake.models import ImportBatch, ImportRow
from privacy.files import store

# A batch that still runs needs its file; it says here that it has to go at the end.
FORGET_FILE = "forget_file"


@transaction.atomic
def forget_person(*, contact_ids: Collection[uuid.UUID], addresses: Collection[str]) -> int:
    """Destroy the files of imports that named the person, and the rows of theirs that were refused (Art. 17).

    A file can't be cleared of one person without being opened and sealed again, and after its import it only serves
    the report, so it goes whole. Returns how many batches were touched.
    """
    named = set(
        ImportRow.objects.filter(Q(contact__in=contact_ids) | Q(double_of__in=contact_ids)).values_list(
            "batch_id", flat=True
        )
    )
    named |= _forget_refused({address.casefold() for address in addresses})
    batches = ImportBatch.objects.select_for_update(of=("self",)).filter(pk__in=named).exclude(storage_name="")
    touched = list(batches)
    for batch in touched:
        forget_file(batch)
    return len(touched)


def _forget_refused(addresses: set[str]) -> set[uuid.UUID]:
    """Empty the refused rows that hold one of the addresses; returns the batches they were in."""
    found = [row for row in ImportRow.objects.filter(cells__isnull=False) if _holds(row, addresses)]
    ImportRow.objects.filter(pk__in=[row.pk for row in found]).update(cells=None)
    return {row.batch_id for row in found}


def _holds(row: ImportRow, addresses: set[str]) -> bool:
    return any(address in str(cell).casefold() for cell in row.cells or [] for address in addresses)


def forget_file(batch: ImportBatch) -> None:
    """Destroy the file of a batch, or see to it that it goes with the end of the run."""
    if batch.is_waiting:
        batch.options = {**batch.options, FORGET_FILE: True}
        batch.save(update_fields=["options"])
        return
    transaction.on_commit(partial(store.delete, batch.storage_name))
    ImportBatch.objects.filter(pk=batch.pk).update(storage_name="")
    record("import.file_forgotten", actor=None, target=batch)
