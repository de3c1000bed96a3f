"""Putting a backup back so that nobody who was erased since comes with it."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction

from audit.services import record
from audit.verification import accept_restored
from consents.verify import verify_consents
from contacts.services.index import reindex_all
from gdpr_requests.backup import archive, database, keyrows, presence
from gdpr_requests.backup.archive import Archive, BackupProblem
from gdpr_requests.backup.envelope import EnvelopeBroken, Opener
from gdpr_requests.backup.making import ledger_paths
from gdpr_requests.backup.startup import replay_everything
from gdpr_requests.erasure import ledger_file
from gdpr_requests.erasure.ledger_file import CHECKPOINT, LedgerBroken, sync_folder, write_whole
from privacy.files import store
from privacy.keys import verify_keys


@dataclass(frozen=True)
class Source:
    """A backup that was proved to be whole, with the keys that open it."""

    archive: Archive
    manifest: dict[str, Any]
    keys_path: Path
    rows: list[keyrows.Row]


@dataclass(frozen=True)
class Restored:
    """What a restore did. `unreadable` cards have no data key any more; the chains are those of audit and consents."""

    backup: str
    contacts: int
    files: int
    erased_again: int
    indexed: int
    unreadable: int
    ledger: str
    audit_holds: bool
    consents_hold: bool

    @property
    def is_sound(self) -> bool:
        return self.audit_holds and self.consents_hold and not self.unreadable


def open_backup(path: Path, keys_path: Path | None = None) -> Source:
    """Prove a backup before anything is touched: manifest, sums, version, keys. Raises BackupProblem.

    Without `keys_path` the newest file of keys is taken, whichever backup it was made with: it holds the keys of all
    who were not erased meanwhile, and of nobody who was.
    """
    chosen = Archive(path)
    manifest = chosen.verified()
    if manifest["database"] != connection.vendor:
        raise BackupProblem(f"This is a backup of {manifest['database']}, and DATABASE_URL names {connection.vendor}.")
    newer = database.unknown_migrations(manifest["migrations"])
    if newer:
        raise BackupProblem(f"The backup comes from a newer version of Karta ({newer[0]}): restore it with that one.")
    keys = keys_path or _newest_keys(path)
    return Source(chosen, manifest, keys, keyrows.read(keys))


def _newest_keys(path: Path) -> Path:
    beside = sorted((path.parent / "keys").glob("keys-*.sealed"))
    if not beside:
        raise BackupProblem(
            f"There is no file of keys in {path.parent / 'keys'}: say where it is (--keys). Nobody can be read without."
        )
    return beside[-1]


def restore(source: Source, *, accept_ledger: bool = False, say: Callable[[str], None] = lambda text: None) -> Restored:
    """Replace database and files, keep the newest ledger, erase again whom it names, make the index, prove the chains.

    The database is exchanged whole. Cut off anywhere, nothing starts until a restore has run to its end. Raises
    BackupProblem, also when web, worker or beat are running.
    """
    try:
        with presence.nobody_else():
            database.ready_to_load()
            _demand_young_enough(source, accept_ledger)
            write_whole(presence.unfinished(), source.archive.path.name.encode())
            ledger = _put_back_ledger(source)
            say(f"Ledger of erasures: {ledger}.")
            _load(source, say)
            done = _bring_to_rest(source, ledger, accept_ledger, say)
            presence.unfinished().unlink()
            return done
    except presence.StillRunning:
        raise BackupProblem("Web, worker or beat run on this installation: stop them first.") from None
    except EnvelopeBroken as problem:
        raise BackupProblem(str(problem)) from None
    except LedgerBroken as problem:
        raise BackupProblem(
            f"{problem} Put its newest copy back and restore again; if there is none, restore with --accept-ledger."
        ) from None


def _load(source: Source, say: Callable[[str], None]) -> None:
    scratch = presence.unfinished().parent / "restore.part"
    scratch.mkdir(mode=0o700, exist_ok=True)
    database.load(source.archive.path, source.rows, scratch)
    scratch.rmdir()
    say(f"Database: {source.manifest['counts']['contacts']} contacts, keys from {source.keys_path.name}.")
    # Changes since the backup was made, and the guards of append-only tables.
    call_command("migrate", interactive=False, verbosity=0)
    verify_keys()
    say(f"Files: {_extract(source.archive.path)} written, {_sweep()} that nobody knows deleted.")
    with suppress(OSError, ImproperlyConfigured):
        cache.clear()


def _bring_to_rest(source: Source, ledger: str, accept: bool, say: Callable[[str], None]) -> Restored:
    again = _replayed(accept)
    say(f"Erased again: {again}.")
    indexed, unreadable = reindex_all()
    say(f"Search index: {indexed} cards; {unreadable} can't be read.")
    with transaction.atomic():
        detail = {"contacts": source.manifest["counts"]["contacts"], "erased_again": again}
        record("backup.restored", actor=None, detail=detail)
    audit, consents = accept_restored(), verify_consents()
    say(f"Audit: {'holds' if audit.ok else audit.reason}. Consents: {'hold' if consents.ok else 'DO NOT HOLD'}.")
    return Restored(
        backup=source.archive.path.name,
        contacts=source.manifest["counts"]["contacts"],
        files=source.manifest["counts"]["files"],
        erased_again=again,
        indexed=indexed,
        unreadable=unreadable,
        ledger=ledger,
        audit_holds=audit.ok,
        consents_hold=consents.ok,
    )


def _replayed(accept: bool) -> int:
    if accept:
        from gdpr_requests.backup.acceptance import accept_ledger

        return len(accept_ledger().erased)
    done = replay_everything()
    return len(done.erased)


# --- the ledger: never an older one over a newer one ----------------------------------------------------------------


def _put_back_ledger(source: Source) -> str:
    """Keep the ledger in place; take the backup's copy only where there is none, or where it goes on from ours."""
    with (source.archive.path / archive.LEDGER).open("rb") as opened:
        copies = json.loads(Opener(opened, archive.LEDGER).read())
    place = ledger_file.path()
    there = place.read_text() if place.exists() else ""
    if not copies["ledger"] or (there and not _goes_on(copies["ledger"], there)):
        kept = "the one in place was kept" if there else "there is none yet"
    else:
        write_whole(place, copies["ledger"].encode())
        kept = "put back from the backup: erasures made after it are not known"
    key = ledger_paths()["key"]
    if copies["key"] and not key.exists():
        write_whole(key, copies["key"].encode())
    return kept


def _goes_on(copy: str, there: str) -> bool:
    return len(copy) > len(there) and copy.startswith(there)


def _demand_young_enough(source: Source, accept: bool) -> None:
    place = ledger_file.path()
    if accept or not place.exists():
        return
    with place.open("rb") as opened:
        raw = opened.readline()
    first = ledger_file.parsed(raw, 1) if raw.endswith(b"\n") else {}
    if first.get("event") == CHECKPOINT and first["position"] > source.manifest["ledger"]["position"]:
        raise BackupProblem(
            "The backup is older than the ledger of erasures reaches back, so people could come back whom nobody "
            "remembers to erase. Restore a newer one. (--accept-ledger restores it all the same; the audit says so.)"
        )


# --- files ----------------------------------------------------------------------------------------------------------


def _extract(place: Path) -> int:
    """Write the files that are missing. Names and content of sealed files never change, so those there are right."""
    count = 0
    with (place / archive.FILES).open("rb") as source:
        opener: Any = Opener(source, archive.FILES)
        with tarfile.open(fileobj=opener, mode="r|") as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                if content is None or not store.is_name(entry.name):
                    raise BackupProblem("The backup holds a file that is none of ours.")
                count += _write_file(store.root / entry.name, content)
        opener.read()  # to the very end: only there a cut shows
    return count


def _write_file(target: Path, content: Any) -> int:
    if target.exists():
        return 0
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = target.with_suffix(".part")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        while block := content.read(1024 * 1024):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(target)
    sync_folder(target.parent)
    return 1


def _sweep() -> int:
    """Files of rows that the restored database does not have. Nobody is writing, so none is too young."""
    known: set[str] = set()
    for model in apps.get_models():
        if any(field.name == "storage_name" for field in model._meta.concrete_fields):
            known |= set(model._base_manager.values_list("storage_name", flat=True))
    orphans = [name for name in store.names() if name not in known]
    for name in orphans:
        store.delete(name)
    return len(orphans)
