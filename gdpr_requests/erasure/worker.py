"""Working planned erasures one by one. Killed at any point, nothing is half done: the row says what is left to do."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from audit.services import record
from contacts.models import Contact
from gdpr_requests.desk.services import mark_worked
from gdpr_requests.erasure.needed import StillNeeded
from gdpr_requests.erasure.residue import ResidueFound
from gdpr_requests.holds.services import Held
from gdpr_requests.models import DataSubjectRequest, ErasureItem, ErasureRun, LegalHold
from gdpr_requests.services.erase import perform

logger = logging.getLogger(__name__)

State, Problem = ErasureItem.State, ErasureItem.Problem
# How long after a failed try the next one is made; the last pause repeats.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))
# Milliseconds that a planned erasure waits for somebody else's lock. It has time: it is tried again.
LOCK_TIMEOUT = 10_000
# A run in which nothing moved for so long has lost its worker or its message.
LEFT_BEHIND = timedelta(minutes=2)


def due(run_id: UUID | None = None) -> QuerySet[ErasureItem]:
    """Items to be worked now, oldest first: of one run, or of all that are under way."""
    held = LegalHold.objects.filter(contact=OuterRef("contact_id")).in_force()
    items = ErasureItem.objects.filter(state__in=ErasureItem.OPEN, due_at__lte=timezone.now())
    items = items.filter(~Q(state=State.HELD) | ~Exists(held))
    if run_id:
        return items.filter(run=run_id).order_by("due_at", "pk")
    return items.filter(run__state=ErasureRun.State.WORKING).order_by("due_at", "pk")


def work(run_id: UUID, *, most: int) -> bool:
    """Work up to so many items of a run. Returns whether more are due. Any number of processes may do it at once."""
    run = ErasureRun.objects.get(pk=run_id)
    if run.state != ErasureRun.State.WORKING:
        return False
    actor = User.objects.filter(pk=run.requested_by_id).first() if run.requested_by_id else None
    for _number in range(most):
        if not attempt(run_id, actor=actor):
            _end(run_id)
            return False
    return True


def attempt(run_id: UUID, *, actor: User | None) -> bool:
    """Claim one item and erase its card; on a failure say why and when to try again. False where none is due."""
    claimed: list[ErasureItem] = []

    def take() -> ErasureItem:
        _limit_waiting()
        item = _claim(run_id)
        claimed.append(item)
        return item

    try:
        _tell_desk(perform(take, actor=actor), actor)
    except ErasureItem.DoesNotExist:
        return False
    except Exception as error:
        if not claimed:
            raise
        _set_aside(claimed[0], error)
    return True


def _tell_desk(item: ErasureItem, actor: User | None) -> None:
    """The request that waited for this (for the end of a hold, for example) can be answered now."""
    request = DataSubjectRequest.objects.filter(pk=item.request_id).first() if item.request_id else None
    if request:
        mark_worked(request=request, actor=actor, what="erased")


def _claim(run_id: UUID) -> ErasureItem:
    """One item that nobody else works on, locked until the end of its erasure. Raises ErasureItem.DoesNotExist.

    Whoever dies lets go of the lock, and the item stands where it stood. SQLite has one writer at a time: there the
    transaction itself is the claim.
    """
    free = due(run_id)
    if connection.features.has_select_for_update_skip_locked:
        free = free.select_for_update(skip_locked=True)
    item = free.first()
    if item is None:
        raise ErasureItem.DoesNotExist
    return item


def _limit_waiting() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT}")


def _set_aside(item: ErasureItem, error: Exception) -> None:
    """Write the failure down as a code: the message of an error may quote values."""
    problem = _problem(error)
    changes = {"problem": problem, "touched_at": timezone.now()}
    if isinstance(error, Held):
        changes |= {"state": State.HELD, "held_until": error.until}
    elif problem == Problem.GONE:
        changes |= {"state": State.GONE}
    elif problem == Problem.NEEDED:
        changes |= {"state": State.REFUSED}
    else:
        logger.error("erasure %s failed: %s", item.pk, problem, exc_info=error)
        pause = PAUSES[min(item.attempts, len(PAUSES) - 1)]
        changes |= {"state": State.FAILED, "due_at": timezone.now() + pause, "attempts": F("attempts") + 1}
    ErasureItem.objects.filter(pk=item.pk, state__in=ErasureItem.OPEN).update(**changes)


def _problem(error: Exception) -> str:
    codes: list[tuple[type[Exception], str]] = [
        (Held, Problem.HELD),
        (StillNeeded, Problem.NEEDED),
        (Contact.DoesNotExist, Problem.GONE),
        (ResidueFound, Problem.RESIDUE),
        (IntegrityError, Problem.RESIDUE),
        (OperationalError, Problem.LOCKED),
    ]
    return next((code for kind, code in codes if isinstance(error, kind)), Problem.OTHER)


def end_finished() -> None:
    """End runs whose last worker died before it could."""
    for run_id in list(_finished().values_list("pk", flat=True)):
        _end(run_id)


def _finished() -> QuerySet[ErasureRun]:
    open_items = ErasureItem.objects.filter(run=OuterRef("pk"), state__in=ErasureItem.OPEN)
    return ErasureRun.objects.filter(~Exists(open_items), state=ErasureRun.State.WORKING)


def _end(run_id: UUID) -> None:
    """A run with nothing left to do is done; said once, whoever notices first."""
    if _finished().filter(pk=run_id).update(state=ErasureRun.State.DONE, finished_at=timezone.now()):
        erased = ErasureItem.objects.filter(run=run_id, state=State.ERASED).count()
        record("erasure.run_done", actor=None, target=ErasureRun(pk=run_id), detail={"cards": erased})


def left_behind() -> list[UUID]:
    """Runs with work that is due and that nobody is doing: their worker died, their message is lost, a hold ended."""
    moved = ErasureItem.objects.filter(run=OuterRef("run"), touched_at__gt=timezone.now() - LEFT_BEHIND)
    items = due().filter(~Exists(moved) | Q(state=State.HELD) | Q(state=State.FAILED))
    return list(items.order_by().values_list("run", flat=True).distinct())
