"""Erasing again what the ledger names and a restored backup brought back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from contacts.models import Contact
from gdpr_requests.erasure import ledger
from gdpr_requests.erasure.ledger import Named
from gdpr_requests.models import ErasureItem, ErasureRun
from gdpr_requests.services.erase import Known, erase_contact, take_number
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


def replay() -> Replayed:
    """Erase everybody the ledger names who exists again, and close what a crash left open. Safe to repeat.

    Raises LedgerBroken where the ledger was tampered with: then a person has to look before anything goes on.
    """
    entries = ledger.named()
    done = Replayed(named=len(entries))
    for entry, back in _who_is_back(entries):
        for pk in back:
            _again(entry, pk, done)
        done.keys += _destroy_keys(entry)
        if entry.state == ledger.INTENT and not back:
            ledger.close(entry.item_id, ledger.DONE)
            done.closed += 1
    done.missing = _not_in_ledger(entries)
    return done


def _who_is_back(entries: list[Named]) -> Iterator[tuple[Named, list[UUID]]]:
    """Each erasure with the cards of it that exist, asked in batches."""
    remaining = iter(entries)
    while batch := list(islice(remaining, BATCH)):
        ids = [pk for entry in batch for pk in entry.contact_ids]
        there = set(Contact.objects.filter(pk__in=ids).values_list("pk", flat=True))
        for entry in batch:
            yield entry, [pk for pk in entry.contact_ids if pk in there]


def _again(entry: Named, pk: UUID, done: Replayed) -> None:
    # The first card takes up the old certificate; a card that had been merged into it gets one of its own.
    is_first = pk == entry.contact_ids[0]
    if is_first:
        take_number(entry.certificate)
    try:
        item = erase_contact(
            pk=pk,
            reason=entry.reason,
            actor=None,
            origin=ErasureRun.Origin.REPLAY,
            known=Known(entry.item_id, entry.certificate) if is_first else None,
        )
    except Contact.DoesNotExist:
        return  # another process was faster, or the interrupted erasure committed meanwhile
    done.erased.append(item.pk)


def _destroy_keys(entry: Named) -> int:
    """Keys that were restored although the card was not."""
    return SubjectKey.objects.filter(pk__in=entry.key_ids).delete()[0]


def _not_in_ledger(entries: list[Named]) -> list[str]:
    named = {entry.item_id for entry in entries}
    erased = ErasureItem.objects.filter(state=ErasureItem.State.ERASED)
    return [str(number) for pk, number in erased.values_list("pk", "certificate") if pk not in named]
