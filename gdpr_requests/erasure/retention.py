"""Copying what a duty keeps before everything else goes, and letting it go at its end (Art. 17(3)(b), 5(1)(e))."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.services import record
from contacts.models import StoredFile
from gdpr_requests.erasure.plan import Keeping, Plan
from gdpr_requests.erasure.scope import Scope, in_order, rows_of
from gdpr_requests.export.collect import roles_of_colleagues
from gdpr_requests.export.values import cell
from gdpr_requests.models import ErasureItem, RetainedRecord
from privacy.datamap import Entry
from privacy.files import ChunkStream, store
from privacy.keys import subject_key_for
from privacy.models import SubjectKey
from privacy.sealed import SealedModel


def retain(plan: Plan, item: ErasureItem) -> list[RetainedRecord]:
    """Copy what the duties of the plan keep into records of their own, under the `legal` key of the subject.

    Files are sealed anew on the disk: when the transaction fails, the sweep of orphaned files removes them.
    """
    made = []
    for keeping in plan.keeping:
        made.append(_record(keeping, item, content=_values(plan.scope, keeping)))
        if "documents" in keeping.categories:
            made += [_file(keeping, item, row) for row in _files(plan.scope)]
    return made


def _record(keeping: Keeping, item: ErasureItem, **content: Any) -> RetainedRecord:
    row = _unsaved(keeping, item, **content)
    row.save(force_insert=True)
    return row


def _unsaved(keeping: Keeping, item: ErasureItem, **content: Any) -> RetainedRecord:
    subject_id = keeping.ground.subject_id
    return RetainedRecord(
        key=subject_key_for(subject_id=subject_id, retention_class=SubjectKey.RetentionClass.LEGAL),
        item=item,
        subject_id=subject_id,
        purpose=keeping.ground.purpose,
        categories=keeping.categories,
        because=keeping.because[:250],
        until=keeping.until,
        **content,
    )


def _values(scope: Scope, keeping: Keeping) -> list[dict[str, Any]]:
    """The fields of the kept categories, and no others, as the copy for the person would show them."""
    roles = roles_of_colleagues()
    rows = []
    for entry in in_order():
        names = [name for name in entry.named(export=True) if entry.fields[name].category in keeping.categories]
        if names:
            rows += list(_rows(entry, names, scope, roles))
    return rows


def _rows(entry: Entry, names: list[str], scope: Scope, roles: Any) -> Iterator[dict[str, Any]]:
    model = entry.get_model()
    rows = rows_of(entry, scope)
    if issubclass(model, SealedModel):
        rows = rows.select_related("key")
    for row in rows.order_by("pk"):
        cells = {name: cell(row, model._meta.get_field(name), roles).data for name in names}
        filled = {name: value for name, value in cells.items() if value is not None}
        if filled:
            yield {"kind": model._meta.label, "values": filled}


def _files(scope: Scope) -> list[StoredFile]:
    return list(StoredFile.objects.filter(contact__in=scope.contact_ids).order_by("pk"))


def _file(keeping: Keeping, item: ErasureItem, source: StoredFile) -> RetainedRecord:
    content = {"kind": source._meta.label, "values": {"name": source.name, "content_type": source.content_type}}
    row = _unsaved(keeping, item, content=[content])
    opened = store.open(source.storage_name, key=source.key, row_id=source.pk)
    row.storage_name, _size, _digest = store.seal(ChunkStream(opened), key=row.key, row_id=row.pk)
    row.save(force_insert=True)
    return row


@transaction.atomic
def purge_ended(*, on: Any = None) -> int:
    """Delete what a duty kept and keeps no longer, with the keys of subjects that have nothing left. Safe to repeat."""
    ended = RetainedRecord.objects.select_for_update().filter(until__lt=on or timezone.localdate())
    rows = list(ended.values_list("pk", "subject_id", "item_id", "storage_name"))
    RetainedRecord.objects.filter(pk__in=[row[0] for row in rows]).delete()
    subjects = {row[1] for row in rows}
    still = set(RetainedRecord.objects.filter(subject_id__in=subjects).values_list("subject_id", flat=True))
    SubjectKey.objects.filter(subject_id__in=subjects - still, retention_class="legal").delete()
    for item_id in {row[2] for row in rows}:
        count = sum(row[2] == item_id for row in rows)
        record("erasure.retention_ended", actor=None, detail={"erasure": item_id, "records": count})
    for name in filter(None, (row[3] for row in rows)):
        transaction.on_commit(partial(store.delete, name))
    return len(rows)
