"""From a stored batch to the contacts in its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import tee
from typing import Any

from django.conf import settings

from intake.models import ImportBatch
from intake.parsing.columns import ColumnMapping, guess_columns
from intake.parsing.dates import DateOrder
from intake.parsing.detect import FileKind, detect_kind
from intake.parsing.problems import ImportProblem
from intake.parsing.record import ParsedContact
from intake.parsing.rows import BatchOptions, guess_options, parse_rows
from intake.parsing.table import Table, open_table
from intake.parsing.targets import Kind, Target
from intake.parsing.vcard import guess_vcard_region, read_vcards
from privacy.files import store

PREVIEWED = 10


@dataclass(frozen=True)
class Found:
    """What a file looks like: its kind, how it is read, where its columns go, and how many rows there are."""

    kind: str
    options: dict[str, Any]
    mapping: list[dict[str, Any]]
    total: int


def content_of(batch: ImportBatch) -> bytes:
    """The bytes of the file. Raises ImportProblem where they have been destroyed already."""
    if not batch.storage_name:
        raise ImportProblem("empty_file")
    return b"".join(store.open(batch.storage_name, key=batch.key, row_id=batch.pk))


def look_at(data: bytes, options: dict[str, Any] | None = None) -> Found:
    """Read the whole file once, so that nothing fails half-way later. Raises ImportProblem for what can't be read."""
    asked = {
        key: value for key, value in (options or {}).items() if key in ("encoding", "delimiter", "sheet") and value
    }
    kind = FileKind.CSV if asked.get("encoding") and not data.startswith(b"PK") else detect_kind(data)
    if kind is FileKind.VCARD:
        region = guess_vcard_region(data, settings.PHONENUMBER_REGION)
        return Found(kind, {"region": region}, [], sum(1 for _ in read_vcards(data, region=region)))
    if kind is FileKind.EML:
        raise ImportProblem("not_a_table")
    table = open_table(data, **asked)
    total = table.check()
    sample = table.sample()
    mapping = guess_columns(table.headers, sample)
    guessed = guess_options(sample, mapping, region=settings.PHONENUMBER_REGION)
    read_as = {
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "sheet": table.sheet,
        "region": guessed.region,
        "date_order": str(guessed.date_order),
    }
    return Found(kind, read_as, [as_stored(column) for column in mapping], total)


def as_stored(column: ColumnMapping) -> dict[str, Any]:
    """A column's mapping as codes; its header stays in the file."""
    return {
        "index": column.index,
        "target": str(column.target.value),
        "kind": str(column.kind.value) if column.kind else "",
        "group": column.group,
    }


def table_of(batch: ImportBatch, data: bytes) -> Table:
    """The file as a table, read as it was decided."""
    wanted = {key: batch.options.get(key) or "" for key in ("encoding", "delimiter", "sheet")}
    if batch.kind == FileKind.XLSX:
        return open_table(data, sheet=wanted["sheet"])
    return open_table(data, encoding=wanted["encoding"], delimiter=wanted["delimiter"])


def columns_of(batch: ImportBatch, headers: Sequence[str]) -> list[ColumnMapping]:
    """The decided mapping of the columns."""
    return [
        ColumnMapping(
            index=stored["index"],
            header=headers[stored["index"]] if stored["index"] < len(headers) else "",
            target=Target(stored["target"]),
            kind=Kind(stored["kind"]) if stored.get("kind") else None,
            group=stored.get("group", ""),
            confidence=1.0,
        )
        for stored in batch.mapping
    ]


def contacts_of(batch: ImportBatch, data: bytes) -> Iterator[tuple[ParsedContact, list[str]]]:
    """Every contact of the file with its row as it came, in the file's order."""
    region = batch.options.get("region") or settings.PHONENUMBER_REGION
    if batch.kind == FileKind.VCARD:
        for card in read_vcards(data, region=region):
            yield card, []
        return
    table = table_of(batch, data)
    options = BatchOptions(region=region, date_order=DateOrder(batch.options.get("date_order") or DateOrder.UNKNOWN))
    mapping = columns_of(batch, table.headers)
    as_it_came, to_parse = tee(table.rows)
    for row, contact in zip(as_it_came, parse_rows(to_parse, mapping, options), strict=True):
        yield contact, list(row.cells)
