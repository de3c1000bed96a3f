"""The pieces of SQL by which the database itself writes tasks, the same text on SQLite and on PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import CharField, Expression, F, Func, Model, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast, Replace

# Rows written by one statement and one transaction: enough to be fast, few enough not to keep others waiting.
BATCH = 2000
T = TypeVar("T")


def pieces(rows: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """The rows in pieces of at most `size`: SQLite takes a limited number of parameters."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


class NewUuid(Func):
    """A random uuid (version 4), made by the database for each row."""

    arity = 0
    output_field = UUIDField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        return "gen_random_uuid()", []

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[str | int, ...]]:
        parts = (
            "hex(randomblob(6))",
            "'4'",
            "substr(hex(randomblob(2)), 2)",
            "substr('89AB', 1 + (random() & 3), 1)",
            "substr(hex(randomblob(2)), 2)",
            "hex(randomblob(6))",
        )
        return f"lower({' || '.join(parts)})", ()


class IsoDay(Func):
    """A date as 2026-11-24, whatever the settings of the server."""

    arity = 1
    output_field = CharField()
    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        sql, params = super().as_sql(compiler, connection, template="to_char(%(expressions)s, 'YYYY-MM-DD')", **extra)
        return sql, list(params)


def hex_of(field: str) -> Expression:
    """The 32 hexadecimal digits of a uuid column, as `UUID.hex` writes them."""
    return Replace(Cast(F(field), TextField()), Value("-"), Value(""), output_field=TextField())


def slices(source: QuerySet[Any], size: int = BATCH) -> Iterator[QuerySet[Any]]:
    """The rows of the query in pieces of at most `size`, by primary key.

    Each piece is in the order of the key: two processes that write the same rows wait for each other, in the same
    order, instead of locking each other out.
    """
    ids = list(source.order_by("pk").values_list("pk", flat=True))
    for some in pieces(ids, size):
        yield source.filter(pk__in=some).order_by("pk")


def insert_missing(
    model: type[Model], source: QuerySet[Any], columns: Mapping[str, Any], *, returning: str
) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    """INSERT … SELECT … ON CONFLICT DO NOTHING: one row for each of the query's that no unique key refuses.

    `columns` maps fields of `model` to expressions over `source`; fields it does not name stay NULL. Returns the new
    ids with the value of `returning`, a uuid column.
    """
    quote = connection.ops.quote_name
    names = list(columns)
    select = source.annotate(**{f"new_{name}": columns[name] for name in names}).values_list(
        *(f"new_{name}" for name in names)
    )
    sql, params = select.query.get_compiler(connection=connection).as_sql()
    into = ", ".join(quote(_column(model, name)) for name in names)
    back = f"{quote(_column(model, 'id'))}, {quote(_column(model, returning))}"
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({into}) {sql} ON CONFLICT DO NOTHING RETURNING {back}"
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [(_uuid(pk), value and _uuid(value)) for pk, value in cursor.fetchall()]


def _column(model: type[Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.column)


def _uuid(value: Any) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
