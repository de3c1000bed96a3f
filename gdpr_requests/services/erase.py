"""Erasing a person: one transaction, proved before it commits, written down outside the database (Art. 17)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from audit.services import record
from consents.models import Suppression
from consents.services.suppression import suppress
from contacts.models import Contact, EmailAddress, Phone, Subject
from gdpr_requests.erasure import ledger
from gdpr_requests.erasure.deletion import delete_rows, destroy_keys
from gdpr_requests.erasure.plan import Plan, plan_of
from gdpr_requests.erasure.residue import demand_nothing_left, files_left, residue
from gdpr_requests.erasure.retention import retain
from gdpr_requests.erasure.scope import Scope
from gdpr_requests.models import CertificateCounter, ErasedAddress, ErasureItem, ErasureReason, ErasureRun
from intake.batch.forgetting import forget_person
from privacy.append_only import released
from privacy.errors import KeyMissing
from privacy.files import store

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)


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
) -> ErasureItem:
    """Erase everything about one contact, except what a legal duty keeps, and return the erasure with its certificate.

    All of it or nothing: the transaction is rolled back when anything is left (ResidueFound) or when a table that the
    data map forgot still refers to the card (IntegrityError). Raises Contact.DoesNotExist where there is no such card
    (any more). The bytes of files go right after the commit; the sweep finishes what a crash leaves.
    """
    intended: list[UUID] = []
    try:
        with transaction.atomic(durable=True):
            contact = _locked(pk)
            plan = plan_of(contact)
            item = _opened(plan, reason, actor, origin, known)
            _erase(plan, item, actor)
            _prove_referential_integrity()
            intended.append(item.pk)
            _write_down(plan.scope, item)
            transaction.on_commit(lambda: finish(item, plan.scope), robust=True)
    except BaseException:
        if intended and Contact.objects.filter(pk=pk).exists():
            # Rolled back for certain. Where the card is gone all the same, or the database can't be asked, the
            # intent stays open and the replay finishes it.
            ledger.close(intended[0], ledger.VOID)
        raise
    return item


def _locked(pk: UUID) -> Contact:
    """The card, with locks on all that other transactions can hang rows on: who comes later finds nobody."""
    contact: Contact = Contact.objects.select_for_update().get(pk=pk)
    list(Subject.objects.select_for_update().filter(contact=contact).order_by("pk"))
    return contact


def _opened(plan: Plan, reason: str, actor: User | None, origin: str, known: Known | None) -> ErasureItem:
    run = ErasureRun.objects.create(origin=origin, requested_by_id=actor.pk if actor else None)
    item, _made = ErasureItem.objects.update_or_create(
        pk=known.item_id if known else uuid4(),
        defaults={
            **({"certificate": known.certificate} if known else {}),
            "run": run,
            "checked_at": None,
            "contact_id": plan.contact.pk,
            "subject_ids": [str(pk) for pk in plan.scope.subject_ids],
            "reason": ErasureReason(reason).value,
            "recipients": plan.recipients,
            "kept": [keeping.as_json() for keeping in plan.keeping],
        },
    )
    return item


def _erase(plan: Plan, item: ErasureItem, actor: User | None) -> None:
    scope = plan.scope
    addresses = _addresses(plan.contact)
    with released(scope.subject_ids):
        forget_person(contact_ids=scope.contact_ids, addresses=addresses)
        suppressed = _leave_alone(addresses, item.why, actor)
        _retain_readable(plan, item)
        item.counts = delete_rows(scope)
    keys = destroy_keys(scope)
    item.counts |= {"privacy.SubjectKey": keys, "files": len(scope.files), "suppressed": suppressed}
    item.check_result = demand_nothing_left(scope)
    item.state = ErasureItem.State.ERASED
    item.erased_at = timezone.now()
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


def next_number(year: int) -> str:
    """The next certificate number, „K-2026-000123“. Locks the counter until the transaction ends: none is skipped."""
    CertificateCounter.objects.get_or_create(year=year)
    counter = CertificateCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"K-{year}-{counter.last:06d}"


def take_number(certificate: str) -> None:
    """Make sure that a number given before a backup was restored is not given again."""
    _k, year, number = certificate.split("-")
    CertificateCounter.objects.get_or_create(year=int(year))
    CertificateCounter.objects.filter(year=int(year), last__lt=int(number)).update(last=int(number))


def finish(item: ErasureItem, scope: Scope) -> None:
    """After the commit: delete the bytes of files, look once more, note that it was checked, close the ledger."""
    _delete_bytes(scope.files)
    left = residue(scope)
    files = files_left(scope.files)
    if left or files:
        logger.error("erasure %s is not complete: %s, %s files", item.pk, left, files)
        return
    item.check_result |= {"files": 0}
    item.checked_at = timezone.now()
    item.save(update_fields=["checked_at", "check_result"])
    ledger.close(item.pk, ledger.DONE)


def finish_interrupted() -> int:
    """Do what `finish` could not do where the process died right after its commit. Safe to repeat."""
    open_items = ErasureItem.objects.filter(state=ErasureItem.State.ERASED, checked_at__isnull=True)
    keys = {entry.item_id: entry.key_ids for entry in ledger.named()} if open_items.exists() else {}
    for item in open_items:
        scope = Scope(
            contact_id=item.contact_id,
            contact_ids=list(item.addresses.values_list("old_id", flat=True)),
            subject_ids=[UUID(pk) for pk in item.subject_ids],
            key_ids=keys.get(item.pk, []),
            files=[],  # not known any more: the sweep of orphaned files finds them
        )
        finish(item, scope)
    return len(open_items)


def _delete_bytes(names: Iterable[str]) -> None:
    for name in names:
        try:
            store.delete(name)
        except OSError:
            logger.exception("a file of an erased card could not be deleted; the sweep tries again")
