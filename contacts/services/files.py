"""Files on a card: their bytes lie sealed on the disk, their names sealed in the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import IO, TYPE_CHECKING

from django.db import DatabaseError, transaction

from audit.services import record
from contacts.models import Contact, StoredFile, TimelineEntry
from contacts.services.door import enter
from privacy.files import store

if TYPE_CHECKING:
    from accounts.models import User


# What the transaction at work has sealed on the disk; None outside of one that takes its files back.
_sealed: ContextVar[list[str] | None] = ContextVar("sealed", default=None)


@contextmanager
def files_in_transaction() -> Iterator[None]:
    """A transaction that takes the bytes of its files back when it fails, at whatever depth they were added.

    Also a decorator, in place of `transaction.atomic`, for services that add files beside other writes. What a killed
    process leaves behind goes with the sweep of orphaned files.
    """
    outer = _sealed.get()
    mine: list[str] = []
    token = _sealed.set(mine)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        left = [name for name in mine if not _taken_back(name)]
        if outer is not None:
            outer += left
        raise
    else:
        if outer is not None:
            outer += mine
    finally:
        _sealed.reset(token)


def _note(name: str) -> None:
    sealed = _sealed.get()
    if sealed is not None:
        sealed.append(name)


def _taken_back(name: str) -> bool:
    """Delete the bytes unless a row knows them: a commit may have gone through though its answer was lost."""
    try:
        known = StoredFile.objects.filter(storage_name=name).exists()
    except DatabaseError:
        return False  # a transaction further out is broken: it asks again, or the sweep does
    if not known:
        store.delete(name)
    return True


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
    """Seal a file on the disk and put it on the card.

    Services that add one beside other writes run in `files_in_transaction`, so that none of it stays when they fail.

    One that proves a consent (`is_evidence`) can't be removed as long as the card stands (Art. 7(1)).
    """
    row = StoredFile(
        key=contact.key, contact=contact, entry=entry, name=name[:250], uploaded_by=actor, is_evidence=is_evidence
    )
    row.content_type = content_type[:100] or "application/octet-stream"
    with files_in_transaction():
        if not is_evidence:
            # The proof of a withdrawal or an objection is the person's own doing, and comes in all the same.
            enter(contact, actor)
        row.storage_name, row.size, row.digest = store.seal(stream, key=contact.key, row_id=row.pk)
        _note(row.storage_name)
        row.save(force_insert=True)
        record("file.added", actor=actor, contact_id=contact.pk, target=row)
    return row


class KeptAsEvidence(Exception):  # noqa: N818 - read as a sentence
    """The file proves a consent."""


@transaction.atomic
def remove_file(*, file: StoredFile, actor: User) -> None:
    """Delete a file. The bytes go once the transaction is through. Raises KeptAsEvidence."""
    if file.is_evidence:
        raise KeptAsEvidence
    enter(file.contact, actor)
    record("file.removed", actor=actor, contact_id=file.contact_id, target=file)
    name = file.storage_name
    file.delete()
    transaction.on_commit(lambda: store.delete(name))


@transaction.atomic
def remove_entry(*, entry: TimelineEntry, actor: User) -> None:
    """Delete an entry with its files. The bytes go once the transaction is through. Raises KeptAsEvidence."""
    if StoredFile.objects.filter(entry=entry, is_evidence=True).exists():
        raise KeptAsEvidence
    enter(entry.contact, actor)
    names = list(StoredFile.objects.filter(entry=entry).values_list("storage_name", flat=True))
    record("timeline.removed", actor=actor, contact_id=entry.contact_id, target=entry)
    entry.delete()
    for name in names:
        transaction.on_commit(partial(store.delete, name))
