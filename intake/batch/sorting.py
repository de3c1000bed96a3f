"""Which rows of a chunk come in, which are refused and why, and which may be doubles of cards that are here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from consents.services.suppression import EVERYWHERE, IN_SPITE, suppressed
from contacts.index import email_key, phone_key
from contacts.models import AddressToken, Contact
from intake import already_held
from intake.models import ImportBatch
from intake.parsing.record import ParsedContact

Item = tuple[ParsedContact, list[str]]
SUPPRESSED, ALREADY_HELD = "suppressed", "already_held"


@dataclass
class Sorted:
    """`doubles` leads from the number of a row to the card that holds the same address.

    `erased` holds the numbers of refused rows about somebody who was erased: nothing of them may be kept, here either.
    """

    fresh: list[Item] = field(default_factory=list)
    refused: list[tuple[ParsedContact, list[str], list[str]]] = field(default_factory=list)
    doubles: dict[int, uuid.UUID] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)


def sort_out(batch: ImportBatch, chunk: Sequence[Item]) -> Sorted:
    """Decide about every row of the chunk, in a fixed number of queries."""
    result = Sorted()
    holders, visible = _holders(batch, chunk)
    # Asked last: who was erased while the holders were looked up is known by now.
    left_alone, erased = _suppressed(batch, chunk)
    hidden: set[uuid.UUID] = set()
    for parsed, cells in chunk:
        held = [holders[key] for key in _keys(parsed) if key in holders]
        unseen = [pk for pk in held if pk not in visible]
        codes = []
        if left_alone & set(_addresses(parsed)):
            codes.append(SUPPRESSED)
            result.erased |= {parsed.row} if erased & set(_addresses(parsed)) else set()
        if unseen:
            codes.append(ALREADY_HELD)
            hidden |= set(unseen)
        if codes or parsed.refused:
            result.refused.append((parsed, cells, codes))
            continue
        if held:
            result.doubles[parsed.row] = held[0]
        result.fresh.append((parsed, cells))
    if hidden and batch.created_by:
        already_held.report(user=batch.created_by, hidden=sorted(hidden))
    return result


def _addresses(parsed: ParsedContact) -> list[str]:
    return [email.value for email in parsed.emails] + [phone.value for phone in parsed.phones]


def _keys(parsed: ParsedContact) -> list[uuid.UUID]:
    return [email_key(email.value) for email in parsed.emails] + [phone_key(phone.value) for phone in parsed.phones]


def _suppressed(batch: ImportBatch, chunk: Sequence[Item]) -> tuple[set[str], set[str]]:
    """The addresses of the chunk that are to be left alone, and those among them whose person was erased."""
    if batch.purpose and batch.purpose.basis in IN_SPITE:
        return set(), set()
    addresses = [address for parsed, _cells in chunk for address in _addresses(parsed)]
    left_alone = suppressed(addresses, scopes=EVERYWHERE)
    return left_alone, suppressed(left_alone, scopes=["import"]) if left_alone else set()


def _holders(batch: ImportBatch, chunk: Sequence[Item]) -> tuple[dict[uuid.UUID, uuid.UUID], set[uuid.UUID]]:
    """For each address of the chunk a card that holds it, and which of those cards the importer may see."""
    keys = {key for parsed, _cells in chunk for key in _keys(parsed)}
    rows: list[tuple[uuid.UUID, uuid.UUID]] = []
    wanted = list(keys)
    for start in range(0, len(wanted), 500):  # SQLite takes a limited number of parameters
        tokens = AddressToken.objects.filter(digest__in=wanted[start : start + 500])
        rows += tokens.values_list("digest", "contact_id")
    ids = {contact_id for _digest, contact_id in rows}
    seen: set[uuid.UUID] = ids
    if batch.created_by:
        mine = Contact.objects.visible_to(batch.created_by).unrestricted().filter(pk__in=ids)
        seen = set(mine.values_list("pk", flat=True))
    if hidden := ids - seen:
        # Erased since the index was read: held by nobody, and no reason to keep the row.
        there = seen | set(Contact._base_manager.filter(pk__in=hidden).values_list("pk", flat=True))
        rows = [row for row in rows if row[1] in there]
    # Where several cards hold an address, one that the importer may see is the better answer.
    return dict(sorted(rows, key=lambda row: row[1] in seen)), seen
