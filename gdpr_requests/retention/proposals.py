"""Contacts that no ground covers any more, what still keeps some of them, and the erasure of the rest in one go."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Case, CharField, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from audit.services import record
from consents.models import LegalGround
from consents.services.orphans import uncovered
from contacts.models import Contact
from gdpr_requests.erasure.needed import ASKING
from gdpr_requests.erasure.runs import plan_run
from gdpr_requests.models import ErasureItem, ErasureReason, ErasureRun, LegalHold

if TYPE_CHECKING:
    from accounts.models import User


class Standing(models.TextChoices):
    """What a dry run says of a contact without a ground. All but the first keep it from being erased by a rule."""

    READY = "ready", _("will be erased")
    RESTRICTED = "restricted", _("stays: its processing is restricted (Art. 18)")
    HELD = "held", _("stays: a legal hold keeps it")
    ASKING = "asking", _("stays: a request of the person is open")
    PLANNED = "planned", _("its erasure is planned already")


@dataclass(frozen=True)
class DryRun:
    """What an execution would do now, in counts; nothing is written."""

    counts: dict[str, int]

    @property
    def ready(self) -> int:
        return self.counts.get(Standing.READY, 0)

    @cached_property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def lines(self) -> list[tuple[Standing, int]]:
        """Every standing with its count."""
        return [(standing, self.counts.get(standing.value, 0)) for standing in Standing]


def candidates(contacts: QuerySet[Contact] | None = None, on: dt.date | None = None) -> Any:
    """The contacts that no open ground covers on that day, each with its `standing`."""
    held = LegalHold.objects.filter(contact=OuterRef("pk")).in_force(on)
    planned = ErasureItem.objects.filter(contact_id=OuterRef("pk"), state__in=ErasureItem.OPEN)
    planned = planned.exclude(run__state=ErasureRun.State.REFUSED)
    standing = Case(
        When(Q(restricted_at__isnull=False), then=Value(Standing.RESTRICTED.value)),
        When(Exists(held), then=Value(Standing.HELD.value)),
        When(ASKING, then=Value(Standing.ASKING.value)),
        When(Exists(planned), then=Value(Standing.PLANNED.value)),
        default=Value(Standing.READY.value),
        output_field=CharField(),
    )
    seen: Any = Contact.objects.all() if contacts is None else contacts
    return uncovered(seen, on).annotate(standing=standing)


def dry_run(contacts: QuerySet[Contact] | None = None, on: dt.date | None = None) -> DryRun:
    """Count what an execution would do, in one query."""
    counted = candidates(contacts, on).order_by().values("standing").annotate(n=Count("pk"))
    return DryRun({row["standing"]: row["n"] for row in counted})


def listed(user: User) -> Any:
    """The candidates that the user may see, with the day since which nothing covers them, longest first."""
    grounds = LegalGround.objects.filter(subject__contact=OuterRef("pk")).order_by().values("subject__contact")
    since = Subquery(grounds.annotate(at=Max("ended_at")).values("at"))
    seen = candidates(Contact.objects.visible_to(user))
    return seen.annotate(since=since).select_related("owner", "key").order_by("since", "pk")


@transaction.atomic
def execute(*, actor: User) -> ErasureRun:
    """Plan the erasure of every contact that nothing keeps and that the colleague may see, as one run.

    Where the installation wants four eyes the run waits for a second colleague. Each card is asked once more when its
    turn comes. Raises `erasure.runs.NothingToErase`.
    """
    seen = Contact.objects.visible_to(actor)
    result = dry_run(seen)
    ready = candidates(seen).filter(standing=Standing.READY).order_by("pk").values_list("pk", flat=True)
    ids: list[uuid.UUID] = list(ready)
    run = plan_run(contact_ids=ids, reason=ErasureReason.NOT_NEEDED, actor=actor, origin=ErasureRun.Origin.RETENTION)
    detail = {
        "ready": len(ids),
        "restricted": result.counts.get(Standing.RESTRICTED, 0),
        "held": result.counts.get(Standing.HELD, 0),
        "asking": result.counts.get(Standing.ASKING, 0),
    }
    record("retention.decided", actor=actor, target=run, detail=detail)
    return run
