"""Count and head of the audit chain, outside the database: VAR_DIR/audit-anchor.json.

Whoever can write to the database but not to this file cannot cut the end off the record unseen. The file never goes
back by itself; after restoring an older database an administrator says so (`verify_audit --accept-restored`).
"""

from __future__ import annotations

import fcntl
import hmac
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from privacy.keys import system_key

logger = logging.getLogger(__name__)
MISSING = "anchor_missing"
BROKEN = "anchor_broken"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The furthest link that was ever seen."""

    position: int
    mac: bytes


def path() -> Path:
    """Where the anchor stands. Back it up apart from the database."""
    return Path(settings.VAR_DIR) / "audit-anchor.json"


def read() -> Anchor | str:
    """The anchor, or the code of what is wrong with it: MISSING or BROKEN."""
    try:
        content = json.loads(path().read_text())
        anchor = Anchor(int(content["position"]), bytes.fromhex(content["head"]))
        signature = bytes.fromhex(content["signature"])
    except FileNotFoundError:
        return MISSING
    except (ValueError, KeyError, TypeError):
        return BROKEN
    return anchor if hmac.compare_digest(_signature(anchor), signature) else BROKEN


def alarm(code: str) -> None:
    """Tell whoever reads the log that the record may have been tampered with."""
    logger.error("The audit chain does not fit its anchor (%s): run `manage.py verify_audit`", code)


@contextmanager
def locked() -> Iterator[None]:
    """One writer of the anchor at a time, among all processes that share VAR_DIR."""
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(position: int, mac: bytes) -> None:
    """Put the anchor there, whole or not at all: written beside, forced to the disk, renamed. Call under locked()."""
    content = {
        "position": position,
        "head": mac.hex(),
        "signature": _signature(Anchor(position, mac)).hex(),
        "written_at": timezone.now().isoformat(timespec="seconds"),
    }
    beside = path().with_suffix(".part")
    with beside.open("w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path())
    folder = os.open(path().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _signature(anchor: Anchor) -> bytes:
    content = b"anchor:" + str(anchor.position).encode() + b":" + anchor.mac
    return hmac.digest(system_key("audit"), content, "sha256")
