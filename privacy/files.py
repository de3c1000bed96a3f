"""Files of people at rest: sealed in chunks under MEDIA_ROOT, with random names and no types.

Each file has a key of its own, derived from the person's data key and the id of the row that owns the file. Every
chunk carries its number and whether it is the last, so that chunks cannot be swapped, dropped or cut off. A file is
complete on the disk before its name exists.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from privacy.errors import SealBroken
from privacy.models import SubjectKey
from privacy.wrapping import NONCE_BYTES

CHUNK_BYTES = 64 * 1024
_MAGIC = b"KF1\n"
_SEALED_CHUNK_BYTES = NONCE_BYTES + CHUNK_BYTES + 16
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{38}")


class Readable(Protocol):
    """Anything that gives bytes: an upload, an open file, io.BytesIO."""

    def read(self, size: int = -1, /) -> bytes: ...


class ChunkStream:
    """Chunks as something to be read from: what is made piece by piece is sealed without ever lying in clear."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""

    def read(self, size: int = -1, /) -> bytes:
        while not self._rest:
            try:
                self._rest = next(self._chunks)
            except StopIteration:
                return b""
        taken, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return taken


class SealedFileStore:
    """Keeps sealed files under `root` (MEDIA_ROOT unless given)."""

    def __init__(self, root: Path | None = None) -> None:
        self._root = root

    @property
    def root(self) -> Path:
        return Path(self._root or settings.MEDIA_ROOT)

    def seal(self, stream: Readable, *, key: SubjectKey, row_id: UUID) -> tuple[str, int, str]:
        """Write the stream sealed. Returns its relative name, its size in bytes and its keyed SHA-256 in hex.

        The digest (HMAC under the file's own key) proves later that the content is unchanged and tells an outsider
        nothing. Nothing is left on the disk when reading the stream fails. The file outlives a rolled-back
        transaction: the caller deletes it then, or the sweep of orphaned files does.
        """
        name = f"{secrets.token_hex(1)}/{secrets.token_hex(19)}"
        path = self.root / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        try:
            with open(unfinished, "xb", opener=_private) as target:
                size, digest = _write(stream, target, key, row_id)
                target.flush()
                os.fsync(target.fileno())
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return name, size, digest

    def open(self, name: str, *, key: SubjectKey, row_id: UUID) -> Iterator[bytes]:
        """The content, chunk by chunk, each checked before it is handed out.

        Raises FileNotFoundError at once, and SealBroken for a file that was changed, cut off or belongs to another
        row: when the last chunk is missing, only at the end.
        """
        source = self._path(name).open("rb")
        return _read(source, key, row_id, name)

    def delete(self, name: str) -> None:
        """Remove the file. Does nothing when it is gone already."""
        path = self._path(name)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _sync_folder(path.parent)

    def names(self) -> Iterator[str]:
        """Names of all finished files, to find those that no row knows."""
        for path in self.root.glob("??/*"):
            name = path.relative_to(self.root).as_posix()
            if _NAME.fullmatch(name):
                yield name

    def is_name(self, name: str) -> bool:
        """Whether this can be the name of a sealed file."""
        return _NAME.fullmatch(name) is not None

    def _path(self, name: str) -> Path:
        if not self.is_name(name):
            raise ValueError("Not the name of a sealed file")
        return self.root / name


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _file_keys(key: SubjectKey, row_id: UUID) -> tuple[AESGCM, bytes]:
    place = str(row_id).encode()
    return AESGCM(key.cipher.derive(b"file:" + place)), key.cipher.derive(b"file-digest:" + place)


def _place(index: int, last: bool) -> bytes:
    return f"{index}:{'last' if last else 'more'}".encode()


def _write(stream: Readable, target: BinaryIO, key: SubjectKey, row_id: UUID) -> tuple[int, str]:
    aead, digest_key = _file_keys(key, row_id)
    digest = hmac.new(digest_key, digestmod=hashlib.sha256)
    target.write(_MAGIC)
    size, index, chunk = 0, 0, _full_chunk(stream)
    while True:
        following = _full_chunk(stream) if len(chunk) == CHUNK_BYTES else b""
        nonce = os.urandom(NONCE_BYTES)
        target.write(nonce + aead.encrypt(nonce, chunk, _place(index, not following)))
        digest.update(chunk)
        size += len(chunk)
        if not following:
            return size, digest.hexdigest()
        chunk, index = following, index + 1


def _full_chunk(stream: Readable) -> bytes:
    """A whole chunk even where the stream gives less at a time (sockets, decompressors)."""
    parts, missing = [], CHUNK_BYTES
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _read(source: BinaryIO, key: SubjectKey, row_id: UUID, name: str) -> Iterator[bytes]:
    broken = f"The sealed file {name} was changed, cut off, or belongs elsewhere"
    with source:
        aead, _digest_key = _file_keys(key, row_id)
        if source.read(len(_MAGIC)) != _MAGIC:
            raise SealBroken(broken)
        index, sealed = 0, source.read(_SEALED_CHUNK_BYTES)
        while True:
            following = source.read(_SEALED_CHUNK_BYTES)
            try:
                yield aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(index, not following))
            except (InvalidTag, ValueError):
                raise SealBroken(broken) from None
            if not following:
                return
            sealed, index = following, index + 1


#: The files of this installation, under MEDIA_ROOT.
store = SealedFileStore()
