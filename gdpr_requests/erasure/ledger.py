"""The ledger of erasures: a file outside the database, which tells a restored backup whom it must not bring back.

It only grows, until an entry is older than every backup that could hold the person; then its beginning gives way to a
signed checkpoint. Each line is JSON with ids (card, subjects, keys: random, of nobody any more), the MAC of the line
before it and a MAC of its own, so a line changed, moved or cut out of the middle shows (`ledger_file`). A cut tail
shows against the mark and the certificates in the database.

An *intent* is on the disk before the erasing transaction commits; *done* follows, or *void* where it failed after all.
An intent with neither was interrupted, and `replay` finishes it whichever way it went.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gdpr_requests.erasure.ledger_file import BEGIN, CHECKPOINT, LedgerBroken, append, lines, path, version

__all__ = ["DONE", "INTENT", "VOID", "LedgerBroken", "Named", "close", "intend", "lines", "named", "path", "version"]

INTENT, DONE, VOID = "intent", "done", "void"


@dataclass(frozen=True)
class Named:
    """An erasure that the ledger names, with the last thing it says of it."""

    item_id: UUID
    contact_ids: list[UUID]
    subject_ids: list[UUID]
    key_ids: list[UUID]
    reason: str
    certificate: str
    state: str


def intend(
    *,
    item_id: UUID,
    contact_ids: list[UUID],
    subject_ids: list[UUID],
    key_ids: list[UUID],
    reason: str,
    certificate: str,
) -> None:
    """Write down whom the transaction that is about to commit erases. On the disk when this returns."""
    append(
        {
            "event": INTENT,
            "item": str(item_id),
            "contacts": [str(pk) for pk in contact_ids],
            "subjects": [str(pk) for pk in subject_ids],
            "keys": [str(pk) for pk in key_ids],
            "reason": reason,
            "certificate": certificate,
        }
    )


def close(item_id: UUID, event: str) -> None:
    """Say what became of an intent: DONE or VOID."""
    append({"event": event, "item": str(item_id)})


def named(of: Iterable[dict[str, Any]] | None = None) -> list[Named]:
    """Every erasure of the ledger (or of these lines of it) that was not void, oldest first. Raises LedgerBroken."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines() if of is None else of:
        if line["event"] in (BEGIN, CHECKPOINT):
            continue
        if line["event"] == INTENT:
            found[line["item"]] = {**line, "state": INTENT}
        elif line["item"] in found:
            found[line["item"]]["state"] = line["event"]
    return [_named(line) for line in found.values() if line["state"] != VOID]


def _named(line: dict[str, Any]) -> Named:
    return Named(
        item_id=UUID(line["item"]),
        contact_ids=[UUID(pk) for pk in line["contacts"]],
        subject_ids=[UUID(pk) for pk in line["subjects"]],
        key_ids=[UUID(pk) for pk in line["keys"]],
        reason=line["reason"],
        certificate=line["certificate"],
        state=line["state"],
    )
