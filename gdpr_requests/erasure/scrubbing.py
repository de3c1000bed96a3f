"""The bytes below the tables. SQLite: freed pages are overwritten (`secure_delete`, see the settings), and the log that
still holds them as they were is emptied here. PostgreSQL's own autovacuum frees what was deleted; see docs/security.md.
"""

from __future__ import annotations

from django.db import connection

# Milliseconds. Whoever is reading or writing goes first; the next run tries again.
PATIENCE = 500


def scrub() -> bool:
    """Empty SQLite's write-ahead log. Returns False where somebody was in the way. Nothing to do on PostgreSQL."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
    return not busy
