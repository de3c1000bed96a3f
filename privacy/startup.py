"""What must be true before a process may serve or work: right keys, guards up, database up to date."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from privacy.append_only import missing_triggers
from privacy.keys import verify_keys
from privacy.models import Release


def verify(using: str = "default") -> None:
    """Refuse to start on an installation that would lose or leak data. Called by web, worker and beat.

    Raises ImproperlyConfigured, in plain words, when FIELD_ENCRYPTION_KEY is missing or wrong, a system key is lost,
    a migration is not applied, a guard of an append-only table is down, or a release was left open.
    """
    connection = connections[using]
    verify_keys(using)
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise ImproperlyConfigured(f"{len(waiting)} migrations are not applied: run `manage.py migrate`.")
    missing = missing_triggers(connection)
    if missing:
        raise ImproperlyConfigured(
            f"Guards of append-only tables are missing or changed: {', '.join(missing)}. `manage.py migrate` puts "
            "them up again; find out first who took them down."
        )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers")
            if cursor.fetchone() != (1,):
                raise ImproperlyConfigured("SQLite must run with PRAGMA recursive_triggers=ON: see crm/settings.py.")
    if Release.objects.using(using).exists():
        raise ImproperlyConfigured(
            "The table privacy_release is not empty, so rows of append-only tables could be changed. An erasure closes "
            "its release in its own transaction: find out who wrote this one, then delete it."
        )
