"""What must be true before a process may serve or work: right keys, guards up, database up to date."""

from __future__ import annotations

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from privacy.append_only import missing_triggers
from privacy.keys import verify_keys
from privacy.models import Release


def verify(using: str = "default") -> None:
    """Refuse to start on an installation that would lose or leak data. Called by web, worker and beat.

    Raises ImproperlyConfigured, in plain words, when FIELD_ENCRYPTION_KEY is missing or wrong, a system key is lost,
    a migration is not applied, a table is missing in the data map, a guard of an append-only table is down, or a
    release was left open.
    """
    verify_keys(using)
    connection = connections[using]
    for refuse in (_old_database, _gaps_in_data_map, _guards_down, _wrong_sqlite, _open_release):
        problem = refuse(connection)
        if problem:
            raise ImproperlyConfigured(problem)


def _old_database(connection: BaseDatabaseWrapper) -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations are not applied: run `manage.py migrate`." if waiting else ""


def _gaps_in_data_map(connection: BaseDatabaseWrapper) -> str:
    return "\n".join(str(error) for error in run_checks(tags=["privacy"]) if error.is_serious())


def _guards_down(connection: BaseDatabaseWrapper) -> str:
    missing = missing_triggers(connection)
    if not missing:
        return ""
    return (
        f"Guards of append-only tables are missing or changed: {', '.join(missing)}. `manage.py migrate` puts them up "
        "again; find out first who took them down."
    )


def _wrong_sqlite(connection: BaseDatabaseWrapper) -> str:
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        on = cursor.fetchone() == (1,)
    return "" if on else "SQLite must run with PRAGMA recursive_triggers=ON: see crm/settings.py."


def _open_release(connection: BaseDatabaseWrapper) -> str:
    if not Release.objects.using(connection.alias).exists():
        return ""
    return (
        "The table privacy_release is not empty, so rows of append-only tables could be changed. An erasure closes its "
        "release in its own transaction: find out who wrote this one, then delete it."
    )
