"""The ZIP of one copy, written piece by piece into the answer: nothing of it ever lies on a disk in clear."""

from __future__ import annotations

import hashlib
import io
import re
import time
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from contacts.models import StoredFile
from gdpr_requests.export.document import Copy
from gdpr_requests.export.machine import FileEntry, csv_files, data_json
from gdpr_requests.export.people import summary_html, summary_pdf
from privacy.errors import SealError
from privacy.files import store

MEDIA_TYPE = "application/zip"
# Names that Windows keeps for devices, whatever their extension.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


class _Outlet(io.RawIOBase):
    """What the ZIP is written to: keeps the bytes until they are handed on."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._waiting = b"".join(self._waiting), []
        return taken


def archive(copy: Copy) -> Iterator[bytes]:
    """The bytes of the ZIP. The summaries come first, data.json last, because it holds the checksums of the files.

    What could fail is made before the first byte is sent, so that a failure is an error page and no broken ZIP.
    """
    return _packed(copy, list(_written(copy)))


def _packed(copy: Copy, written: list[tuple[str, bytes]]) -> Iterator[bytes]:
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in written:
            target.writestr(_info(name), content)
            yield outlet.take()
        entries: list[FileEntry] = []
        for name, row in zip(safe_names(copy.collected.files), copy.collected.files, strict=True):
            yield from _add_file(target, outlet, name, row, entries)
        target.writestr(_info("data.json"), data_json(copy, entries))
    yield outlet.take()


def _written(copy: Copy) -> Iterator[tuple[str, bytes]]:
    yield "summary.pdf", summary_pdf(copy.document)
    yield "summary.html", summary_html(copy.document)
    yield from csv_files(copy)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, time.localtime()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _add_file(
    target: zipfile.ZipFile, outlet: _Outlet, name: str, row: StoredFile, entries: list[FileEntry]
) -> Iterator[bytes]:
    """Open one sealed file into the archive. One that cannot be read is named as such: the rest must still arrive."""
    entry: FileEntry = {"id": str(row.pk), "path": name, "name": row.name, "content_type": row.content_type}
    digest, size = hashlib.sha256(), 0
    try:
        chunks = store.open(row.storage_name, key=row.key, row_id=row.pk)
        with target.open(_info(name), "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                yield outlet.take()
        entry |= {"size": size, "sha256": digest.hexdigest(), "complete": True}
    except (SealError, OSError):
        entry |= {"size": size, "sha256": None, "complete": False}
    entries.append(entry)
    yield outlet.take()


def safe_names(files: Sequence[StoredFile]) -> list[str]:
    """A path under `files/` for each: no folders, no device names, no two alike even where case does not count."""
    taken: set[str] = set()
    names = []
    for row in files:
        stem, dot, extension = _harmless(row.name).rpartition(".")
        stem, extension = (stem, dot + extension) if stem else (extension, "")
        name, number = f"{stem}{extension}", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} ({number}){extension}"
        taken.add(name.casefold())
        names.append(f"files/{name}")
    return names


def _harmless(name: str) -> str:
    last = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
    plain = "".join("_" if char in '<>:"|?*' else char for char in last if unicodedata.category(char)[0] != "C")
    plain = plain.strip(" .")[-120:] or "file"
    return f"_{plain}" if plain.split(".")[0].casefold() in _DEVICES else plain
