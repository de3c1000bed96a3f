"""Before anything is served: whoever the ledger names and this database still (or again) holds is erased."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from gdpr_requests.backup.comparison import Comparison, compare
from gdpr_requests.erasure import ledger_file
from gdpr_requests.erasure.ledger_file import BEGIN, LedgerBroken
from gdpr_requests.models import LedgerMark

if TYPE_CHECKING:
    from gdpr_requests.services.replay import Replayed

logger = logging.getLogger(__name__)

_WAY_OUT = (
    " Nothing is started, because the erased could be seen again. Put the newest copy of {path} back, never "
    "an older one; if there is none, `manage.py replay_erasures --accept-ledger` goes on with what is there, and the "
    "audit says so. See docs/backup.md."
)
_WAY_OUT_TOO_OLD = " Restore a newer backup, or, if there is none, see `manage.py replay_erasures --accept-ledger`."


def bring_in_line() -> int:
    """Compare the ledger with the database and replay what is new. Returns how many people were erased again.

    Called by web, worker and beat before they serve or work; one process replays, the others wait for it. Where
    nothing is new it costs four small queries and one line of the file. Raises ImproperlyConfigured, in plain words and
    with the way out, when the ledger is missing, older than the database, changed, or can't be written.
    """
    try:
        with alone():
            return _in_line(_compared())
    except LedgerBroken as problem:
        way_out = _WAY_OUT_TOO_OLD if getattr(problem, "code", "") == "too_old" else _WAY_OUT
        raise ImproperlyConfigured(f"{problem}{way_out.format(path=ledger_file.path())}") from None
    except OSError as problem:
        why = problem.strerror or type(problem).__name__
        raise ImproperlyConfigured(f"The ledger of erasures, {ledger_file.path()}, can't be used: {why}.") from None


def _compared() -> Comparison:
    if not ledger_file.path().exists() and not LedgerMark.objects.exists():
        begin()
    ledger_file.keep_key()
    return compare()


def _in_line(new: Comparison) -> int:
    erased = 0
    if new.is_needed:
        # Imported only now: a start with nothing to do loads a third less.
        from gdpr_requests.services.replay import replay

        erased = len(replay(new.lines).erased)
    if new.lines:
        set_mark(new.head)
    if erased:
        # What the replay wrote into the ledger itself: found at rest, so that the next start has nothing to read.
        _in_line(compare())
    return erased


def replay_everything() -> Replayed:
    """Go through the whole ledger, whatever the mark says, and move the mark to its end. Raises LedgerBroken."""
    from gdpr_requests.services.replay import replay

    with alone():
        head = compare(everything=True).head
        done = replay()
        if done.is_sound and head.position:
            set_mark(head)
        return done


def begin() -> None:
    """Write the first line of a ledger, so that every backup knows that there is one. Refused where it must exist."""
    compare()
    ledger_file.append({"event": BEGIN})


@transaction.atomic
def set_mark(head: LedgerMark) -> None:
    """Note that everything up to here was compared; never back, where another process came further."""
    there = LedgerMark.objects.select_for_update().filter(pk=1).first()
    if there is None or there.position < head.position or there.offset != head.offset:
        put_mark(head)


def put_mark(head: LedgerMark) -> None:
    """Set the mark, wherever it stood."""
    LedgerMark.objects.update_or_create(
        pk=1, defaults={"position": head.position, "mac": head.mac, "offset": head.offset}
    )


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time compares and replays. The kernel lets go of the lock of a process that dies."""
    path = ledger_file.path().with_name(f"{ledger_file.path().name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            logger.warning("Another process compares the ledger of erasures with the database; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
