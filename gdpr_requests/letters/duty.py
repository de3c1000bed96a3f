"""Informing people whose data did not come from them (Art. 14): one task for each, in time.

The task stands for one month from the day the data were collected, or until the first message to the person, whichever
comes first (Art. 14(3)). It is closed by sending the letter `indirect`. People who came by an import are watched by the
one task of the import. Set-based, and safe to run twice or in parallel.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from audit.models import AuditEvent
from audit.services import Row, record_many
from consents.periods import add_months
from contacts.models import Contact, Source, TimelineEntry
from gdpr_requests.models import Letter, LetterKind
from intake.models import ImportRow
from tasks.assignees import colleague_for
from tasks.models import Task
from tasks.services import create_tasks_from, finish_tasks
from tasks.sql import hex_of, pieces

MEETINGS = (TimelineEntry.Kind.CALL, TimelineEntry.Kind.EMAIL, TimelineEntry.Kind.MEETING)


@dataclass(frozen=True)
class Watched:
    """What one run did; a run that found everything done has zeros."""

    planned: int
    hastened: int
    closed: int


def watch(on: dt.date | None = None) -> Watched:
    """Make the missing tasks, bring forward those of people who were written to, close those that are fulfilled."""
    today = on or timezone.localdate()
    return Watched(planned=_plan(today), hastened=_hasten(today), closed=_close())


def uninformed() -> QuerySet[Contact]:
    """People whose data came from elsewhere, who were neither informed nor are watched by a task."""
    tasks = Task.objects.filter(contact=OuterRef("pk"), kind=Task.Kind.INFORM)
    brought = ImportRow.objects.filter(contact=OuterRef("pk"), batch__source__in=Source.indirect())
    return Contact.objects.filter(
        ~Exists(tasks), ~Exists(_told("pk")), ~Exists(brought), source__in=Source.indirect(), kind=Contact.Kind.PERSON
    )


def _told(way: str) -> QuerySet[Letter]:
    return Letter.objects.filter(contact=OuterRef(way), kind=LetterKind.INDIRECT, sent_at__isnull=False)


def _plan(today: dt.date) -> int:
    """One task for each, a month from the day its data were collected; a period that has its task gets no other."""
    missing = list(uninformed().order_by().values_list("pk", "created_at"))
    by_day: dict[dt.date, list[uuid.UUID]] = {}
    for pk, created_at in missing:
        by_day.setdefault(max(add_months(timezone.localdate(created_at), 1), today), []).append(pk)
    return sum(_plan_due(day, some) for day, ids in by_day.items() for some in pieces(ids))


def _plan_due(day: dt.date, ids: Sequence[uuid.UUID]) -> int:
    return create_tasks_from(
        Contact.objects.filter(pk__in=ids),
        actor=None,
        key=F("key"),
        contact=F("pk"),
        kind=Value(Task.Kind.INFORM.value),
        label=Value(""),
        assignee=colleague_for("owner"),
        due_on=Value(day, output_field=Task._meta.get_field("due_on")),
        not_after=Value(day, output_field=Task._meta.get_field("not_after")),
        period_key=Concat(Value("inform:"), hex_of("pk"), output_field=CharField()),
    )


def _hasten(today: dt.date) -> int:
    """The first message to the person ends the time: at the latest then they have to be informed (Art. 14(3)(b))."""
    since = {"contact": OuterRef("contact"), "occurred_at__gte": OuterRef("contact__created_at")}
    written = TimelineEntry.objects.filter(direction=TimelineEntry.Direction.OUT, kind__in=MEETINGS, **since)
    listed = AuditEvent.objects.filter(action="contact.on_mailinglist", contact_id=OuterRef("contact"))
    late = Task.objects.open().filter(
        Q(Exists(written)) | Q(Exists(listed)), kind=Task.Kind.INFORM, contact__isnull=False, due_on__gt=today
    )
    ids = list(late.order_by("pk").values_list("pk", "contact_id"))
    return sum(_bring_forward(some, today) for some in pieces(ids))


@transaction.atomic
def _bring_forward(tasks: Sequence[tuple[uuid.UUID, uuid.UUID]], today: dt.date) -> int:
    open_ones = Task.objects.open().filter(pk__in=[pk for pk, _contact in tasks], due_on__gt=today)
    moved = set(open_ones.order_by("pk").select_for_update().values_list("pk", flat=True))
    Task.objects.filter(pk__in=moved).update(due_on=today, not_after=today, snoozed_until=None)
    rows = [Row(contact_id=contact, target=Task(pk=pk), fields=["due_on"]) for pk, contact in tasks if pk in moved]
    return record_many("task.hastened", actor=None, rows=rows)


def _close() -> int:
    """Tasks of people who were informed meanwhile, and those of imports whose people all were."""
    duties = Task.objects.open().filter(kind=Task.Kind.INFORM)
    waiting = ImportRow.objects.filter(~Exists(_told("contact")), batch=OuterRef("about_id"), contact__isnull=False)
    done = [
        *duties.filter(Exists(_told("contact")), contact__isnull=False).values_list("pk", flat=True),
        *duties.filter(~Exists(waiting), contact=None, about_id__isnull=False).values_list("pk", flat=True),
    ]
    return sum(
        finish_tasks(Task.objects.filter(pk__in=some), outcome=Task.Outcome.DONE, actor=None) for some in pieces(done)
    )
