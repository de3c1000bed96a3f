"""The watch: what nears its end becomes a task in time, and what has ended ends.

Runs every day and may run twice, late and in many processes at once: a task's period is a unique key, and whoever ends
a consent holds its subject's row. Days that were missed are caught up by the next run, since every step asks for what
is still to be done and not for what happened yesterday.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from audit.services import Row, record, record_many
from consents import clock, projection
from consents.models import (
    BalancingTest,
    Basis,
    Consent,
    ConsentEvent,
    EndReason,
    EventKind,
    LegalGround,
    Method,
    Purpose,
    State,
)
from consents.periods import end_moment
from consents.services.grounds import end_grounds
from consents.services.ledger import chain_mac
from consents.services.orphans import propose_erasure
from consents.services.start_events import follow_last_contact
from contacts.models import Subject
from privacy.keys import new_subject_keys, subject_key_for
from privacy.models import SubjectKey
from tasks.assignees import colleague_for, privacy_officer
from tasks.models import Task
from tasks.services import HOUSE, create_tasks, create_tasks_from, finish_tasks
from tasks.sql import IsoDay, hex_of, pieces

BATCH = 500
REVIEW_LEAD = dt.timedelta(days=30)


@dataclass
class Scanned:
    """What one run did; a run that found everything done has zeros."""

    consent_tasks: int = 0
    ground_tasks: int = 0
    expired: int = 0
    ended: int = 0
    proposals: int = 0
    reviews: int = 0
    outdated: int = 0
    moved: int = 0

    def as_dict(self) -> dict[str, int]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def scan(at: dt.date | None = None) -> Scanned:
    """Look through all consents and grounds as on that day (by the database's clock where none is given)."""
    day = at or clock.today()
    done = Scanned()
    done.moved = follow_last_contact()
    done.outdated = _close_outdated(day)
    # Purposes remind so many days before the end; few installations use more than two or three such numbers.
    for lead in Purpose.objects.order_by("lead_days").values_list("lead_days", flat=True).distinct():
        near = {
            "purpose__lead_days": lead,
            "valid_until__range": (day, day + dt.timedelta(days=lead)),
            "subject__contact__restricted_at__isnull": True,  # nobody works with a restricted card (Art. 18)
        }
        consents = Consent.objects.filter(state=State.GIVEN, **near)
        grounds = LegalGround.objects.filter(ended_at__isnull=True, **near)
        done.consent_tasks += _plan(consents, Task.Kind.RENEW_CONSENT, "consent:")
        done.ground_tasks += _plan(grounds, Task.Kind.GROUND_ENDING, "ground:")
    done.expired = _expire_consents(day)
    done.ended = _end_grounds(day)
    done.proposals = propose_erasure(None, actor=None, on=day)
    done.reviews = _plan_reviews(day)
    if any(done.as_dict().values()):
        record("watch.scanned", actor=None, detail=done.as_dict())
    return done


def _plan(near: QuerySet[Consent] | QuerySet[LegalGround], kind: Task.Kind, prefix: str) -> int:
    """One task for each of these that nears its end, for whoever owns the contact or answers for the purpose."""
    return create_tasks_from(
        near,
        actor=None,
        key=F("subject__contact__key"),
        contact=F("subject__contact"),
        kind=Value(kind.value),
        label=F("purpose__name"),
        about_id=F("pk"),
        assignee=colleague_for("subject__contact__owner", "purpose__owner"),
        due_on=F("valid_until"),
        not_after=F("valid_until"),
        period_key=Concat(Value(prefix), hex_of("pk"), Value(":"), IsoDay(F("valid_until")), output_field=CharField()),
    )


def _close_outdated(day: dt.date) -> int:
    """Tasks about an end that has moved or is settled: nobody has to do them any more."""
    consents = Consent.objects.filter(pk=OuterRef("about_id"), state=State.GIVEN, valid_until=OuterRef("not_after"))
    grounds = LegalGround.objects.filter(
        pk=OuterRef("about_id"), ended_at__isnull=True, valid_until=OuterRef("not_after")
    )
    reviews = BalancingTest.objects.newest().filter(pk=OuterRef("about_id"), review_on=OuterRef("due_on"))
    covering = LegalGround.objects.open(day).filter(subject__contact=OuterRef("contact"))
    outdated = {
        Task.Kind.RENEW_CONSENT: ~Exists(consents),
        Task.Kind.GROUND_ENDING: ~Exists(grounds),
        Task.Kind.REVIEW_TEST: ~Exists(reviews),
        Task.Kind.NO_GROUND: Exists(covering),
    }
    return sum(
        finish_tasks(Task.objects.filter(pk__in=some), outcome=Task.Outcome.CANCELLED, actor=None)
        for kind, condition in outdated.items()
        for some in pieces(list(Task.objects.open().filter(condition, kind=kind).values_list("pk", flat=True)))
    )


def _expire_consents(day: dt.date) -> int:
    """End every consent whose last day is over, batch by batch, each a transaction of its own."""
    expired = 0
    while subjects := _due_subjects(day):
        expired += _expire_of(subjects, day)
    return expired


def _due_subjects(day: dt.date) -> list[uuid.UUID]:
    due = Consent.objects.filter(state=State.GIVEN, valid_until__lt=day).order_by("subject_id")
    return list(due.values_list("subject_id", flat=True).distinct()[:BATCH])


@transaction.atomic
def _expire_of(subject_ids: Sequence[uuid.UUID], day: dt.date) -> int:
    """Whoever holds the subjects' rows writes their events; the next one finds nothing left to do."""
    locked = Subject.objects.filter(pk__in=subject_ids).order_by("pk").select_for_update()
    contact_of = dict(locked.values_list("pk", "contact_id"))
    due = list(
        Consent.objects.filter(subject_id__in=contact_of, state=State.GIVEN, valid_until__lt=day)
        .select_related("purpose")
        .order_by("subject_id", "pk")
    )
    events = _expiry_events(due)
    ConsentEvent.objects.bulk_create(events, batch_size=BATCH)
    changed = [projection.fold(consent, event) for consent, event in zip(due, events, strict=True)]
    fields = ["state", "last_event_id", "last_event_at", "recorded_by_id"]
    Consent.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=fields)
    rows = [
        Row(contact_of[event.subject_id], event, (), {"purpose": consent.purpose.slug, "channel": consent.channel})
        for consent, event in zip(due, events, strict=True)
    ]
    record_many("consent.expired", actor=None, rows=rows)
    about = Task.objects.open().filter(about_id__in=[consent.pk for consent in due])
    finish_tasks(about, outcome=Task.Outcome.ENDED, actor=None)
    _end_carried_grounds(due)
    return len(due)


def _expiry_events(due: Sequence[Consent]) -> list[ConsentEvent]:
    """One EXPIRED event for each consent, chained to what its subject has already."""
    ids = {consent.subject_id for consent in due}
    keys = _proof_keys(ids)
    last = _last_events(ids)
    events = []
    for consent in due:
        sequence, mac = last[consent.subject_id]
        event = ConsentEvent(
            key_id=keys[consent.subject_id],
            subject_id=consent.subject_id,
            sequence=sequence + 1,
            purpose_id=consent.purpose_id,
            channel=consent.channel,
            kind=EventKind.EXPIRED,
            method=Method.SYSTEM,
            occurred_at=_over_since(_last_day(consent)),
        )
        event.mac = chain_mac(event, mac)
        last[consent.subject_id] = (event.sequence, event.mac)
        events.append(event)
    return events


def _proof_keys(subject_ids: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The ids of the keys that the subjects' events are under; one that is not there is made, and holds nobody up."""
    found = SubjectKey.objects.filter(subject_id__in=subject_ids, retention_class="proof")
    keys = dict(found.values_list("subject_id", "pk"))
    missing = subject_ids - keys.keys()
    return keys | {key.subject_id: key.pk for key in (new_subject_keys(missing, "proof") if missing else [])}


def _last_day(row: Consent | LegalGround) -> dt.date:
    assert row.valid_until is not None  # noqa: S101 - the database insists on an end
    return row.valid_until


def _over_since(last: dt.date) -> dt.datetime:
    """Since when a period is over: the midnight after its last day, however late the run; never a time to come."""
    return min(end_moment(last), timezone.now())


def _last_events(subject_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[int, str]]:
    """The end of each subject's chain."""
    rows = ConsentEvent.objects.filter(subject_id__in=list(subject_ids)).order_by("subject_id", "sequence")
    return {subject: (sequence, mac) for subject, sequence, mac in rows.values_list("subject_id", "sequence", "mac")}


def _end_carried_grounds(due: Sequence[Consent]) -> None:
    """A consent ground goes with the last consent that carried it."""
    still = Consent.objects.filter(subject=OuterRef("subject"), purpose=OuterRef("purpose"), state=State.GIVEN)
    grounds = LegalGround.objects.filter(
        ~Exists(still),
        subject_id__in={consent.subject_id for consent in due},
        purpose_id__in={consent.purpose_id for consent in due},
        basis=Basis.CONSENT,
        ended_at__isnull=True,
    ).select_related("subject")
    last = {(c.subject_id, c.purpose_id): _last_day(c) for c in sorted(due, key=_last_day)}
    by_day: dict[dt.date, list[LegalGround]] = defaultdict(list)
    for ground in grounds:
        if day := last.get((ground.subject_id, ground.purpose_id)):
            by_day[day].append(ground)
    _end_by_day(by_day, EndReason.CONSENT_ENDED)


def _end_grounds(day: dt.date) -> int:
    """End every ground whose last day is over."""
    ended = 0
    over = LegalGround.objects.filter(ended_at__isnull=True, valid_until__lt=day).select_related("subject")
    while some := list(over.order_by("pk")[:BATCH]):
        by_day: dict[dt.date, list[LegalGround]] = defaultdict(list)
        for ground in some:
            by_day[_last_day(ground)].append(ground)
        ended += _end_by_day(by_day, EndReason.PERIOD_OVER)
    return ended


def _end_by_day(grounds: dict[dt.date, list[LegalGround]], reason: EndReason) -> int:
    """End the grounds, each at the end of its last day."""
    return sum(end_grounds(some, reason=reason, actor=None, at=_over_since(day)) for day, some in grounds.items())


def _plan_reviews(day: dt.date) -> int:
    """Balancing tests are looked at again before their review day."""
    tests = BalancingTest.objects.newest().filter(review_on__lte=day + REVIEW_LEAD).select_related("owner")
    officer = privacy_officer()
    key = subject_key_for(subject_id=HOUSE)
    return create_tasks(
        [
            Task(
                key=key,
                kind=Task.Kind.REVIEW_TEST,
                label=test.name[:120],
                about_id=test.pk,
                assignee=test.owner if test.owner and test.owner.is_active else officer,
                due_on=test.review_on,
                period_key=f"review:{test.pk.hex}:{test.review_on.isoformat()}",
            )
            for test in tests
        ],
        actor=None,
    )
