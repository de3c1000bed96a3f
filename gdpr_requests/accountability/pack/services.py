"""Asking for a pack, handing it out, and its end after seven days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.services import record
from consents.periods import add_months
from gdpr_requests.accountability.pack.parts import PARTS
from gdpr_requests.models import InspectionPack
from privacy.files import store
from privacy.queue import enqueue

if TYPE_CHECKING:
    from accounts.models import User

BUILD = "gdpr_requests.build_pack"
# A pack in the queue or at work that nobody has touched for so long has lost its worker or its message.
FORGOTTEN_AFTER = dt.timedelta(minutes=2)
# What is left of a pack, its digest and who asked for it, is kept as long as claims can be made.
ROW_KEPT_MONTHS = 36


@transaction.atomic
def ask_for_pack(*, actor: User, language: str) -> InspectionPack:
    """Let the worker make a pack. One of the actor's that is on its way already is taken instead of another."""
    waiting = InspectionPack.objects.filter(created_by=actor, state__in=["queued", "running"], language=language)
    if found := waiting.first():
        return found
    pack = InspectionPack.objects.create(created_by=actor, language=language, total=len(PARTS))
    record("inspection_pack.asked", actor=actor, target=pack, detail={"language": language})
    enqueue(BUILD, pack.pk)
    return pack


def open_pack(*, pack: InspectionPack, actor: User) -> Iterator[bytes]:
    """The bytes of a pack that is ready; handing it out is recorded. Raises FileNotFoundError where it has ended."""
    if pack.state != InspectionPack.State.DONE or pack.key is None:
        raise FileNotFoundError
    content = store.open(pack.storage_name, key=pack.key, row_id=pack.pk)
    record("inspection_pack.downloaded", actor=actor, target=pack)
    return content


def resume() -> int:
    """Queue packs again whose worker died or whose message was lost."""
    before = timezone.now() - FORGOTTEN_AFTER
    left = InspectionPack.objects.filter(state__in=["queued", "running"], touched_at__lt=before)
    ids = list(left.values_list("pk", flat=True))
    for pk in ids:
        enqueue(BUILD, pk)
    return len(ids)


@transaction.atomic
def end_packs(*, on: dt.date | None = None) -> int:
    """Destroy file and key of packs whose seven days are over, and rows that are three years old. Safe to repeat."""
    day = on or timezone.localdate()
    over = list(
        InspectionPack.objects.select_for_update(of=("self",)).filter(state=InspectionPack.State.DONE, ends_on__lte=day)
    )
    for pack in over:
        _end(pack)
    InspectionPack.objects.filter(created_at__date__lt=add_months(day, -ROW_KEPT_MONTHS), storage_name="").delete()
    return len(over)


def _end(pack: InspectionPack) -> None:
    key, name = pack.key, pack.storage_name
    pack.state, pack.key, pack.storage_name = InspectionPack.State.ENDED, None, ""
    pack.save(update_fields=["state", "key", "storage_name", "touched_at"])
    if key is not None:
        key.delete()
    record("inspection_pack.ended", actor=None, target=pack)
    transaction.on_commit(partial(store.delete, name))
