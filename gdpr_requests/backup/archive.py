"""Where backups lie, what each is made of, and how long it stays.

BACKUP_DIR/karta-20261124T020000Z/manifest.json   what is in it, with SHA-256 and a signature
                                  database.sealed without data keys, search tokens and sessions
                                  files.sealed    the encrypted files of people, as a tar
                                  ledger.sealed   a copy for the day on which the ledger itself is lost
BACKUP_DIR/keys/keys-20261124T020000Z.sealed      the rows of keys: apart, and for a short time
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from privacy.wrapping import outer_keys_for

DATABASE, FILES, LEDGER = "database.sealed", "files.sealed", "ledger.sealed"
FORMAT = 1
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"karta-(\d{8}T\d{6}Z)")
_KEYS = re.compile(r"keys-(\d{8}T\d{6}Z)\.sealed")


class BackupProblem(Exception):  # noqa: N818 - read as a sentence
    """Why a backup can't be made or restored, in words for the person at the keyboard."""


@dataclass(frozen=True)
class Archive:
    """One finished backup."""

    path: Path

    @property
    def made_at(self) -> dt.datetime:
        """The moment that its name tells."""
        return _moment(self.path.name.removeprefix("karta-"))

    def manifest(self) -> dict[str, Any]:
        """What it says of itself. Raises BackupProblem where that was changed."""
        try:
            found: dict[str, Any] = json.loads((self.path / "manifest.json").read_text())
        except (OSError, ValueError):
            raise BackupProblem(f"{self.path} has no manifest that can be read.") from None
        if not any(hmac.compare_digest(str(found.get("signature")), mac) for mac in _signatures(found)):
            raise BackupProblem(
                f"The manifest of {self.path.name} was changed, or FIELD_ENCRYPTION_KEY is not the one of then."
            )
        if found["format"] != FORMAT:
            raise BackupProblem(f"{self.path.name} was made by another version of Karta (format {found['format']}).")
        return found

    def verified(self) -> dict[str, Any]:
        """The manifest, after each file was compared with it. Raises BackupProblem."""
        manifest = self.manifest()
        for name, said in manifest["files"].items():
            path = self.path / name
            if not path.exists() or _sha256(path) != said["sha256"]:
                raise BackupProblem(f"{name} of {self.path.name} is missing or was changed: nothing was restored.")
        return manifest


def signed(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with the MAC that only an installation with this FIELD_ENCRYPTION_KEY makes."""
    return {**manifest, "signature": _signatures(manifest)[0]}


def _signatures(manifest: dict[str, Any]) -> list[str]:
    content = {name: value for name, value in manifest.items() if name != "signature"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return [hmac.new(key, text, "sha256").hexdigest() for key in outer_keys_for(b"karta backup manifest", b"")]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder() -> Path:
    return Path(settings.BACKUP_DIR)


def keys_folder() -> Path:
    return folder() / "keys"


def stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime(_STAMP)


def archives() -> list[Archive]:
    """Every finished backup, oldest first."""
    found = [path for path in folder().glob("karta-*") if path.is_dir() and _NAME.fullmatch(path.name)]
    return [Archive(path) for path in sorted(found)]


def key_files() -> list[tuple[dt.datetime, Path]]:
    """The files with rows of keys, oldest first."""
    found = [(path, _KEYS.fullmatch(path.name)) for path in keys_folder().glob("keys-*")]
    return sorted((_moment(name[1]), path) for path, name in found if name)


def _moment(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, _STAMP).replace(tzinfo=dt.UTC)


def prune(now: dt.datetime | None = None) -> tuple[int, int]:
    """Let go of backups and of key files whose time is over, never of the newest key file. Returns how many of each.

    A backup goes by its age alone: once erasures from its time have ended in the ledger, it could bring people back.
    """
    now = now or timezone.now()
    old = [one for one in archives() if one.made_at < now - dt.timedelta(days=settings.BACKUP_RETENTION_DAYS)]
    for one in old:
        shutil.rmtree(one.path)
    before = now - dt.timedelta(days=settings.BACKUP_KEYS_DAYS)
    keys = [path for moment, path in key_files()[:-1] if moment < before]
    for path in keys:
        path.unlink()
    return len(old), len(keys)
