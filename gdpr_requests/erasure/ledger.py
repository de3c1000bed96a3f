"""The ledger of erasures: a file outside the database, which tells a restored backup whom it must not bring back.

It only grows. Each line is JSON with ids (card, subjects, keys: random, of nobody any more), the MAC of the line before
it and a MAC of its own under the system key `ledger`, so a line changed, moved or cut out of the middle shows. A cut
tail shows against the certificates in the database.

An *intent* is on the disk before the erasing transaction commits; *done* follows, or *void* where it failed after all.
An intent with neither was interrupted, and `replay` finishes it whichever way it went.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from privacy.keys import system_key

INTENT, DONE, VOID = "intent", "done", "void"
_BEGINNING = "0" * 64


class LedgerBroken(Exception):  # noqa: N818 - read as a sentence
    """The ledger was changed: a line is missing, moved, altered or not ours."""


@dataclass(frozen=True)
class Named:
    """An erasure that the ledger names, with the last thing it says of it."""

    item_id: UUID
    contact_ids: list[UUID]
    subject_ids: list[UUID]
    key_ids: list[UUID]
    reason: str
    certificate: str
    state: str


def path() -> Path:
    return Path(settings.ERASURE_LEDGER)


def version() -> tuple[int, int]:
    """Something that differs as soon as the file does: its size and the time of its last change, in nanoseconds."""
    if not path().exists():
        return 0, 0
    state = path().stat()
    return state.st_size, state.st_mtime_ns


def intend(
    *,
    item_id: UUID,
    contact_ids: list[UUID],
    subject_ids: list[UUID],
    key_ids: list[UUID],
    reason: str,
    certificate: str,
) -> None:
    """Write down whom the transaction that is about to commit erases. On the disk when this returns."""
    _append(
        {
            "event": INTENT,
            "item": str(item_id),
            "contacts": [str(pk) for pk in contact_ids],
            "subjects": [str(pk) for pk in subject_ids],
            "keys": [str(pk) for pk in key_ids],
            "reason": reason,
            "certificate": certificate,
        }
    )


def close(item_id: UUID, event: str) -> None:
    """Say what became of an intent: DONE or VOID."""
    _append({"event": event, "item": str(item_id)})


def named() -> list[Named]:
    """Every erasure of the ledger that was not void, oldest first. Raises LedgerBroken."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines():
        if line["event"] == INTENT:
            found[line["item"]] = {**line, "state": INTENT}
        elif line["item"] in found:
            found[line["item"]]["state"] = line["event"]
    return [_named(line) for line in found.values() if line["state"] != VOID]


def _named(line: dict[str, Any]) -> Named:
    return Named(
        item_id=UUID(line["item"]),
        contact_ids=[UUID(pk) for pk in line["contacts"]],
        subject_ids=[UUID(pk) for pk in line["subjects"]],
        key_ids=[UUID(pk) for pk in line["keys"]],
        reason=line["reason"],
        certificate=line["certificate"],
        state=line["state"],
    )


def lines() -> Iterator[dict[str, Any]]:
    """Every line in order, each checked against the one before. Raises LedgerBroken at the first that does not fit."""
    if not path().exists():
        return
    before, position = _BEGINNING, 0
    with path().open("rb") as source:
        for raw in source:
            if not raw.endswith(b"\n"):
                return  # Torn by a crash: its transaction can't have committed, and the next writer cuts it off.
            position += 1
            line = _parsed(raw, position)
            if (line.get("position"), line.get("before")) != (position, before) or not _is_ours(line):
                raise LedgerBroken(f"Line {position} of the erasure ledger does not fit: it was changed or moved.")
            before = line["mac"]
            yield line


def _parsed(raw: bytes, position: int) -> dict[str, Any]:
    try:
        line: dict[str, Any] = json.loads(raw)
    except ValueError:
        raise LedgerBroken(f"Line {position} of the erasure ledger can't be read.") from None
    return line


def _is_ours(line: dict[str, Any]) -> bool:
    return hmac.compare_digest(str(line.get("mac", "")), _mac(line))


def _mac(line: dict[str, Any]) -> str:
    content = {key: value for key, value in line.items() if key != "mac"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.new(system_key("ledger"), b"erasure:" + text.encode(), "sha256").hexdigest()


def _append(content: dict[str, Any]) -> None:
    with _locked() as target:
        last = _last_line(target)
        line = {
            "position": last["position"] + 1 if last else 1,
            "at": timezone.now().isoformat(),
            **content,
            "before": last["mac"] if last else _BEGINNING,
        }
        line["mac"] = _mac(line)
        target.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        target.flush()
        os.fsync(target.fileno())


@contextmanager
def _locked() -> Iterator[IO[bytes]]:
    """The file, open at its end, while no other process writes. A new file is on the disk with its name."""
    is_new = not path().exists()
    path().parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path(), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as target:
        fcntl.flock(target, fcntl.LOCK_EX)
        if is_new:
            _sync_folder(path().parent)
        yield target


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_line(target: IO[bytes]) -> dict[str, Any] | None:
    """The last whole line, read from the end; leaves the file positioned after it, cutting off a torn rest."""
    size, block = target.seek(0, os.SEEK_END), b""
    start = size
    while start > 0 and block.rstrip(b"\n").count(b"\n") < 2:
        start = max(0, start - 8192)
        target.seek(start)
        block = target.read(size - start)
    whole = block[: block.rfind(b"\n") + 1]
    end = start + len(whole)
    target.truncate(end)
    target.seek(end)
    if not whole:
        return None
    last: dict[str, Any] = _parsed(whole[:-1].rsplit(b"\n", 1)[-1], 0)
    return last
