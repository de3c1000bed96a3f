"""Undoing an import: the cards it made go, except those that somebody has worked with since."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import Row, record, record_many
from consents.models import ConsentEvent, EndReason, LegalGround
from contacts.models import Contact, StoredFile, Subject, TimelineEntry
from intake.models import ImportBatch, ImportRow
from privacy.append_only import released
from privacy.files import store
from privacy.models import SubjectKey
from privacy.sealed import SealedQuerySet
from tasks.models import Task

if TYPE_CHECKING:
    from accounts.models import User

State = ImportBatch.State
CHUNK = 500
UNDO_DAYS = 30


def may_undo(batch: ImportBatch) -> bool:
    """A finished import can be undone for thirty days, while its rows are known."""
    recent = batch.finished_at is not None and batch.finished_at > timezone.now() - dt.timedelta(days=UNDO_DAYS)
    return batch.state in (State.DONE, State.FAILED) and recent and batch.created_count > 0


@transaction.atomic
def undo(*, batch: ImportBatch, actor: User) -> tuple[int, int]:
    """Remove the cards of the batch; returns how many went and how many stayed because they were worked with.

    Raises ValidationError where the batch can't be undone (any more). All of it happens, or nothing.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not may_undo(batch):
        raise ValidationError(_("This import can't be undone any more."))
    rows = ImportRow.objects.filter(batch=batch, contact__isnull=False)
    ids = list(untouched(batch).values_list("pk", flat=True))
    kept = rows.count() - len(ids)
    for start in range(0, len(ids), CHUNK):
        _remove(ids[start : start + CHUNK], actor)
    batch.state = State.UNDONE
    batch.save(update_fields=["state", "touched_at"])
    record("import.undone", actor=actor, target=batch, detail={"removed": len(ids), "kept": kept})
    return len(ids), kept


def untouched(batch: ImportBatch) -> SealedQuerySet[Contact]:
    """Cards of the batch on which nobody has done anything since: no change, note, task, ground or consent."""
    end = batch.finished_at or timezone.now()
    later_note = TimelineEntry.objects.filter(contact=OuterRef("pk"), created_at__gt=end)
    own_task = Task.objects.filter(contact=OuterRef("pk"), created_at__gt=end)
    later_ground = LegalGround.objects.filter(subject__contact=OuterRef("pk"), created_at__gt=end)
    later_event = ConsentEvent.objects.filter(subject__contact=OuterRef("pk"), recorded_at__gt=end)
    return (
        Contact.objects.filter(pk__in=ImportRow.objects.filter(batch=batch).values("contact_id"))
        .filter(Q(updated_at__lte=end) | Q(updated_at__lte=F("created_at") + dt.timedelta(seconds=2)))
        .filter(~Exists(later_note), ~Exists(own_task), ~Exists(later_ground), ~Exists(later_event))
    )


def _remove(ids: Sequence[uuid.UUID], actor: User) -> None:
    subjects = list(Subject.objects.filter(contact_id__in=ids).values_list("pk", flat=True))
    names = list(StoredFile.objects.filter(contact_id__in=ids).values_list("storage_name", flat=True))
    record_many(
        "contact.import_undone",
        actor=actor,
        rows=[Row(pk, detail={"reason": EndReason.IMPORT_UNDONE.value}) for pk in ids],
    )
    with released(subjects):
        ConsentEvent.objects.filter(subject_id__in=subjects).delete()
        Contact.objects.filter(pk__in=ids).delete()
    SubjectKey.objects.filter(subject_id__in=subjects).delete()
    for name in names:
        transaction.on_commit(partial(store.delete, name))
