"""Erasing a person: one transaction, proved before it commits, written down outside the database (Art. 17)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from audit.services import record
from consents.models import Suppression
from consents.services.suppression import suppress
from contacts.models import Contact, EmailAddress, Phone, Subject
from gdpr_requests.erasure import ledger
from gdpr_requests.erasure.deletion import delete_rows, destroy_keys
from gdpr_requests.erasure.finishing import finish
from gdpr_requests.erasure.needed import demand_unneeded
from gdpr_requests.erasure.numbers import next_number
from gdpr_requests.erasure.plan import Plan, plan_of
from gdpr_requests.erasure.residue import demand_nothing_left
from gdpr_requests.erasure.retention import retain
from gdpr_requests.erasure.scope import Scope
from gdpr_requests.holds.services import Held, demand_no_hold
from gdpr_requests.models import ErasedAddress, ErasureItem, ErasureReason, ErasureRun
from intake.batch.forgetting import forget_person
from privacy.append_only import released
from privacy.errors import KeyMissing

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Known:
    """What the ledger already says of an erasure that is done again: it keeps its id and its certificate."""

    item_id: UUID
    certificate: str


def erase_contact(
    *,
    pk: UUID,
    reason: str,
    actor: User | None,
    origin: str = ErasureRun.Origin.CARD,
    known: Known | None = None,
    request_id: UUID | None = None,
) -> ErasureItem:
    """Erase everything about one contact, except what a legal duty keeps, and return the erasure with its certificate.

    Under a legal hold nothing is erased: the item that is returned has the state HELD and no certificate, and is
    worked by itself once the hold is over. What the ledger names is erased all the same: it was erased before.
    Raises as `perform` does.
    """
    fields = {"reason": ErasureReason(reason).value, "request_id": request_id}
    take = partial(_opened, pk, fields, actor, origin, known)
    try:
        return perform(take, actor=actor, heeds_holds=origin != ErasureRun.Origin.REPLAY)
    except Held as held:
        return _postponed(pk, fields, actor, origin, held)


def perform(take: Callable[[], ErasureItem], *, actor: User | None, heeds_holds: bool = True) -> ErasureItem:
    """Carry out the erasure that `take` returns, a saved item which is not erased yet.

    All of it or nothing, the taking included: the transaction is rolled back when anything is left (ResidueFound) or
    when a table that the data map forgot still refers to the card (IntegrityError). Raises Contact.DoesNotExist where
    there is no such card (any more), Held where a legal hold keeps it, and StillNeeded where a rule of retention has
    lost its reason meanwhile. The bytes of files go right after the
    commit; the sweep finishes what a crash leaves.
    """
    intended: list[ErasureItem] = []
    try:
        with transaction.atomic(durable=True):
            item = take()
            contact = _locked(item.contact_id)
            if heeds_holds:
                demand_no_hold(contact)
                demand_unneeded(item, contact)
            plan = plan_of(contact)
            _erase(plan, item, actor)
            _prove_referential_integrity()
            intended.append(item)
            _write_down(plan.scope, item)
            transaction.on_commit(lambda: finish(item, plan.scope), robust=True)
    except BaseException:
        if intended and Contact.objects.filter(pk=intended[0].contact_id).exists():
            # Rolled back for certain. Where the card is gone all the same, or the database can't be asked, the
            # intent stays open and the replay finishes it.
            ledger.close(intended[0].pk, ledger.VOID)
        raise
    return item


def _locked(pk: UUID) -> Contact:
    """The card, with locks on all that other transactions can hang rows on: who comes later finds nobody."""
    contact: Contact = Contact.objects.select_for_update().get(pk=pk)
    list(Subject.objects.select_for_update().filter(contact=contact).order_by("pk"))
    return contact


def _opened(pk: UUID, fields: dict[str, Any], actor: User | None, origin: str, known: Known | None) -> ErasureItem:
    """A new item with a run of its own; where the ledger knows the erasure, the item that it names."""
    run = ErasureRun(origin=origin, requested_by_id=actor.pk if actor else None)
    if known is None:
        run.save()
        return ErasureItem.objects.create(run=run, contact_id=pk, **fields)
    item = ErasureItem.objects.select_for_update().filter(pk=known.item_id).first()
    if item is None or item.state == ErasureItem.State.ERASED:
        run.save()
        item = ErasureItem(pk=known.item_id, run=run, contact_id=pk, **{**fields, **_kept_of(item)})
    item.contact_id = pk
    # A number that a crash took back before its commit may have been given to somebody else since.
    if not ErasureItem.objects.filter(certificate=known.certificate).exclude(pk=item.pk).exists():
        item.certificate = known.certificate
    item.save()
    return item


def _kept_of(item: ErasureItem | None) -> dict[str, Any]:
    return {"request_id": item.request_id, "due_at": item.due_at} if item else {}


def _postponed(pk: UUID, fields: dict[str, Any], actor: User | None, origin: str, held: Held) -> ErasureItem:
    """Keep what was decided until the hold is over; one that waits already is not doubled."""
    waiting = ErasureItem.objects.filter(contact_id=pk, state=ErasureItem.State.HELD).first()
    if waiting:
        waiting.request_id = waiting.request_id or fields["request_id"]
        waiting.save(update_fields=["request_id", "touched_at"])
        return waiting
    requester = actor.pk if actor else None
    with transaction.atomic():
        run = ErasureRun.objects.create(origin=origin, requested_by_id=requester, state=ErasureRun.State.WORKING)
        item = ErasureItem.objects.create(
            run=run,
            contact_id=pk,
            state=ErasureItem.State.HELD,
            problem=ErasureItem.Problem.HELD,
            held_until=held.until,
            **fields,
        )
        record("erasure.postponed", actor=actor, contact_id=pk, target=item)
    return item


def _erase(plan: Plan, item: ErasureItem, actor: User | None) -> None:
    scope = plan.scope
    addresses = _addresses(plan.contact)
    item.subject_ids = [str(pk) for pk in scope.subject_ids]
    item.recipients = plan.recipients
    item.kept = [keeping.as_json() for keeping in plan.keeping]
    with released(scope.subject_ids):
        forget_person(contact_ids=scope.contact_ids, addresses=addresses)
        suppressed = _leave_alone(addresses, item.why, actor)
        _retain_readable(plan, item)
        item.counts = delete_rows(scope)
    keys = destroy_keys(scope)
    item.counts |= {"privacy.SubjectKey": keys, "files": len(scope.files), "suppressed": suppressed}
    item.check_result = demand_nothing_left(scope)
    item.unfinished = {"files": scope.files, "keys": [str(pk) for pk in scope.key_ids]}
    item.state, item.problem, item.held_until = ErasureItem.State.ERASED, "", None
    item.erased_at, item.checked_at = timezone.now(), None
    item.certificate = item.certificate or next_number(item.erased_at.year)
    item.save()
    ErasedAddress.objects.bulk_create(
        [ErasedAddress(old_id=pk, item=item) for pk in scope.contact_ids], ignore_conflicts=True
    )
    record("erasure.done", actor=actor, contact_id=scope.contact_id, target=item, detail=_detail(item))


def _detail(item: ErasureItem) -> dict[str, Any]:
    return {"reason": item.reason, "rows": item.rows, "kept": len(item.kept)}


def _addresses(contact: Contact) -> list[str]:
    """The e-mails and phones of the card. Restored without its keys, nobody can read them, nor need to."""
    try:
        emails = [email.value for email in EmailAddress.objects.filter(contact=contact)]
        return emails + [phone.value for phone in Phone.objects.filter(contact=contact)]
    except KeyMissing:
        return []


def _leave_alone(addresses: list[str], reason: ErasureReason, actor: User | None) -> int:
    """Keyed hashes of the addresses stay, to refuse marketing and re-import (Art. 21(3), 17(3)(b))."""
    if not reason.leaves_alone:
        return 0
    return suppress(addresses=addresses, scope=Suppression.Scope.IMPORT, reason=Suppression.Reason.ERASURE, actor=actor)


def _retain_readable(plan: Plan, item: ErasureItem) -> None:
    """Keep what a duty keeps. From a backup restored without keys nothing can be kept: it can't be read."""
    try:
        with transaction.atomic():
            retain(plan, item)
    except KeyMissing:
        item.kept = []


def _prove_referential_integrity() -> None:
    """Foreign keys are checked at commit; checked now, the commit can hardly fail once the ledger names the person.

    SQLite counts open references as it goes, which costs nothing; asking it would read the whole database.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()


def _write_down(scope: Scope, item: ErasureItem) -> None:
    ledger.intend(
        item_id=item.pk,
        contact_ids=scope.contact_ids,
        subject_ids=scope.subject_ids,
        key_ids=scope.key_ids,
        reason=item.reason,
        certificate=str(item.certificate),
    )
