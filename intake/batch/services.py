"""Writes of imports: take a file in, decide about it, let it run, destroy what is left of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import record
from consents.models import Purpose
from intake.batch import reading
from intake.models import ImportBatch, ImportRow
from privacy.files import store
from privacy.keys import new_subject_key
from privacy.models import SubjectKey
from privacy.queue import enqueue

if TYPE_CHECKING:
    from accounts.models import User

KEPT_DAYS = 30
# The counts of an import stay for three years, the general limitation of claims.
COUNTS_KEPT_DAYS = 1096
State = ImportBatch.State


def take_file(
    *, stream: IO[bytes], name: str, actor: User | None, options: dict[str, Any] | None = None
) -> ImportBatch:
    """Seal the file and look at it. Raises ImportProblem for a file that can't be read; then nothing is kept."""
    data = stream.read()
    found = reading.look_at(data)
    stream.seek(0)
    with transaction.atomic():
        key = new_subject_key(subject_id=uuid.uuid4())
        batch = ImportBatch(key=key, file_name=name[:250], created_by=actor, kind=found.kind, owner=actor)
        batch.options, batch.mapping, batch.total = found.options, found.mapping, found.total
        batch.storage_name, batch.size, _digest = store.seal(stream, key=key, row_id=batch.pk)
        try:
            batch.save(force_insert=True)
            record("import.uploaded", actor=actor, target=batch, detail={"rows": found.total, "kind": str(found.kind)})
        except BaseException:
            store.delete(batch.storage_name)
            raise
    return batch


@transaction.atomic
def read_differently(*, batch: ImportBatch, options: dict[str, Any]) -> ImportBatch:
    """Read the file in another encoding, by another delimiter or from another sheet. Raises ImportProblem."""
    found = reading.look_at(reading.content_of(batch), options)
    batch.kind, batch.options, batch.mapping, batch.total = found.kind, found.options, found.mapping, found.total
    batch.save(update_fields=["kind", "options", "mapping", "total", "touched_at"])
    return batch


@transaction.atomic
def map_columns(*, batch: ImportBatch, mapping: list[dict[str, Any]]) -> ImportBatch:
    """Say where the columns go."""
    batch.mapping = mapping
    batch.save(update_fields=["mapping", "touched_at"])
    return batch


@transaction.atomic
def start(
    *,
    batch: ImportBatch,
    purpose: Purpose,
    source: str,
    source_detail: str,
    ground: dict[str, Any],
    owner: User | None,
    actor: User | None,
    queue: bool = True,
) -> ImportBatch:
    """Demand reason and source once for the whole batch and put it into the queue. The job is queued on commit,
    unless the caller runs it (`queue` false).

    `ground` holds the fields of the ground (or of the consent) as JSON. Raises ValidationError where the batch has run.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.UPLOADED:
        raise ValidationError(_("This import has run already."))
    batch.purpose, batch.source, batch.source_detail, batch.ground = purpose, source, source_detail, ground
    batch.owner, batch.state = owner, State.QUEUED
    batch.save()
    record("import.started", actor=actor, target=batch, detail={"purpose": purpose.slug, "source": str(source)})
    if queue:
        enqueue("intake.run_import", batch.pk)
    return batch


@transaction.atomic
def discard(*, batch: ImportBatch, actor: User | None) -> None:
    """Throw away a file that was never imported."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in (State.UPLOADED, State.FAILED) or batch.created_count:
        raise ValidationError(_("This import has run already."))
    record("import.discarded", actor=actor, target=batch)
    _destroy([batch])
    batch.delete()


@transaction.atomic
def purge(*, at: dt.datetime | None = None) -> int:
    """Destroy file, refused rows and key of batches that ended thirty days ago; returns how many."""
    before = (at or timezone.now()) - dt.timedelta(days=KEPT_DAYS)
    old = list(
        ImportBatch.objects.select_for_update(of=("self",))
        # The name of the file goes last: the file itself may have gone before, with somebody who was erased.
        .exclude(file_name="")
        .filter(touched_at__lt=before)
        .exclude(state__in=[State.QUEUED, State.RUNNING])
    )
    _destroy(old)
    for batch in old:
        record("import.purged", actor=None, target=batch)
    return len(old)


@transaction.atomic
def end_old(*, at: dt.datetime | None = None) -> int:
    """Delete what is known of imports whose file went long ago; returns how many. Safe to repeat."""
    before = (at or timezone.now()) - dt.timedelta(days=COUNTS_KEPT_DAYS)
    count, _rows = ImportBatch.objects.filter(file_name="", storage_name="", touched_at__lt=before).delete()
    if count:
        record("import.ended", actor=None, detail={"count": count})
    return count


def _destroy(batches: Sequence[ImportBatch]) -> None:
    ids = [batch.pk for batch in batches]
    names = [batch.storage_name for batch in batches if batch.storage_name]
    ImportRow.objects.filter(batch_id__in=ids).delete()
    # What is sealed is emptied with its key: an unreadable value must not look like a lost key.
    ImportBatch.objects.filter(pk__in=ids).update(storage_name="", file_name="", source_detail="", ground=None)
    SubjectKey.objects.filter(pk__in=[batch.key_id for batch in batches]).delete()
    for name in names:
        transaction.on_commit(partial(store.delete, name))
