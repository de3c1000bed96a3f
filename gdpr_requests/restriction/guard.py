"""The database's own guard: the mark of a restricted card is not cleared while its restriction stands open.

Made again after every migrate, since altering a table on SQLite drops its triggers.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

CARD, RESTRICTION = "contacts_contact", "gdpr_requests_restriction"
NAME = f"{CARD}_restricted"
_STANDS = f"EXISTS (SELECT 1 FROM {RESTRICTION} r WHERE r.contact_id = OLD.id AND r.lifted_at IS NULL)"  # noqa: S608
_CLEARS = "OLD.restricted_at IS NOT NULL AND NEW.restricted_at IS NULL"
_SQLITE = (
    f'CREATE TRIGGER "{NAME}" BEFORE UPDATE OF restricted_at ON "{CARD}" WHEN {_CLEARS} AND {_STANDS} '
    "BEGIN SELECT RAISE(ABORT, 'restricted: lift the restriction'); END"
)
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF {_STANDS} THEN
    RAISE EXCEPTION 'restricted: lift the restriction' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$guard$
"""
_POSTGRESQL = (
    f'CREATE TRIGGER "{NAME}" BEFORE UPDATE OF restricted_at ON "{CARD}" FOR EACH ROW WHEN ({_CLEARS}) '
    f"EXECUTE FUNCTION {NAME}()"
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the guard where both tables stand. Safe to repeat."""
    if not {CARD, RESTRICTION} <= set(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            cursor.execute(f'DROP TRIGGER IF EXISTS "{NAME}" ON "{CARD}"')
            cursor.execute(_POSTGRESQL)
        else:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{NAME}"')
            cursor.execute(_SQLITE)


def after_migrate(sender: Any, using: str, **_kwargs: Any) -> None:
    """Receiver of post_migrate."""
    install(connections[using])
