"""The envelope of a backup's files: AES-256-GCM in chunks, under a key derived from FIELD_ENCRYPTION_KEY.

Each chunk carries its number and whether it is the last, so none can be swapped, dropped or cut off. Whoever has the
outer key opens it; the data of people in it stay sealed under their own keys, which lie elsewhere.
"""

from __future__ import annotations

import hashlib
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.wrapping import NONCE_BYTES, outer_keys_for

CHUNK_BYTES = 1024 * 1024
_MAGIC = b"KB1\n"
_SALT_BYTES = 16
_SEALED_CHUNK_BYTES = NONCE_BYTES + CHUNK_BYTES + 16


class EnvelopeBroken(Exception):  # noqa: N818 - read as a sentence
    """A file of a backup was changed, cut off, or sealed under another FIELD_ENCRYPTION_KEY."""


class Sealer:
    """Something to write into; what comes out in `target` is sealed. `finish` must be called."""

    def __init__(self, target: BinaryIO, purpose: str) -> None:
        salt = os.urandom(_SALT_BYTES)
        self._aead = AESGCM(outer_keys_for(_info(purpose), salt)[0])
        self._target, self._rest, self._index = target, bytearray(), 0
        self._digest, self.size = hashlib.sha256(), 0
        self._out(_MAGIC + salt)

    def write(self, data: bytes, /) -> int:
        self._rest += data
        # A whole chunk waits until more follows: only then is it known not to be the last.
        while len(self._rest) > CHUNK_BYTES:
            self._seal(bytes(self._rest[:CHUNK_BYTES]), last=False)
            del self._rest[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> str:
        """Seal the last chunk, force everything to the disk; the SHA-256 in hex of what lies there."""
        self._seal(bytes(self._rest), last=True)
        self._rest.clear()
        self._target.flush()
        os.fsync(self._target.fileno())
        return self._digest.hexdigest()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        nonce = os.urandom(NONCE_BYTES)
        self._out(nonce + self._aead.encrypt(nonce, chunk, _place(self._index, last=last)))
        self._index += 1

    def _out(self, data: bytes) -> None:
        self._target.write(data)
        self._digest.update(data)
        self.size += len(data)


class Opener:
    """Something to read from: the content of a sealed file, each chunk proved before it is given out.

    Raises EnvelopeBroken; where the end is missing, when it is reached.
    """

    def __init__(self, source: BinaryIO, purpose: str) -> None:
        head = source.read(len(_MAGIC) + _SALT_BYTES)
        if not head.startswith(_MAGIC):
            raise EnvelopeBroken("This is not a file of a backup.")
        self._keys = [AESGCM(key) for key in outer_keys_for(_info(purpose), head[len(_MAGIC) :])]
        self._source, self._index, self._rest = source, 0, bytearray()
        self._next = source.read(_SEALED_CHUNK_BYTES)

    def read(self, size: int = -1, /) -> bytes:
        while self._next and (size < 0 or len(self._rest) < size):
            self._rest += self._chunk()
        taken = bytes(self._rest) if size < 0 else bytes(self._rest[:size])
        del self._rest[: len(taken)]
        return taken

    def _chunk(self) -> bytes:
        sealed, self._next = self._next, self._source.read(_SEALED_CHUNK_BYTES)
        place = _place(self._index, last=not self._next)
        self._index += 1
        for key in list(self._keys):
            try:
                opened = key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
            except (InvalidTag, ValueError):
                continue
            self._keys = [key]
            return opened
        raise EnvelopeBroken(
            "A file of the backup was changed or cut off, or FIELD_ENCRYPTION_KEY is not the one it was made with."
        )


def _info(purpose: str) -> bytes:
    return b"karta backup:" + purpose.encode()


def _place(index: int, *, last: bool) -> bytes:
    return f"{index}:{'last' if last else 'more'}".encode()
