"""The file behind the ledger: lines in a chain, one writer at a time, each line on the disk before anybody goes on.

The chain is signed under the system key `ledger`. Beside the file lies a copy of that key, wrapped like those in the
database (`keep_key`): a ledger stays readable when the database comes from a backup whose system keys are older, or are
gone, and it needs FIELD_ENCRYPTION_KEY all the same.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from privacy.keys import system_key, system_key_versions
from privacy.wrapping import is_newest, unwrap, wrap

BEGIN, CHECKPOINT = "begin", "checkpoint"
BEGINNING = "0" * 64


class LedgerBroken(Exception):  # noqa: N818 - read as a sentence
    """The ledger was changed: a line is missing, moved, altered or not ours."""


def path() -> Path:
    return Path(settings.ERASURE_LEDGER)


def key_path() -> Path:
    """The wrapped copy of the key that signs the ledger."""
    return path().with_name(f"{path().name}.key")


def version() -> tuple[int, int]:
    """Something that differs as soon as the file does: its size and the time of its last change, in nanoseconds."""
    if not path().exists():
        return 0, 0
    state = path().stat()
    return state.st_size, state.st_mtime_ns


# --- reading ----------------------------------------------------------------------------------------------------------


def lines(source: Path | None = None) -> Iterator[dict[str, Any]]:
    """Every line in order, each checked against the one before. Raises LedgerBroken at the first that does not fit."""
    target = source or path()
    if not target.exists():
        return
    with target.open("rb") as opened:
        for line, _start in walk(opened, position=0, before=BEGINNING):
            yield line


def walk(opened: IO[bytes], *, position: int, before: str) -> Iterator[tuple[dict[str, Any], int]]:
    """The lines from here on, each with the offset at which it begins. The line before had this position and MAC.

    Only the very first line of a file may be a checkpoint: it stands for all lines up to its position.
    """
    keys = signing_keys()
    start = opened.tell()
    for raw in opened:
        if not raw.endswith(b"\n"):
            return  # Torn by a crash: its transaction can't have committed, and the next writer cuts it off.
        line = parsed(raw, position + 1)
        if line.get("event") == CHECKPOINT and start == 0:
            position, before = int(line.get("position", 0)), str(line.get("head", ""))
            fits = is_ours(line, keys)
        else:
            position += 1
            fits = (line.get("position"), line.get("before")) == (position, before) and is_ours(line, keys)
            before = line.get("mac", "")
        if not fits:
            raise LedgerBroken(f"Line {position} of the erasure ledger does not fit: it was changed or moved.")
        yield line, start
        start += len(raw)


def parsed(raw: bytes, position: int) -> dict[str, Any]:
    try:
        line = json.loads(raw)
    except ValueError:
        line = None
    if not isinstance(line, dict):
        raise LedgerBroken(f"Line {position} of the erasure ledger can't be read.")
    return line


def is_ours(line: dict[str, Any], keys: list[bytes]) -> bool:
    return any(hmac.compare_digest(str(line.get("mac", "")), mac_of(line, key)) for key in keys)


def mac_of(line: dict[str, Any], key: bytes) -> str:
    """What this installation signs a line with: an HMAC-SHA-256 in hex over everything else in it."""
    content = {name: value for name, value in line.items() if name != "mac"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, b"erasure:" + text.encode(), "sha256").hexdigest()


# --- the key ----------------------------------------------------------------------------------------------------------


def signing_keys() -> list[bytes]:
    """Every key that may have signed a line, the one in force first."""
    newest = system_key("ledger")
    versions = [system_key("ledger", number) for number in reversed(system_key_versions("ledger"))]
    return list(dict.fromkeys([newest, *versions, *_kept_keys()]))


def keep_key() -> None:
    """Keep a wrapped copy of the signing keys beside the ledger, wrapped under the newest outer key. Safe to repeat."""
    kept = _kept()
    wanted = signing_keys()
    if [unwrap(wrapped) for wrapped in kept] == wanted and all(is_newest(wrapped) for wrapped in kept):
        return
    write_whole(key_path(), json.dumps([str(wrap(key)) for key in wanted]).encode() + b"\n")


def _kept_keys() -> list[bytes]:
    return [unwrap(wrapped) for wrapped in _kept()]


def _kept() -> list[str]:
    try:
        return [str(wrapped) for wrapped in json.loads(key_path().read_text())]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError):
        raise LedgerBroken(f"The key of the erasure ledger, {key_path().name}, can't be read.") from None


# --- writing ----------------------------------------------------------------------------------------------------------


def append(content: dict[str, Any]) -> None:
    """Put one more line at the end. It is on the disk when this returns."""
    with locked() as target:
        last = _last_line(target)
        line = {
            "position": last["position"] + 1 if last else 1,
            "at": timezone.now().isoformat(),
            **content,
            "before": end_of(last) if last else BEGINNING,
        }
        line["mac"] = mac_of(line, system_key("ledger"))
        target.write(in_one_line(line))
        target.flush()
        os.fsync(target.fileno())


def in_one_line(line: dict[str, Any]) -> bytes:
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def end_of(line: dict[str, Any]) -> str:
    """What the next line has to name as the one before it."""
    return str(line["head"] if line["event"] == CHECKPOINT else line["mac"])


@contextmanager
def locked() -> Iterator[IO[bytes]]:
    """The file, while no other process writes. A new file is on the disk with its name."""
    path().parent.mkdir(parents=True, exist_ok=True)
    with _newest_locked() as target:
        yield target


def _newest_locked() -> IO[bytes]:
    """Wait for the lock; where the file was exchanged meanwhile (a compaction renames), take the new one."""
    while True:
        is_new = not path().exists()
        target = os.fdopen(os.open(path(), os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        try:
            fcntl.flock(target, fcntl.LOCK_EX)
            if path().exists() and os.path.samestat(os.fstat(target.fileno()), path().stat()):
                if is_new:
                    sync_folder(path().parent)
                return target
        except BaseException:
            target.close()
            raise
        target.close()


def write_whole(target: Path, content: bytes) -> None:
    """Put a file there whole or not at all: written beside, forced to the disk, renamed. Readable by its owner only."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
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
    return parsed(whole[:-1].rsplit(b"\n", 1)[-1], 0) if whole else None
