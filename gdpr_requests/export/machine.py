"""The copy for machines: data.json (docs/export.schema.json) and CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

from contacts.spreadsheet import safe_cell
from gdpr_requests.export.collect import Record, Table
from gdpr_requests.export.document import Copy
from gdpr_requests.export.values import Cell, category_label

SCHEMA = "karta-export/1"
LONG_HEAD = ("kind", "kind_label", "record", "field", "field_label", "category", "value", "value_label")

FileEntry = dict[str, Any]


def data_json(copy: Copy, files: Sequence[FileEntry]) -> bytes:
    """The whole copy. `files` are the entries of the archive's files, with their checksums."""
    collected, information = copy.collected, copy.information
    content = {
        "schema": SCHEMA,
        "variant": str(copy.variant),
        "made_at": copy.made_at.isoformat(),
        "language": copy.language,
        "person": {
            "id": str(collected.contact.pk),
            "former_ids": [str(pk) for pk in collected.aliases],
            "name": collected.contact.display_name,
            "kind": collected.contact.kind,
        },
        "information": {
            "controller": information.controller,
            "purposes": information.purposes,
            "categories": information.categories,
            "recipients": information.recipients,
            "sources": information.sources,
            "rights": information.rights,
            "supervisory_authority": information.authority,
            "automated_decisions": {"used": False, "text": information.automated_decisions},
            "transfers": {"outside_eea": information.outside_eea, "text": information.transfers},
        },
        "data": [_table(table) for table in collected.tables],
        "files": list(files),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": table.name,
        "label": table.label,
        "fields": {
            column.name: {
                "label": column.label,
                "category": {"code": column.category, "label": category_label(column.category)},
                "nature": column.kind,
            }
            for column in table.columns
        },
        "records": [
            {"id": record.id, **{name: cell.data for name, cell in record.cells.items()}} for record in table.records
        ],
    }


def csv_files(copy: Copy) -> Iterator[tuple[str, bytes]]:
    """`data.csv` with every value on a line of its own, and one table for each kind under `csv/`."""
    tables = copy.collected.tables
    yield "data.csv", _csv(LONG_HEAD, (line for table in tables for line in _long(table)))
    for table in tables:
        yield f"csv/{table.name.lower().replace('.', '-')}.csv", _csv(*_wide(table))


def _long(table: Table) -> Iterator[list[str]]:
    for record in table.records:
        for column in table.columns:
            value, label = _machine(record.cells[column.name])
            if value:
                about = [table.name, table.label, record.id, column.name, column.label, column.category]
                yield [*about, value, label]


def _wide(table: Table) -> tuple[list[str], Iterator[list[str]]]:
    coded = {column.name for column in table.columns if _has_codes(table, column.name)}
    head = ["id"]
    for column in table.columns:
        head += [column.name, f"{column.name}_label"] if column.name in coded else [column.name]
    return head, (_line(table, record, coded) for record in table.records)


def _line(table: Table, record: Record, coded: Container[str]) -> list[str]:
    line = [record.id]
    for column in table.columns:
        value, label = _machine(record.cells[column.name])
        line += [value, label] if column.name in coded else [value]
    return line


def _has_codes(table: Table, name: str) -> bool:
    return any(isinstance(data := record.cells[name].data, dict) and "code" in data for record in table.records)


def _machine(cell: Cell) -> tuple[str, str]:
    """What a program reads, and the words for it where it is a code."""
    if isinstance(cell.data, dict) and "code" in cell.data:
        return str(cell.data["code"]), cell.text
    if isinstance(cell.data, dict | list):
        return cell.text, ""
    return ("" if cell.data is None else str(cell.data)), ""


def _csv(head: Iterable[str], lines: Iterable[Iterable[str]]) -> bytes:
    """Semicolons and a byte order mark: so Excel opens it in columns and in Czech letters."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe_cell(value) for value in line] for line in lines)
    return target.getvalue().encode("utf-8-sig")
