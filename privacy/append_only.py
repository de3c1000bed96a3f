"""Tables that only grow: guarded in the database itself, on SQLite and on PostgreSQL.

A model says `append_only = AppendOnly(erasable_by="subject_id")`. Triggers then refuse UPDATE and DELETE (TRUNCATE on
PostgreSQL, REPLACE on SQLite) of every row, unless the subject of the row stands in privacy_release, which only
`released()` writes, inside the transaction of an erasure. With `erasable_by=None` rows have no subject: nothing may
be changed, and deleted only while the nil uuid is released, which is how the oldest audit rows are pruned.

The triggers are made again after every migrate (Django's way of altering SQLite tables drops them) and their
presence, wording and effect are checked at start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection as default_connection
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from privacy.models import Release

NIL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class AppendOnly:
    """The guard of one table. `erasable_by` is the column with the uuid whose release lets a row go, or None."""

    erasable_by: str | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger as it has to be: `check` is what the database keeps of it, to be compared at start."""

    table: str
    name: str
    create: str
    check: str


def guarded_models() -> list[type[models.Model]]:
    """Every installed model that declares `append_only`."""
    return [m for m in apps.get_models() if isinstance(getattr(m, "append_only", None), AppendOnly)]


@contextmanager
def released(subject_ids: Iterable[UUID]) -> Iterator[None]:
    """Let the append-only rows of these subjects be erased within the block (Art. 17), in one transaction."""
    ids = set(subject_ids)
    with transaction.atomic():
        Release.objects.bulk_create(Release(subject_id=subject_id) for subject_id in sorted(ids))
        yield
        Release.objects.filter(subject_id__in=ids).delete()


@contextmanager
def pruning() -> Iterator[None]:
    """Let rows of tables without a subject be deleted within the block, in one transaction."""
    with released([NIL]):
        yield


# --- what the database has to hold --------------------------------------------------------------------------------


def wanted_triggers(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The triggers of every guarded table that exists in this database."""
    tables = set(connection.introspection.table_names())
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    if Release._meta.db_table not in tables:
        return []
    return [trigger for model in guarded_models() if model._meta.db_table in tables for trigger in make(model)]


def _sqlite(model: type[models.Model]) -> Iterator[Trigger]:
    table, guard = model._meta.db_table, _guard(model)
    subject = f'OLD."{guard.erasable_by}"' if guard.erasable_by else f"'{NIL.hex}'"
    closed = f"NOT EXISTS (SELECT 1 FROM privacy_release WHERE subject_id = {subject})"  # noqa: S608  (names of our own columns)
    moved = f'NEW."{guard.erasable_by}" IS NOT OLD."{guard.erasable_by}" OR {closed}' if guard.erasable_by else "1"
    pk = model._meta.pk.column
    conditions = {
        "update": moved,
        "delete": closed,
        # INSERT OR REPLACE deletes without firing a trigger, unless the connection has recursive_triggers on.
        "insert": f'EXISTS (SELECT 1 FROM "{table}" WHERE "{pk}" = NEW."{pk}")',  # noqa: S608
    }
    for event, condition in conditions.items():
        name = f"{table}_append_only_{event}"
        sql = (
            f'CREATE TRIGGER "{name}" BEFORE {event.upper()} ON "{table}" WHEN {condition} '
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        )
        yield Trigger(table, name, sql, sql)


_FUNCTION = "privacy_append_only"
_BODY = f"""
DECLARE
  subject uuid := '{NIL}';
  is_released boolean := false;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_NARGS > 0 THEN
    subject := (to_jsonb(OLD) ->> TG_ARGV[0])::uuid;
  END IF;
  -- The schema is named, so that a temporary table cannot stand in for the real one.
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.privacy_release WHERE subject_id = $1)', TG_TABLE_SCHEMA)
    INTO is_released USING subject;
  IF is_released AND TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF is_released AND TG_NARGS > 0 AND (to_jsonb(NEW) ->> TG_ARGV[0])::uuid = subject THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
"""  # noqa: S608


def _postgresql(model: type[models.Model]) -> Iterator[Trigger]:
    table, argument = model._meta.db_table, _guard(model).erasable_by
    call = f"{_FUNCTION}('{argument}')" if argument else f"{_FUNCTION}()"
    for suffix, events, level in (("rows", "DELETE OR UPDATE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT")):
        name = f"{table}_append_only_{suffix}"
        sql = f'CREATE TRIGGER "{name}" BEFORE {events} ON "{table}" FOR EACH {level} EXECUTE FUNCTION {call}'
        yield Trigger(table, name, sql, f"{events} {level} {call} {_BODY}")


def _guard(model: type[models.Model]) -> AppendOnly:
    guard: AppendOnly = model.append_only  # type: ignore[attr-defined]
    return guard


# --- what it does hold --------------------------------------------------------------------------------------------


def _present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers in force, by name, in the wording of `Trigger.check`."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return dict(cursor.fetchall())
        cursor.execute(
            """
            SELECT t.tgname,
                   concat_ws(' OR ', CASE WHEN t.tgtype & 8 > 0 THEN 'DELETE' END,
                             CASE WHEN t.tgtype & 16 > 0 THEN 'UPDATE' END,
                             CASE WHEN t.tgtype & 32 > 0 THEN 'TRUNCATE' END),
                   CASE WHEN t.tgtype & 1 > 0 THEN 'ROW' ELSE 'STATEMENT' END,
                   p.proname || '(' || CASE WHEN t.tgnargs > 0
                       THEN quote_literal(replace(encode(t.tgargs, 'escape'), '\\000', '')) ELSE '' END || ')',
                   p.prosrc
            FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND (t.tgtype & 2) > 0
              AND c.relnamespace = to_regnamespace(current_schema()) AND t.tgname LIKE '%append_only%'
            """
        )
        return {name: " ".join(wording) for name, *wording in cursor.fetchall()}


def missing_triggers(connection: BaseDatabaseWrapper = default_connection) -> list[str]:
    """Names of the triggers that are absent, switched off, or worded otherwise than they have to be."""
    present = _present(connection)
    return [trigger.name for trigger in wanted_triggers(connection) if present.get(trigger.name) != trigger.check]


def install_triggers(connection: BaseDatabaseWrapper = default_connection) -> None:
    """Make every trigger that is missing. Safe to repeat."""
    missing = set(missing_triggers(connection))
    if not missing:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $guard${_BODY}$guard$"
            )
        for trigger in wanted_triggers(connection):
            if trigger.name in missing:
                cursor.execute(_drop(connection, trigger))
                cursor.execute(trigger.create)


def _drop(connection: BaseDatabaseWrapper, trigger: Trigger) -> str:
    on = f' ON "{trigger.table}"' if connection.vendor == "postgresql" else ""
    return f'DROP TRIGGER IF EXISTS "{trigger.name}"{on}'


def drop_triggers_for_flush(connection: BaseDatabaseWrapper = default_connection) -> None:
    """Take the guards down so that a test can empty the database; the migrate signal puts them up again.

    Only a test run may: TESTING_FLUSH_ALLOWED stands in the tests' own settings and no environment variable sets it.
    """
    if getattr(settings, "TESTING_FLUSH_ALLOWED", False) is not True:
        raise ImproperlyConfigured("The guards of append-only tables come down in a test run only.")
    with connection.cursor() as cursor:
        for trigger in wanted_triggers(connection):
            cursor.execute(_drop(connection, trigger))
