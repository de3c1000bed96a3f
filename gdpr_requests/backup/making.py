"""Making a backup while everybody goes on working."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from audit.services import record
from contacts.models import Contact
from gdpr_requests.backup import archive, database, keyrows
from gdpr_requests.backup.archive import BackupProblem
from gdpr_requests.backup.envelope import Sealer
from gdpr_requests.erasure import ledger_file
from gdpr_requests.erasure.ledger_file import sync_folder, write_whole
from gdpr_requests.models import LedgerMark
from privacy.files import store


@dataclass(frozen=True)
class Made:
    """What a backup did: where it lies, its size in bytes, what is in it, and what was let go."""

    path: str
    keys_path: str
    size: int
    contacts: int
    files: int
    keys: int
    pruned_backups: int
    pruned_keys: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def make_backup() -> Made:
    """Write a backup beside the others and let go of those whose time is over.

    Nothing half is ever under a backup's name. The rows of keys are read after the database, so that no person in it
    lacks a key; whoever is erased in between stands in the ledger. Raises BackupProblem.
    """
    with _alone():
        moment = _free_moment()
        name, keys_path = (
            f"karta-{archive.stamp(moment)}",
            archive.keys_folder() / f"keys-{archive.stamp(moment)}.sealed",
        )
        unfinished = archive.folder() / f"{name}.part"
        unfinished.mkdir(mode=0o700)
        try:
            manifest = _filled(unfinished, moment)
            keys = _write_keys(keys_path)
            write_whole(unfinished / "manifest.json", json.dumps(archive.signed(manifest), indent=1).encode())
            unfinished.rename(archive.folder() / name)
            sync_folder(archive.folder())
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        pruned = archive.prune(moment)
        return _told(archive.folder() / name, keys_path, manifest, keys, pruned)


def _free_moment() -> dt.datetime:
    """Now, or the next second where a backup of this one lies there already: names say the second they were begun."""
    for _attempt in range(30):
        moment = timezone.now()
        if not (archive.folder() / f"karta-{archive.stamp(moment)}").exists():
            return moment
        time.sleep(0.1)
    raise BackupProblem("A backup of this second exists already. Is the clock of this machine standing still?")


def _filled(place: Path, moment: Any) -> dict[str, Any]:
    at_ledger = LedgerMark.objects.filter(pk=1).first() or LedgerMark()
    ledger = {"position": at_ledger.position, "mac": at_ledger.mac}
    counts = {"contacts": Contact._base_manager.count()}
    files: dict[str, dict[str, Any]] = {}
    with _sealed(place, archive.DATABASE, files) as sealer:
        database.dump(sealer, place)
    with _sealed(place, archive.FILES, files) as sealer:
        counts["files"] = _write_files(sealer)
    with _sealed(place, archive.LEDGER, files) as sealer:
        sealer.write(json.dumps({name: _text(path) for name, path in ledger_paths().items()}).encode())
    return {
        "format": archive.FORMAT,
        "made_at": moment.isoformat(),
        "database": connection.vendor,
        "migrations": database.migrations(),
        "ledger": ledger,
        "counts": counts,
        "files": files,
    }


def ledger_paths() -> dict[str, Path]:
    """What belongs to the ledger: the file, and the wrapped key that signs it."""
    return {"ledger": ledger_file.path(), "key": ledger_file.key_path()}


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@contextmanager
def _sealed(place: Path, name: str, files: dict[str, dict[str, Any]]) -> Iterator[Sealer]:
    with open(os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        sealer = Sealer(target, name)
        yield sealer
        files[name] = {"sha256": sealer.finish(), "bytes": sealer.size}


def _write_files(sealer: Sealer) -> int:
    count = 0
    # tarfile asks for a whole file object and uses its write() alone in this mode.
    with tarfile.open(fileobj=sealer, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
        for name in sorted(store.names()):
            try:
                with (store.root / name).open("rb") as source:
                    entry = tarfile.TarInfo(name)
                    entry.size, entry.mode = os.fstat(source.fileno()).st_size, 0o600
                    tar.addfile(entry, source)
            except FileNotFoundError:
                continue  # erased while we looked
            count += 1
    return count


def _write_keys(path: Path) -> int:
    beside = path.with_suffix(".part")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        sealer = Sealer(target, keyrows.PURPOSE)
        count = keyrows.write(sealer)
        sealer.finish()
    beside.rename(path)
    sync_folder(path.parent)
    return count


@contextmanager
def _alone() -> Iterator[None]:
    """One backup at a time; leftovers of one that was killed are cleared away."""
    archive.keys_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (archive.folder() / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupProblem("Another backup is being made.") from None
        for leftover in archive.folder().glob("*.part"):
            shutil.rmtree(leftover, ignore_errors=True)
        for file in archive.keys_folder().glob("*.part"):
            file.unlink()
        yield


def _told(path: Path, keys_path: Path, manifest: dict[str, Any], keys: int, pruned: tuple[int, int]) -> Made:
    made = Made(
        path=str(path),
        keys_path=str(keys_path),
        size=sum(file["bytes"] for file in manifest["files"].values()),
        contacts=manifest["counts"]["contacts"],
        files=manifest["counts"]["files"],
        keys=keys,
        pruned_backups=pruned[0],
        pruned_keys=pruned[1],
    )
    record("backup.made", actor=None, detail={"contacts": made.contacts, "files": made.files, "bytes": made.size})
    return made
