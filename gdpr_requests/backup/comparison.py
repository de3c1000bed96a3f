"""Ledger and database side by side: what was written since the last comparison, and whether they belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from gdpr_requests.erasure import ledger_file
from gdpr_requests.erasure.ledger_file import BEGIN, BEGINNING, CHECKPOINT, LedgerBroken
from gdpr_requests.models import ErasureItem, LedgerMark


class LedgerDoesNotFit(LedgerBroken):
    """The ledger in place is not the one that this database has seen. `code` says how: see WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(WORDS[code])
        self.code = code


WORDS = {
    "missing": "The ledger of erasures is missing, but this database was compared with one.",
    "older": "The ledger of erasures ends before the place up to which this database was compared with it: an older "
    "copy was put in place, or its end was cut off.",
    "foreign": "The ledger of erasures is not the one that this database was compared with.",
    "too_old": "The ledger of erasures begins after the place up to which this database was compared with it: the "
    "database comes from a backup that is older than BACKUP_RETENTION_DAYS, and erasures in between have ended there.",
}


@dataclass(frozen=True)
class Comparison:
    """The lines that this database was not compared with yet, and the mark to set once that is done."""

    lines: list[dict[str, Any]]
    head: LedgerMark

    @property
    def is_needed(self) -> bool:
        return any(line["event"] not in (BEGIN, CHECKPOINT) for line in self.lines)


def compare(*, everything: bool = False) -> Comparison:
    """Read what follows the mark, or `everything`, checking each line against the one before.

    Raises LedgerDoesNotFit and LedgerBroken. Takes as long as there are new lines.
    """
    mark = LedgerMark.objects.filter(pk=1).first() or LedgerMark()
    if not ledger_file.path().exists():
        if mark.position or ErasureItem.objects.filter(state=ErasureItem.State.ERASED).exists():
            raise LedgerDoesNotFit("missing")
        return Comparison([], mark)
    with ledger_file.path().open("rb") as opened:
        if not everything and (quick := _from_mark(opened, mark)) is not None:
            return quick
        opened.seek(0)
        return _from_beginning(opened, mark, everything)


def _from_mark(opened: IO[bytes], mark: LedgerMark) -> Comparison | None:
    """The quick way: the marked line still stands where it stood. None where it doesn't, which proves nothing yet."""
    if not mark.position:
        return None
    opened.seek(mark.offset)
    try:
        raw = opened.readline()
        line = ledger_file.parsed(raw, mark.position)
    except LedgerBroken:
        return None
    if not _is_marked(line, mark) or not ledger_file.is_ours(line, ledger_file.signing_keys()):
        return None
    return _collected(ledger_file.walk(opened, position=mark.position, before=mark.mac), mark)


def _from_beginning(opened: IO[bytes], mark: LedgerMark, everything: bool) -> Comparison:
    found, seen = [], not mark.position
    head = LedgerMark(pk=1)
    for line, offset in ledger_file.walk(opened, position=0, before=BEGINNING):
        if line["event"] == CHECKPOINT and mark.position and mark.position < line["position"]:
            raise LedgerDoesNotFit("too_old")
        if line["position"] == mark.position:
            if not _is_marked(line, mark):
                raise LedgerDoesNotFit("foreign")
            seen = True
        if everything or line["position"] > mark.position:
            found.append(line)
        head = _marked(line, offset)
    if not seen:
        raise LedgerDoesNotFit("older")
    return Comparison(found, head)


def _collected(walked: Iterator[tuple[dict[str, Any], int]], head: LedgerMark) -> Comparison:
    found = []
    for line, offset in walked:
        found.append(line)
        head = _marked(line, offset)
    return Comparison(found, head)


def _is_marked(line: dict[str, Any], mark: LedgerMark) -> bool:
    return line.get("position") == mark.position and "event" in line and ledger_file.end_of(line) == mark.mac


def _marked(line: dict[str, Any], offset: int) -> LedgerMark:
    return LedgerMark(pk=1, position=line["position"], mac=ledger_file.end_of(line), offset=offset)
