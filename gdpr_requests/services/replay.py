"""Erasing again what the ledger names and a restored backup brought back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from audit.services import record
from contacts.models import Contact
from gdpr_requests.erasure import ledger
from gdpr_requests.erasure.ledger import Named
from gdpr_requests.erasure.ledger_file import CHECKPOINT
from gdpr_requests.erasure.numbers import next_number, take_number
from gdpr_requests.models import ErasureItem, ErasureRun
from gdpr_requests.services.erase import Known, erase_contact
from privacy.models import SubjectKey

BATCH = 500


@dataclass
class Replayed:
    """What a replay did. `missing` are certificates here that the ledger does not name: its tail was cut."""

    named: int = 0
    erased: list[UUID] = field(default_factory=list)
    closed: int = 0
    keys: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.missing


def replay(lines: Iterable[dict[str, Any]] | None = None) -> Replayed:
    """Erase everybody the ledger names who exists again, and close what a crash left open. Safe to repeat.

    `lines` are those that this database was not compared with yet; without them the whole ledger is gone through, and
    the certificates of this database are looked for in it. Raises LedgerBroken where the ledger was tampered with:
    then a person has to look before anything goes on.
    """
    read = list(ledger.lines() if lines is None else lines)
    entries = ledger.named(read)
    done = Replayed(named=len(entries))
    for batch in _batches(entries):
        there, keys = _still_there(batch)
        for entry in batch:
            _bring_to_rest(entry, [pk for pk in entry.contact_ids if pk in there], done)
        done.keys += SubjectKey.objects.filter(pk__in=keys).delete()[0] if keys else 0
    if done.erased or done.keys:
        detail = {"people": len(done.erased), "keys": done.keys, "named": done.named}
        record("erasure.replayed", actor=None, detail=detail)
    if lines is None:
        done.missing = _not_in_ledger(entries, read)
    return done


def _batches(entries: list[Named]) -> Iterator[list[Named]]:
    remaining = iter(entries)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _still_there(batch: list[Named]) -> tuple[set[UUID], list[UUID]]:
    """Which cards of these erasures exist, and which keys: those may have been restored although the card was not."""
    cards = [pk for entry in batch for pk in entry.contact_ids]
    keys = [pk for entry in batch for pk in entry.key_ids]
    there = set(Contact.objects.filter(pk__in=cards).values_list("pk", flat=True))
    return there, list(SubjectKey.objects.filter(pk__in=keys).values_list("pk", flat=True))


def _bring_to_rest(entry: Named, back: list[UUID], done: Replayed) -> None:
    for pk in back:
        _again(entry, pk, done)
    if entry.state == ledger.INTENT and not back:
        ledger.close(entry.item_id, ledger.DONE)
        done.closed += 1


def _again(entry: Named, pk: UUID, done: Replayed) -> None:
    try:
        item = erase_contact(
            pk=pk, reason=entry.reason, actor=None, origin=ErasureRun.Origin.REPLAY, known=_known(entry, pk)
        )
    except Contact.DoesNotExist:
        return  # another process was faster, or the interrupted erasure committed meanwhile
    done.erased.append(item.pk)


def _known(entry: Named, pk: UUID) -> Known:
    """The first card takes up the old certificate; a card that had been merged into it gets one of its own.

    Both count as erased before, so a legal hold that was lifted since the backup keeps neither.
    """
    if pk == entry.contact_ids[0]:
        take_number(entry.certificate)
        return Known(entry.item_id, entry.certificate)
    with transaction.atomic():
        return Known(uuid5(entry.item_id, pk.hex), next_number(timezone.localdate().year))


def _not_in_ledger(entries: list[Named], read: list[dict[str, Any]]) -> list[str]:
    """Certificates that the ledger should name. Those up to its checkpoint have ended there, and only there."""
    named = {entry.item_id for entry in entries}
    erased = ErasureItem.objects.filter(state=ErasureItem.State.ERASED)
    if read and read[0]["event"] == CHECKPOINT:
        erased = erased.filter(erased_at__gt=datetime.fromisoformat(read[0]["until"]))
    return [str(number) for pk, number in erased.values_list("pk", "certificate") if pk not in named]
