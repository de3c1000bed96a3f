"""Rows of keys as lines of JSON: wrapped under FIELD_ENCRYPTION_KEY, the same for both databases."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.db import models

from gdpr_requests.backup.archive import BackupProblem
from gdpr_requests.backup.envelope import EnvelopeBroken, Opener, Sealer
from privacy.errors import WrongKey
from privacy.keys import SYSTEM_KEY_NAMES
from privacy.models import SubjectKey, SystemKey
from privacy.wrapping import Wrapped, unwrap

PURPOSE = "keys"
MODELS: dict[str, type[models.Model]] = {"system": SystemKey, "subject": SubjectKey}
TABLES = {kind: model._meta.db_table for kind, model in MODELS.items()}
#: What a row is written as; `secret` is wrapped.
COLUMNS = {
    "system": ("id", "name", "version", "secret", "created_at"),
    "subject": ("id", "subject_id", "retention_class", "secret", "created_at"),
}
Row = tuple[str, dict[str, str | int]]


def write(sealer: Sealer) -> int:
    """Write every row of keys. Returns how many data keys there are."""
    count = 0
    for kind, model in MODELS.items():
        rows = model._base_manager.order_by("pk").values_list(*COLUMNS[kind])
        for values in rows.iterator(chunk_size=2000):
            row = {name: _plain(value) for name, value in zip(COLUMNS[kind], values, strict=True)}
            sealer.write(json.dumps({"kind": kind, **row}).encode() + b"\n")
            count += kind == "subject"
    return count


def _plain(value: object) -> str | int:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value if isinstance(value, int) else str.__str__(value) if isinstance(value, Wrapped) else str(value)


def read(path: Path) -> list[Row]:
    """Every row of a file of keys, proved to open with FIELD_ENCRYPTION_KEY. Raises BackupProblem."""
    try:
        with path.open("rb") as source:
            lines = Opener(source, PURPOSE).read().splitlines()
    except EnvelopeBroken as problem:
        raise BackupProblem(f"{path.name}: {problem}") from None
    except OSError:
        raise BackupProblem(f"{path} can't be read.") from None
    rows: list[Row] = []
    for line in lines:
        row = json.loads(line)
        rows.append((row.pop("kind"), row))
    _prove(rows, path)
    return rows


def _prove(rows: list[Row], path: Path) -> None:
    system = {str(row["name"]): str(row["secret"]) for kind, row in rows if kind == "system"}
    if set(SYSTEM_KEY_NAMES) - set(system):
        raise BackupProblem(f"{path.name} does not hold the keys of the system.")
    try:
        for secret in system.values():
            unwrap(secret)
    except WrongKey as problem:
        raise BackupProblem(str(problem)) from None


def put_into_sqlite(database: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Fill the empty tables of keys in a file that is not in use yet."""
    for kind, columns in COLUMNS.items():
        table = TABLES[kind]
        marks = ", ".join("?" * len(columns))
        sql = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({marks})'  # noqa: S608  (names of our own columns)
        database.executemany(sql, (_for_sqlite(row) for of, row in rows if of == kind))


def _for_sqlite(row: dict[str, str | int]) -> list[str | int]:
    values: dict[str, str | int] = dict(row)
    values["created_at"] = str(row["created_at"]).replace("T", " ").removesuffix("+00:00")
    for name in ("id", "subject_id"):
        if isinstance(row.get(name), str):
            values[name] = UUID(str(row[name])).hex
    return list(values.values())


def as_copy(rows: list[Row]) -> Iterator[str]:
    """The same as COPY statements of PostgreSQL. Values are ids, codes and base64: nothing in them needs escaping."""
    for kind, columns in COLUMNS.items():
        table = TABLES[kind]
        yield f"COPY {table} ({', '.join(columns)}) FROM stdin;\n"
        for of, row in rows:
            if of == kind:
                yield "\t".join(_safe(row[name]) for name in columns) + "\n"
        yield "\\.\n"
    table = SystemKey._meta.db_table
    yield f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}));\n"  # noqa: S608


def _safe(value: str | int) -> str:
    text = str(value)
    if any(char in text for char in "\t\n\r\\"):
        raise BackupProblem("A row of keys holds what no key holds: nothing was restored.")
    return text
