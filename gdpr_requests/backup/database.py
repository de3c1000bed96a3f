"""Copying a database out, without what lies apart or is made anew, and putting it in again, whole or not at all.

SQLite: its online backup, which does not stop anybody. PostgreSQL: its own pg_dump, pg_restore and psql.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from contacts.models import AddressToken, NameToken
from gdpr_requests.backup import keyrows
from gdpr_requests.backup.archive import DATABASE, BackupProblem
from gdpr_requests.backup.envelope import Opener, Sealer
from gdpr_requests.erasure.ledger_file import sync_folder

#: Tables whose rows stay out: keys lie apart, tokens are made anew, sessions end.
EMPTY = [*keyrows.TABLES.values(), *(model._meta.db_table for model in (NameToken, AddressToken, Session))]
_COPY_BUFFER = 1024 * 1024


def migrations() -> dict[str, list[str]]:
    """The migrations applied here, by room: a backup can't be restored into code that does not know them."""
    found: dict[str, list[str]] = {}
    for room, name in sorted(MigrationLoader(connection).applied_migrations):
        found.setdefault(room, []).append(name)
    return found


def unknown_migrations(applied: dict[str, list[str]]) -> list[str]:
    """Migrations of a backup that this code does not have: it comes from a newer version."""
    known = MigrationLoader(None).disk_migrations
    names = [(room, name) for room, applied_names in applied.items() for name in applied_names]
    return [f"{room}.{name}" for room, name in names if (room, name) not in known]


def dump(sealer: Sealer, scratch: Path) -> None:
    """Write a copy of the database as it is now. `scratch` is a folder for what has to lie down in between."""
    if connection.vendor == "sqlite":
        _dump_sqlite(sealer, scratch / "database.part")
    else:
        _dump_postgresql(sealer)


def load(archive: Path, rows: list[keyrows.Row], scratch: Path) -> None:
    """Put the copy, with these rows of keys, in place of the database. Raises BackupProblem; then nothing changed."""
    if connection.vendor == "sqlite":
        _load_sqlite(archive / DATABASE, rows)
    else:
        _load_postgresql(archive / DATABASE, rows, scratch)


def ready_to_load() -> None:
    """Find out what would make a restore fail half-way or hurt somebody. Raises BackupProblem."""
    if connection.vendor == "sqlite":
        return
    for name in ("pg_restore", "psql"):
        _program(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    connection.close()
    if others:
        raise BackupProblem(f"{others} other connections are open to the database: stop web, worker and beat first.")


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _dump_sqlite(sealer: Sealer, copy: Path) -> None:
    connection.ensure_connection()
    try:
        with open(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"):
            pass
        with closing(sqlite3.connect(copy, isolation_level=None)) as target:
            connection.connection.backup(target)
            # What is deleted is overwritten at once, and the pages it lay on go with VACUUM.
            target.execute("PRAGMA secure_delete = ON")
            target.execute("PRAGMA journal_mode = DELETE")
            for table in EMPTY:
                target.execute(f'DELETE FROM "{table}"')  # noqa: S608  (names of our own tables)
            target.execute("VACUUM")
        with copy.open("rb") as source:
            shutil.copyfileobj(source, sealer, _COPY_BUFFER)
    finally:
        copy.unlink(missing_ok=True)


def _load_sqlite(sealed: Path, rows: list[keyrows.Row]) -> None:
    place = Path(str(connection.settings_dict["NAME"]))
    beside = place.with_name(f"{place.name}.restore")
    beside.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    with sealed.open("rb") as source, open(os.open(beside, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as target:
        shutil.copyfileobj(Opener(source, DATABASE), target, _COPY_BUFFER)
    with closing(sqlite3.connect(beside)) as database:
        keyrows.put_into_sqlite(database, rows)
        database.commit()
        if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupProblem("The copy of the database is damaged: nothing was restored.")
    _force_to_disk(beside)
    connections.close_all()
    # The log of the old database must not be played into the new one.
    for name in ("-wal", "-shm", "-journal"):
        place.with_name(place.name + name).unlink(missing_ok=True)
    beside.rename(place)
    sync_folder(place.parent)


def _force_to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


# --- PostgreSQL -------------------------------------------------------------------------------------------------------

# Everything of ours in the schema goes, inside the transaction that brings the copy in.
_CLEAR = """
DO $$
DECLARE found record;
BEGIN
  FOR found IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = current_schema()
  LOOP EXECUTE 'DROP TABLE IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
  FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = to_regnamespace(current_schema())
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE 'DROP ROUTINE IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
END $$;
"""


def _dump_postgresql(sealer: Sealer) -> None:
    command = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--no-password"]
    command += [f"--exclude-table-data={table}" for table in EMPTY]
    with tempfile.TemporaryFile() as said, _started(command, said, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101  (asked for above)
        shutil.copyfileobj(process.stdout, sealer, _COPY_BUFFER)
        _demand_success(process, said, "pg_dump")


def _load_postgresql(sealed: Path, rows: list[keyrows.Row], scratch: Path) -> None:
    """One transaction: the old tables out, the copy in, the keys in. Cut off anywhere, nothing has happened.

    The statements lie complete on the disk before the first one runs: from a pipe that breaks, half of them would be
    committed.
    """
    custom, statements, keys = (scratch / name for name in ("database.part", "statements.part", "keys.part"))
    try:
        with sealed.open("rb") as source, _private(custom) as target:
            shutil.copyfileobj(Opener(source, DATABASE), target, _COPY_BUFFER)
        with _private(keys) as target:
            target.write(b"RESET search_path;\n")
            target.writelines(line.encode() for line in keyrows.as_copy(rows))
        connections.close_all()
        restore = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(custom)]
        with _private(statements) as target:
            _run(restore, target)
        psql = [_program("psql"), "--no-psqlrc", "--quiet", "--no-password", "--single-transaction"]
        psql += ["--set=ON_ERROR_STOP=1", f"--command={_CLEAR}", f"--file={statements}", f"--file={keys}"]
        _run(psql, subprocess.DEVNULL)
    finally:
        for file in (custom, statements, keys):
            file.unlink(missing_ok=True)


def _private(path: Path) -> IO[bytes]:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _run(command: list[str], output: Any) -> None:
    with tempfile.TemporaryFile() as said, _started(command, said, stdout=output) as process:
        _demand_success(process, said, Path(command[0]).name)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupProblem(
            f"The program {name} is not installed: it comes with PostgreSQL's client (Debian: postgresql-client), in a "
            "version not older than the server."
        )
    return found


def _started(command: list[str], said: IO[bytes], **streams: Any) -> subprocess.Popen[bytes]:
    parts = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    # In the environment: a password on the command line shows in every list of processes.
    login = {variable: str(parts[name]) for variable, name in names.items() if parts[name]}
    environment = {**os.environ, **login, "LC_ALL": "C"}
    return subprocess.Popen(command, env=environment, stderr=said, **streams)  # noqa: S603  (our own commands)


def _demand_success(process: subprocess.Popen[bytes], said: IO[bytes], name: str) -> None:
    if process.wait() == 0:
        return
    said.seek(0)
    # The first line says what and where; what follows can hold values of rows.
    lines = said.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
    first = next((line for line in lines if "error" in line.lower()), lines[0])
    raise BackupProblem(f"{name} failed, and nothing was changed: {first[:200]}")
