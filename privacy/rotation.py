"""Rotation of the outer key: the data stay as they are, only the rows of keys are wrapped anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from privacy.models import SubjectKey, SystemKey
from privacy.wrapping import is_newest, unwrap, wrap


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many keys were wrapped anew, and how many needed nothing."""

    rewrapped: int
    already_newest: int


def rotate(*, batch: int = 1000) -> Rotation:
    """Wrap every key under the newest of FIELD_ENCRYPTION_KEY, `batch` rows in a transaction.

    Runs beside a working system: a key made or destroyed meanwhile is left alone. Safe to repeat and to interrupt,
    since a key under the newest outer key is passed over. Raises WrongKey, changing nothing in that batch, when a key
    opens with none of the outer keys.
    """
    if batch < 1:
        raise ValueError("A batch has at least one row")
    rewrapped = total = 0
    kinds: tuple[Any, ...] = (SystemKey.objects, SubjectKey.objects)
    for rows in kinds:
        last: Any = None
        while True:
            seen, changed, last = _rotate_batch(rows, last, batch)
            rewrapped, total = rewrapped + changed, total + seen
            if seen < batch:
                break
    return Rotation(rewrapped, total - rewrapped)


@transaction.atomic
def _rotate_batch(keys: models.Manager[Any], after: Any, batch: int) -> tuple[int, int, Any]:
    rows = keys.select_for_update().order_by("pk")
    found = list((rows.filter(pk__gt=after) if after is not None else rows)[:batch])
    old = [row for row in found if not is_newest(row.secret)]
    for row in old:
        row.secret = wrap(unwrap(row.secret))
    # bulk_update, unlike save(), cannot bring back a key that an erasure has destroyed in between.
    keys.bulk_update(old, ["secret"], batch_size=200)
    return len(found), len(old), found[-1].pk if found else after
