"""Erasures of many cards: planned as rows, approved by a second colleague, worked one by one by `worker`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import Installation
from audit.services import record
from contacts.models import Contact
from gdpr_requests.models import ErasureItem, ErasureReason, ErasureRun
from privacy.queue import enqueue

if TYPE_CHECKING:
    from accounts.models import User

BATCH = 1000
MAY_DECIDE = "gdpr_requests.erase_in_bulk"


class NothingToErase(Exception):  # noqa: N818 - read as a sentence
    """None of the contacts is there, or all of them are planned already."""


@transaction.atomic
def plan_run(
    *, contact_ids: Iterable[UUID], reason: str, actor: User | None, origin: str = ErasureRun.Origin.BULK
) -> ErasureRun:
    """Plan the erasure of these contacts, each once, and start it, or let it wait for a second colleague.

    Contacts that are not there (any more), and those whose erasure is planned already, are left out. Whether the actor
    may erase them is the caller's to ask. `actor=None` is a rule of the installation: it waits for approval all the
    same. Raises NothingToErase.
    """
    code = ErasureReason(reason).value
    wanted = _plannable(list(dict.fromkeys(contact_ids)))
    if not wanted:
        raise NothingToErase
    waits = Installation.current().four_eyes
    run = ErasureRun.objects.create(
        origin=ErasureRun.Origin(origin).value,
        state=ErasureRun.State.WAITING if waits else ErasureRun.State.WORKING,
        requested_by_id=actor.pk if actor else None,
    )
    items = (ErasureItem(run=run, contact_id=pk, reason=code) for pk in wanted)
    ErasureItem.objects.bulk_create(items, batch_size=BATCH)
    record("erasure.planned", actor=actor, target=run, detail={"reason": code, "cards": len(wanted)})
    if not waits:
        enqueue("gdpr_requests.work_run", run.pk)
    return run


def _plannable(ids: list[UUID]) -> list[UUID]:
    """Those that exist and are not planned yet, in the order given."""
    there: set[UUID] = set()
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        there |= set(Contact.objects.filter(pk__in=batch).values_list("pk", flat=True))
        open_items = ErasureItem.objects.filter(contact_id__in=batch, state__in=ErasureItem.OPEN)
        there -= set(open_items.exclude(run__state=ErasureRun.State.REFUSED).values_list("contact_id", flat=True))
    return [pk for pk in ids if pk in there]


def may_decide(user: User, run: ErasureRun) -> bool:
    """Whether the user may approve the run: somebody else than who asked for it, with the permission."""
    return user.has_perm(MAY_DECIDE) and run.requested_by_id != user.pk


@transaction.atomic
def approve_run(*, run: ErasureRun, actor: User) -> None:
    """Start a run that waits. Raises PermissionDenied for who asked for it themselves. Safe to repeat."""
    if not may_decide(actor, run):
        raise PermissionDenied
    if _decide(run, actor, ErasureRun.State.WORKING):
        record("erasure.approved", actor=actor, target=run)
        enqueue("gdpr_requests.work_run", run.pk)


@transaction.atomic
def refuse_run(*, run: ErasureRun, actor: User) -> None:
    """Let none of it happen. Who asked for it may take it back themselves. Safe to repeat."""
    if not actor.has_perm(MAY_DECIDE):
        raise PermissionDenied
    if _decide(run, actor, ErasureRun.State.REFUSED):
        run.items.filter(state__in=ErasureItem.OPEN).update(state=ErasureItem.State.REFUSED, touched_at=timezone.now())
        record("erasure.refused", actor=actor, target=run)


def _decide(run: ErasureRun, actor: User, state: str) -> bool:
    waiting = ErasureRun.objects.filter(pk=run.pk, state=ErasureRun.State.WAITING)
    return bool(waiting.update(state=state, decided_by_id=actor.pk, decided_at=timezone.now()))


@transaction.atomic
def retry_run(*, run: ErasureRun, actor: User) -> int:
    """Try the failed erasures of a run again at once; returns how many."""
    failed = run.items.filter(state=ErasureItem.State.FAILED)
    count = failed.update(due_at=timezone.now(), attempts=0, touched_at=timezone.now())
    if count:
        record("erasure.retried", actor=actor, target=run, detail={"cards": count})
        enqueue("gdpr_requests.work_run", run.pk)
    return count
