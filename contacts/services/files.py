"""Files on a card: their bytes lie sealed on the disk, their names sealed in the database."""

from __future__ import annotations

from functools import partial
from typing import IO, TYPE_CHECKING

from django.db import transaction

from audit.services import record
from contacts.models import Contact, StoredFile, TimelineEntry
from privacy.files import store

if TYPE_CHECKING:
    from accounts.models import User


def add_file(
    *,
    contact: Contact,
    stream: IO[bytes],
    name: str,
    content_type: str,
    actor: User | None,
    entry: TimelineEntry | None = None,
    is_evidence: bool = False,
) -> StoredFile:
    """Seal a file on the disk and put it on the card. A failed transaction leaves no bytes behind.

    One that proves a consent (`is_evidence`) can't be removed as long as the card stands (Art. 7(1)).
    """
    row = StoredFile(
        key=contact.key, contact=contact, entry=entry, name=name[:250], uploaded_by=actor, is_evidence=is_evidence
    )
    row.storage_name, row.size, row.digest = store.seal(stream, key=contact.key, row_id=row.pk)
    row.content_type = content_type[:100] or "application/octet-stream"
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record("file.added", actor=actor, contact_id=contact.pk, target=row)
    except BaseException:
        store.delete(row.storage_name)
        raise
    return row


class KeptAsEvidence(Exception):  # noqa: N818 - read as a sentence
    """The file proves a consent."""


@transaction.atomic
def remove_file(*, file: StoredFile, actor: User) -> None:
    """Delete a file. The bytes go once the transaction is through. Raises KeptAsEvidence."""
    if file.is_evidence:
        raise KeptAsEvidence
    record("file.removed", actor=actor, contact_id=file.contact_id, target=file)
    name = file.storage_name
    file.delete()
    transaction.on_commit(lambda: store.delete(name))


@transaction.atomic
def remove_entry(*, entry: TimelineEntry, actor: User) -> None:
    """Delete an entry with its files. The bytes go once the transaction is through. Raises KeptAsEvidence."""
    if StoredFile.objects.filter(entry=entry, is_evidence=True).exists():
        raise KeptAsEvidence
    names = list(StoredFile.objects.filter(entry=entry).values_list("storage_name", flat=True))
    record("timeline.removed", actor=actor, contact_id=entry.contact_id, target=entry)
    entry.delete()
    for name in names:
        transaction.on_commit(partial(store.delete, name))
