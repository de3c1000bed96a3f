"""Entries of the ledger end: once no backup can hold a person any more, nobody has to remember them (Art. 5(1)(e))."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit.services import record
from gdpr_requests.backup import archive
from gdpr_requests.backup.startup import alone, replay_everything
from gdpr_requests.erasure import ledger_file
from gdpr_requests.erasure.ledger import INTENT
from gdpr_requests.erasure.ledger_file import BEGINNING, CHECKPOINT
from gdpr_requests.models import LedgerMark
from privacy.keys import system_key

#: Days beyond BACKUP_RETENTION_DAYS: a backup may be let go a little late, and clocks differ.
MARGIN = 7


def let_entries_end(now: dt.datetime | None = None) -> int:
    """Put a signed checkpoint in place of the lines whose time is over. Returns how many lines ended.

    The whole ledger is compared with the database first, so that nobody is forgotten who is still to be erased, and no
    line goes that the database was not compared with. A line stays while a backup in BACKUP_DIR is older than it, and
    while an erasure from before it is not finished. Raises LedgerBroken, changing nothing.
    """
    if not ledger_file.path().exists():
        return 0
    done = replay_everything()
    if not done.is_sound:
        return 0
    with alone():
        mark = LedgerMark.objects.filter(pk=1).first()
        ended = _compact(_before(now or timezone.now()), mark.position if mark else 0)
    if ended:
        record("erasure.ledger_ended", actor=None, detail={"lines": ended})
    return ended


def _before(now: dt.datetime) -> dt.datetime:
    """Lines written before this are in nobody's backup."""
    end = now - dt.timedelta(days=settings.BACKUP_RETENTION_DAYS + MARGIN)
    kept = archive.archives()
    return min(end, kept[0].made_at) if kept else end


def _compact(before: dt.datetime, compared: int) -> int:
    with ledger_file.locked() as target:
        target.seek(0)
        found = list(ledger_file.walk(target, position=0, before=BEGINNING))
        count = _ending([line for line, _offset in found], before, compared)
        if not count:
            return 0
        target.seek(found[count][1] if count < len(found) else found[-1][1])
        if count == len(found):
            target.readline()
        rest = target.read()
        # A torn last line goes with it: its transaction can't have committed.
        whole = rest[: rest.rfind(b"\n") + 1]
        head = ledger_file.in_one_line(_checkpoint(found[count - 1][0]))
        ledger_file.write_whole(ledger_file.path(), head + whole)
        return count


def _ending(lines: list[dict[str, Any]], before: dt.datetime, compared: int) -> int:
    """How many lines at the beginning may go: old, compared, and with no erasure open among them. 0 for none."""
    closed = {line["item"] for line in lines if line["event"] not in (INTENT, CHECKPOINT) and "item" in line}
    count = 0
    for line in lines:
        moment = dt.datetime.fromisoformat(line["until"] if line["event"] == CHECKPOINT else line["at"])
        is_open = line["event"] == INTENT and line["item"] not in closed
        if moment >= before or line["position"] > compared or is_open:
            break
        count += 1
    only_checkpoint = count == 1 and lines[0]["event"] == CHECKPOINT
    return 0 if only_checkpoint else count


def _checkpoint(last: dict[str, Any]) -> dict[str, Any]:
    """What stands for all lines up to `last`, that one included."""
    line = {
        "event": CHECKPOINT,
        "position": last["position"],
        "head": ledger_file.end_of(last),
        "until": last["at"],
        "at": timezone.now().isoformat(),
    }
    return {**line, "mac": ledger_file.mac_of(line, system_key("ledger"))}
