"""From which day a ground's period counts, and what moves that day (Art. 5(1)(e)).

| the purpose counts from | the day |
|---|---|
| the data were collected, the consent was given | the day since which the ground stands |
| the contract ended | the recorded end; until it is recorded, as if it had ended on the first day |
| the last contact | the last call, meeting or e-mail from the contact on the timeline |
| the accounting period ended | the recorded end; else the end of the calendar year |

An end that a colleague chose stays where it is; every other one moves with its day.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import Row, record, record_many
from consents.models import Basis, LegalGround, StartEvent
from consents.periods import last_day
from contacts.models import Contact, TimelineEntry
from contacts.services.door import enter
from tasks.models import Task
from tasks.services import finish_tasks
from tasks.sql import pieces

if TYPE_CHECKING:
    from accounts.models import User

#: Events whose day a colleague records.
RECORDED = (StartEvent.CONTRACT_ENDED, StartEvent.ACCOUNTING_PERIOD_END)

_BOTH_WAYS = (TimelineEntry.Kind.CALL, TimelineEntry.Kind.MEETING)
#: What counts as a contact. A letter that we sent does not: else whoever writes once a year could keep data for ever.
CONTACTS = Q(kind__in=_BOTH_WAYS) | (Q(kind=TimelineEntry.Kind.EMAIL) & ~Q(direction=TimelineEntry.Direction.OUT))


def counts_from(start_event: str, valid_from: dt.date, event_on: dt.date | None) -> dt.date:
    """The day from which the period counts; `event_on` is the recorded day of the event, where there is one."""
    if event_on is not None and start_event in (*RECORDED, StartEvent.LAST_CONTACT):
        return event_on
    if start_event == StartEvent.ACCOUNTING_PERIOD_END:
        return dt.date(valid_from.year, 12, 31)
    return valid_from


def counted_end(ground: LegalGround) -> dt.date:
    """The last day of the ground's period as its purpose counts it."""
    purpose = ground.purpose
    day = counts_from(purpose.start_event, ground.valid_from, ground.event_on)
    return max(last_day(day, purpose.retention_months), ground.valid_from)


def latest_end(ground: LegalGround) -> dt.date:
    """The last day that a colleague may choose. A contract that still runs may be taken to end today."""
    runs_on = ground.purpose.start_event == StartEvent.CONTRACT_ENDED and ground.event_on is None
    today = last_day(timezone.localdate(), ground.purpose.retention_months)
    return max(counted_end(ground), today) if runs_on else counted_end(ground)


def end_errors(ground: LegalGround) -> dict[str, Any]:
    """What is wrong with the end of the ground, by field; a legal obligation can't be undercut."""
    if ground.valid_until is None:
        return {}
    if ground.valid_until < ground.valid_from:
        return {"valid_until": _("The end must not come before the start.")}
    if ground.valid_until > latest_end(ground):
        return {"valid_until": _("The purpose allows a shorter period.")}
    if ground.basis == Basis.LEGAL_OBLIGATION and ground.valid_until < counted_end(ground):
        return {"valid_until": _("The law demands that the data are kept longer.")}
    return {}


def last_contact_of(contact_id: uuid.UUID) -> dt.date | None:
    """The day of the last contact on the timeline, or None."""
    seen = TimelineEntry.objects.filter(CONTACTS, contact_id=contact_id, occurred_at__lte=timezone.now())
    at = seen.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
    return timezone.localdate(at) if at else None


@transaction.atomic
def record_event_day(*, ground: LegalGround, on: dt.date, actor: User | None) -> LegalGround:
    """Record when the contract or the accounting period ended (or will); the end of the ground follows.

    Raises ValidationError for a ground whose period counts from something else, and for one that has ended.
    """
    enter(Contact.objects.get(subjects=ground.subject_id), actor)
    ground = LegalGround.objects.select_related("subject", "purpose").select_for_update().get(pk=ground.pk)
    if ground.ended_at is not None:
        raise ValidationError(_("This ground has ended: record a new one."), code="ended")
    if ground.purpose.start_event not in RECORDED:
        raise ValidationError(_("The period of this purpose counts from something else."), code="event")
    if on < ground.valid_from:
        raise ValidationError({"event_on": _("This comes before the ground stands.")})
    ground.event_on, ground.has_own_end = on, False
    ground.valid_until = counted_end(ground)
    ground.save(update_fields=["event_on", "has_own_end", "valid_until"])
    fields = ["event_on", "valid_until"]
    record("ground.event_recorded", actor=actor, contact_id=ground.subject.contact_id, target=ground, fields=fields)
    _close_tasks([ground.pk])
    return ground


def follow_last_contact(contact_ids: Collection[uuid.UUID] | None = None) -> int:
    """Move the ends that count from the last contact, of these contacts or of all; returns how many moved.

    Safe to repeat and in parallel: a ground is looked at again under its lock.
    """
    ids = list(_moved(contact_ids).order_by("pk").values_list("pk", flat=True))
    return sum(_move(list(some)) for some in pieces(ids))


def _moved(contact_ids: Collection[uuid.UUID] | None) -> QuerySet[LegalGround]:
    """The standing grounds whose last contact is another day than the one they count from."""
    seen = TimelineEntry.objects.filter(CONTACTS, contact=OuterRef("subject__contact"), occurred_at__lte=timezone.now())
    last = Subquery(seen.order_by("-occurred_at").values("occurred_at")[:1], output_field=DateTimeField())
    grounds = LegalGround.objects.filter(
        purpose__start_event=StartEvent.LAST_CONTACT, ended_at__isnull=True, has_own_end=False
    ).exclude(basis=Basis.CONSENT)
    if contact_ids is not None:
        grounds = grounds.filter(subject__contact__in=list(contact_ids))
    zone = timezone.get_default_timezone()
    counted = grounds.annotate(
        counted=Greatest(F("valid_from"), Coalesce(TruncDate(last, tzinfo=zone), F("valid_from")))
    )
    return counted.exclude(counted=Coalesce(F("event_on"), F("valid_from")))


@transaction.atomic
def _move(ids: list[uuid.UUID]) -> int:
    locked = LegalGround.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    held = list(locked.values_list("pk", flat=True))
    moved = list(_moved(None).filter(pk__in=held).select_related("purpose", "subject"))
    for ground in moved:
        ground.event_on = ground.counted  # type: ignore[attr-defined]
        ground.valid_until = counted_end(ground)
    LegalGround.objects.bulk_update(moved, ["event_on", "valid_until"])
    record_many("ground.followed_contact", actor=None, rows=[_row(ground) for ground in moved])
    _close_tasks([ground.pk for ground in moved])
    return len(moved)


def _row(ground: LegalGround) -> Row:
    return Row(contact_id=ground.subject.contact_id, target=ground, fields=["event_on", "valid_until"])


def _close_tasks(ids: list[uuid.UUID]) -> None:
    """Tasks that watch the old end are not needed any more; the watch makes new ones in time."""
    about = Task.objects.filter(about_id__in=ids, kind=Task.Kind.GROUND_ENDING)
    finish_tasks(about, outcome=Task.Outcome.CANCELLED, actor=None)
