"""Going on without the ledger that a database was compared with: somebody decides it, and the audit says so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.services import record
from gdpr_requests.backup.comparison import LedgerDoesNotFit, compare
from gdpr_requests.backup.startup import alone, put_mark
from gdpr_requests.erasure import ledger, ledger_file
from gdpr_requests.erasure.ledger import Named
from gdpr_requests.erasure.ledger_file import BEGIN, LedgerBroken
from gdpr_requests.models import ErasureItem, LedgerMark
from gdpr_requests.services.replay import Replayed, replay


def accept_ledger() -> Replayed:
    """Make the best of what there is: every line that still proves itself, and the certificates of this database.

    A ledger that is broken is set aside under another name and written anew from those. Then everybody it names is
    erased again, and the database counts as compared with it. Erasures that stand in neither can't be known any more.
    """
    with alone():
        code = _what_is_wrong()
        if code == "broken":
            _write_anew()
        elif not ledger_file.path().exists():
            ledger_file.append({"event": BEGIN})
        ledger_file.keep_key()
        added = _add_certificates()
        done = replay(ledger.lines())
        head = _move_mark()
        record("erasure.ledger_accepted", actor=None, detail={"because": code, "position": head, "added": added})
        return done


def _what_is_wrong() -> str:
    """The code for the audit: missing, older, foreign, too_old, broken, or nothing."""
    try:
        compare(everything=True)
    except LedgerDoesNotFit as problem:
        return problem.code
    except LedgerBroken:
        return "broken"
    return "nothing"


def _write_anew() -> None:
    proven = ledger.named(_proven_lines())
    moment = timezone.now().strftime("%Y%m%dT%H%M%S%f")
    ledger_file.path().rename(ledger_file.path().with_name(f"{ledger_file.path().name}.broken-{moment}"))
    ledger_file.append({"event": BEGIN})
    for entry in proven:
        _name(entry)


def _proven_lines() -> list[dict[str, Any]]:
    """Lines that we signed, wherever they stand: each carries a MAC of its own."""
    keys, found = ledger_file.signing_keys(), []
    for raw in ledger_file.path().read_bytes().splitlines():
        try:
            line = ledger_file.parsed(raw, 0)
        except LedgerBroken:
            continue
        if ledger_file.is_ours(line, keys):
            found.append(line)
    return found


def _add_certificates() -> int:
    """Name the erasures that this database has a certificate of and the ledger does not. Their keys are not known."""
    named = {entry.item_id for entry in ledger.named()}
    items = ErasureItem.objects.filter(state=ErasureItem.State.ERASED).exclude(pk__in=named)
    for item in items.prefetch_related("addresses").order_by("erased_at"):
        cards = list(dict.fromkeys([item.contact_id, *(address.old_id for address in item.addresses.all())]))
        subjects = [UUID(pk) for pk in item.subject_ids]
        _name(Named(item.pk, cards, subjects, [], item.reason, str(item.certificate), ledger.DONE))
    return len(items)


def _name(entry: Named) -> None:
    ledger.intend(
        item_id=entry.item_id,
        contact_ids=entry.contact_ids,
        subject_ids=entry.subject_ids,
        key_ids=entry.key_ids,
        reason=entry.reason,
        certificate=entry.certificate,
    )
    ledger.close(entry.item_id, ledger.DONE)


def _move_mark() -> int:
    """Set the mark to the end of the ledger that is in place now, wherever it stood. Returns the position."""
    LedgerMark.objects.all().delete()
    head = compare(everything=True).head
    put_mark(head)
    return int(head.position)
