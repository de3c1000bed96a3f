"""Running an import: some rows at a time, each time whole or not at all.

The batch's row counts what is in. A worker that was killed leaves a number, and the next run goes on from it; two
workers at once wait for each other at the row and the later one finds its part done.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.services import record
from contacts.models import Contact, TimelineEntry
from contacts.services.files import add_file, files_in_transaction
from contacts.services.new import NewCard
from intake.batch import reading
from intake.batch.forgetting import FORGET_FILE, forget_file
from intake.batch.ground import ground_of, plan_information
from intake.batch.sorting import Sorted, sort_out
from intake.models import ImportBatch, ImportRow
from intake.parsing.problems import ImportProblem
from intake.parsing.record import ParsedContact
from intake.parsing.record import cells as texts_of
from intake.services import create_contacts

CHUNK = 200
State = ImportBatch.State
Item = tuple[ParsedContact, list[str]]


def run(pk: uuid.UUID) -> ImportBatch:
    """Bring in what is not in yet. Safe to call twice, late and in parallel."""
    batch = ImportBatch.objects.select_related("purpose", "owner", "created_by").get(pk=pk)
    if not batch.is_waiting:
        return batch
    try:
        items = reading.contacts_of(batch, reading.content_of(batch))
        skip = batch.processed
        for chunk in _chunks(islice(items, skip, None)):
            if not _bring_in(batch.pk, chunk, expected=skip):
                return ImportBatch.objects.get(pk=pk)  # another worker is at it
            skip += len(chunk)
    except ImportProblem as problem:
        return _end(pk, State.FAILED, problem)
    return _end(pk, State.DONE, None)


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk


@files_in_transaction()
def _bring_in(pk: uuid.UUID, chunk: Sequence[Item], *, expected: int) -> bool:
    """Import these rows, which follow the first `expected` ones; False where somebody else has done so."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=pk)
    if batch.processed != expected or not batch.is_waiting:
        return False
    found = sort_out(batch, chunk)
    contacts = create_contacts(
        cards=[_card(batch, parsed) for parsed, _cells in found.fresh],
        ground=ground_of(batch),
        actor=batch.created_by,
        owner=batch.owner,
        informs=False,
    )
    for contact, (parsed, _cells) in zip(contacts, found.fresh, strict=True):
        for file in parsed.files:
            add_file(
                contact=contact,
                stream=io.BytesIO(file.content),
                name=file.name,
                content_type=file.content_type,
                actor=batch.created_by,
            )
    _write_notes(contacts, found, batch)
    _write_rows(batch, contacts, found)
    batch.processed += len(chunk)
    batch.created_count += len(contacts)
    batch.refused_count += len(found.refused)
    batch.duplicate_count += len(found.doubles)
    batch.state = State.RUNNING
    if found.erased:
        # Uploaded before the erasure or in spite of it: the file must not hold the person any longer than it is read.
        batch.options = {**batch.options, FORGET_FILE: True}
    counts = ["processed", "created_count", "refused_count", "duplicate_count"]
    batch.save(update_fields=[*counts, "state", "options", "touched_at"])
    return True


def _card(batch: ImportBatch, parsed: ParsedContact) -> NewCard:
    """A parsed contact as a new card; the batch says where it comes from."""
    names = ("title_before", "first_name", "last_name", "title_after", "salutation", "ico", "dic", "position")
    values: dict[str, Any] = {name: getattr(parsed, name) for name in names}
    values |= {
        "kind": parsed.kind,
        "organisation_name": parsed.organisation,
        "birth_date": parsed.birth_date,
        "language": parsed.language or "cs",
        "source": batch.source,
        "source_detail": batch.source_detail,
    }
    address_parts = ("street", "city", "postcode", "region", "country", "kind")
    return NewCard(
        values=values,
        emails=[{"value": e.value, "kind": e.kind, "is_primary": e.primary} for e in parsed.emails],
        phones=[{"value": p.value, "kind": p.kind, "is_primary": p.primary} for p in parsed.phones],
        addresses=[
            {**{part: getattr(a, part) for part in address_parts}, "is_primary": a.primary} for a in parsed.addresses
        ],
        tags=parsed.tags,
    )


def _write_notes(contacts: Sequence[Contact], found: Sorted, batch: ImportBatch) -> None:
    """What has no field of its own stands in a note on the card: no value is lost."""
    now = timezone.now()
    TimelineEntry.objects.bulk_create(
        [
            TimelineEntry(
                key=contact.key,
                contact=contact,
                kind=TimelineEntry.Kind.NOTE,
                body=parsed.note,
                occurred_at=now,
                author=batch.created_by,
            )
            for contact, (parsed, _cells) in zip(contacts, found.fresh, strict=True)
            if parsed.note
        ],
        batch_size=500,
    )


def _write_rows(batch: ImportBatch, contacts: Sequence[Contact], found: Sorted) -> None:
    created = [
        ImportRow(
            key=batch.key,
            batch=batch,
            number=parsed.row,
            state=ImportRow.State.CREATED,
            contact=contact,
            double_of_id=found.doubles.get(parsed.row),
            problems=[problem.as_dict() for problem in parsed.problems],
        )
        for contact, (parsed, _cells) in zip(contacts, found.fresh, strict=True)
    ]
    refused = [
        ImportRow(
            key=batch.key,
            batch=batch,
            number=parsed.row,
            state=ImportRow.State.REFUSED,
            problems=[{"code": code} for code in codes] + [problem.as_dict() for problem in parsed.problems],
            cells=None if parsed.row in found.erased else cells or [text for text in texts_of(parsed) if text],
        )
        for parsed, cells, codes in found.refused
    ]
    ImportRow.objects.bulk_create(created + refused, batch_size=500)


@transaction.atomic
def _end(pk: uuid.UUID, state: str, problem: ImportProblem | None) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=pk)
    if batch.is_waiting:
        batch.state = state
        batch.problem = problem.as_dict() if problem else None
        batch.finished_at = timezone.now()
        batch.save(update_fields=["state", "problem", "finished_at", "touched_at"])
        if batch.options.get(FORGET_FILE):
            forget_file(batch)
        plan_information(batch)
        detail = {"created": batch.created_count, "refused": batch.refused_count}
        record(f"import.{state}", actor=batch.created_by, target=batch, detail=detail)
    return batch
