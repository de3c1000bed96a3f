"""Putting a pack together in the worker. Safe to run twice, late and in parallel: the row says what is still to do."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from accounts.models import Installation
from audit.services import record
from gdpr_requests.accountability.pack.parts import PARTS, File, manifest, read_first
from gdpr_requests.models import InspectionPack
from privacy.files import store
from privacy.keys import new_subject_key

State = InspectionPack.State
KEPT = timedelta(days=7)
# What could not be made in this time will not be: it is said so instead of trying for ever.
PATIENCE = timedelta(hours=1)


def build(pk: UUID) -> InspectionPack:
    """Make the file of a pack that waits; leaves every other one as it is."""
    pack = InspectionPack.objects.get(pk=pk)
    if not pack.is_waiting:
        return pack
    if pack.created_at < timezone.now() - PATIENCE:
        return _fail(pk)
    with translation.override(pack.language):
        content = _zip(pack)
    return _finish(pk, content)


def _zip(pack: InspectionPack) -> bytes:
    target = io.BytesIO()
    listed: list[tuple[str, int, str]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, read_first(), listed)
        for number, part in enumerate(PARTS, start=1):
            for name, content in part.files():
                _add(archive, (f"{part.folder}/{name}", content), listed)
            _progress(pack.pk, number)
        name, content = manifest(_head(pack), listed)
        archive.writestr(name, content)
    return target.getvalue()


def _add(archive: zipfile.ZipFile, file: File, listed: list[tuple[str, int, str]]) -> None:
    name, content = file
    archive.writestr(name, content)
    listed.append((name, len(content), hashlib.sha256(content).hexdigest()))


def _head(pack: InspectionPack) -> dict[str, str]:
    return {
        "id": str(pack.pk),
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "language": pack.language,
        "controller": Installation.current().name,
    }


def _progress(pk: UUID, processed: int) -> None:
    InspectionPack.objects.filter(pk=pk).update(
        state=State.RUNNING, processed=processed, total=len(PARTS), touched_at=timezone.now()
    )


@transaction.atomic
def _finish(pk: UUID, content: bytes) -> InspectionPack:
    """Seal the file under a key of its own. Where another worker was faster, its file stays."""
    pack = InspectionPack.objects.select_for_update(of=("self",)).get(pk=pk)
    if not pack.is_waiting:
        return pack
    key = new_subject_key(subject_id=pack.pk)
    name, size, _digest = store.seal(io.BytesIO(content), key=key, row_id=pack.pk)
    try:
        pack.key, pack.storage_name, pack.size = key, name, size
        pack.sha256 = hashlib.sha256(content).hexdigest()
        pack.state, pack.ends_on = State.DONE, timezone.localdate() + KEPT
        pack.save()
        record("inspection_pack.made", actor=None, target=pack, detail={"files": _count(content)})
    except BaseException:
        store.delete(name)
        raise
    return pack


def _count(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return len(archive.namelist())


@transaction.atomic
def _fail(pk: UUID) -> InspectionPack:
    pack = InspectionPack.objects.select_for_update(of=("self",)).get(pk=pk)
    if pack.is_waiting:
        pack.state = State.FAILED
        pack.save(update_fields=["state", "touched_at"])
        record("inspection_pack.failed", actor=None, target=pack)
    return pack
