"""The watch in every detail: what stands in a task, what closes it, and when exactly a period is over."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.models import AuditEvent
from consents import projection
from consents.gate import may_contact
from consents.models import (
    BalancingTest,
    Basis,
    Channel,
    Consent,
    ConsentEvent,
    EventKind,
    LegalGround,
    Method,
    Purpose,
    Suppression,
)
from consents.periods import end_moment
from consents.rules import Rule
from consents.scan import scan
from consents.services.grounds import end_ground, open_ground, prolong_ground
from consents.services.ledger import Evidence, chain_mac, give, withdraw
from consents.services.orphans import propose_erasure
from consents.services.suppression import end_old, suppress
from intake.services import NewGround
from privacy.models import SubjectKey
from tasks.models import Task
from tests import make
from tests.conftest import make_user

pytestmark = pytest.mark.django_db


def day(distance: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=distance)


def tasks_of(contact) -> list[tuple[str, str, object]]:
    rows = Task.objects.filter(contact=contact).order_by("created_at", "kind")
    return [(task.kind, task.outcome, task.due_on) for task in rows]


def contract(days: int) -> NewGround:
    return NewGround(purpose=make.purpose("contract"), values={"reference": "S-1", "valid_until": day(days)})


# --- before the end ---------------------------------------------------------------------------------------------------


def test_a_consent_that_nears_its_end_becomes_a_task_of_its_owner(petra) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    assert scan().consent_tasks == 1
    task = Task.objects.get()
    consent = Consent.objects.get()
    assert {
        "kind": task.kind,
        "contact": task.contact,
        "key": task.key_id,
        "title": task.title,
        "label": task.label,
        "about_id": task.about_id,
        "assignee": task.assignee,
        "due_on": task.due_on,
        "not_after": task.not_after,
        "snoozed_until": task.snoozed_until,
        "period_key": task.period_key,
        "done_at": task.done_at,
        "outcome": task.outcome,
        "created_by": task.created_by,
    } == {
        "kind": Task.Kind.RENEW_CONSENT,
        "contact": jana,
        "key": jana.key_id,
        "title": "",
        "label": "Newsletter",
        "about_id": consent.pk,
        "assignee": petra,
        "due_on": day(20),
        "not_after": day(20),
        "snoozed_until": None,
        "period_key": f"consent:{consent.pk.hex}:{day(20)}",
        "done_at": None,
        "outcome": "",
        "created_by": None,
    }
    assert task.pk.version == 4
    assert abs(timezone.now() - task.created_at) < dt.timedelta(minutes=1)


def test_each_task_made_is_in_the_audit_record_once(petra) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    scan(), scan()
    events = AuditEvent.objects.filter(action="task.created")
    assert [(e.contact_id, e.target_id, e.actor_id) for e in events] == [(jana.pk, str(Task.objects.get().pk), None)]


@pytest.mark.parametrize(("days", "expected"), [(30, 1), (31, 0), (0, 1)])
def test_the_lead_time_counts_both_days(petra, days: int, expected: int) -> None:
    make.contact(petra, ground=make.consent_ground(days=days))
    assert scan().consent_tasks == expected


def test_a_weak_consent_is_watched_too(petra) -> None:
    weak = Evidence(method=Method.IMPORT, reference="seznam", is_weak=True)
    make.contact(petra, ground=make.consent_ground(days=5, evidence=weak))
    assert scan().consent_tasks == 1


def test_a_ground_with_a_period_of_its_own_is_watched(petra) -> None:
    jana = make.contact(petra, ground=contract(10))
    assert scan().ground_tasks == 1
    ground = LegalGround.objects.get()
    task = Task.objects.get()
    assert (task.kind, task.about_id, task.period_key) == (
        Task.Kind.GROUND_ENDING,
        ground.pk,
        f"ground:{ground.pk.hex}:{day(10)}",
    )
    assert tasks_of(jana) == [(Task.Kind.GROUND_ENDING, "", day(10))]


def test_a_task_without_any_privacy_officer_is_still_made(db) -> None:
    make.contact(ground=make.consent_ground(days=5))
    assert scan().consent_tasks == 1
    assert Task.objects.get().assignee is None


def test_a_balancing_test_in_use_is_reviewed_by_its_author(petra, dpo) -> None:
    make.purpose("enquiry")
    test = BalancingTest.objects.get(purposes__slug="enquiry")
    BalancingTest.objects.exclude(pk=test.pk).update(review_on=day(400))
    BalancingTest.objects.filter(pk=test.pk).update(review_on=day(30), owner=petra, dated=day(-300))
    assert scan().reviews == 1
    task = Task.objects.get()
    assert (task.kind, task.contact, task.about_id, task.assignee, task.due_on, task.label, task.heading) == (
        Task.Kind.REVIEW_TEST,
        None,
        test.pk,
        petra,
        day(30),
        test.name,
        f"{Task.Kind.REVIEW_TEST.label}: {test.name}",
    )
    BalancingTest.objects.filter(pk=test.pk).update(review_on=day(390))
    assert scan().outdated == 1


# --- what happens before the end closes the task ----------------------------------------------------------------------


def test_a_withdrawal_closes_the_task_and_proposes_erasure(petra) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    scan()
    withdraw(contact=jana, purpose=make.purpose("newsletter"), actor=petra)
    scan()
    assert tasks_of(jana) == [
        (Task.Kind.RENEW_CONSENT, Task.Outcome.WITHDRAWN, day(20)),
        (Task.Kind.NO_GROUND, "", day(0)),
    ]


def test_a_ground_made_longer_closes_its_task(petra) -> None:
    jana = make.contact(petra, ground=contract(10))
    scan()
    prolong_ground(ground=LegalGround.objects.get(), valid_until=day(300), actor=petra)
    scan()
    assert tasks_of(jana) == [(Task.Kind.GROUND_ENDING, Task.Outcome.RENEWED, day(10))]


def test_a_ground_ended_by_hand_closes_its_task(petra) -> None:
    jana = make.contact(petra, ground=contract(10))
    scan()
    end_ground(ground=LegalGround.objects.get(), reason="no_longer_needed", actor=petra)
    scan()
    assert tasks_of(jana) == [
        (Task.Kind.GROUND_ENDING, Task.Outcome.ENDED, day(10)),
        (Task.Kind.NO_GROUND, "", day(0)),
    ]


def test_a_task_whose_period_changed_behind_its_back_is_closed(petra) -> None:
    jana = make.contact(petra, ground=contract(10))
    scan()
    LegalGround.objects.update(valid_until=day(11))
    report = scan()
    assert (report.outdated, report.ground_tasks) == (1, 1)
    assert tasks_of(jana) == [
        (Task.Kind.GROUND_ENDING, Task.Outcome.CANCELLED, day(10)),
        (Task.Kind.GROUND_ENDING, "", day(11)),
    ]


# --- at the end -------------------------------------------------------------------------------------------------------


def test_the_last_day_still_counts(petra) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    assert scan(day(20)).expired == 0
    assert Consent.objects.get().state == "given"
    assert may_contact(jana, None, make.purpose("newsletter"), end_moment(day(19))).rule == Rule.CONSENT


def test_after_its_last_day_a_consent_expires_and_everything_that_follows_from_it(petra) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    scan()
    report = scan(day(21))
    assert (report.expired, report.proposals) == (1, 1)
    event = ConsentEvent.objects.order_by("sequence").last()
    assert (event.kind, event.sequence, event.method, event.recorded_by_id, event.valid_until) == (
        EventKind.EXPIRED,
        2,
        Method.SYSTEM,
        None,
        None,
    )
    assert LegalGround.objects.get().end_reason == "consent_ended"
    assert may_contact(jana, None, make.purpose("newsletter")).rule == Rule.EXPIRED
    assert tasks_of(jana) == [
        (Task.Kind.RENEW_CONSENT, Task.Outcome.ENDED, day(20)),
        (Task.Kind.NO_GROUND, "", day(21)),
    ]
    assert {scan(day(later)).proposals for later in (21, 60)} == {0}


def test_an_expiry_leaves_the_same_bytes_as_a_rebuild_and_an_unbroken_chain(petra) -> None:
    make.contact(petra, ground=make.consent_ground(days=-1 + 3))
    make.contact(petra, first_name="Eva", ground=make.consent_ground(days=1, channel=Channel.EMAIL))
    scan(day(5))
    before = list(Consent.objects.order_by("pk").values())
    projection.rebuild(Consent.objects.values_list("subject_id", flat=True))
    assert list(Consent.objects.order_by("pk").values()) == before
    assert {row["state"] for row in before} == {"expired"}
    for subject_id in set(ConsentEvent.objects.values_list("subject_id", flat=True)):
        previous = ""
        for event in ConsentEvent.objects.filter(subject_id=subject_id).order_by("sequence"):
            assert event.mac == chain_mac(event, previous)
            previous = event.mac


def test_another_consent_of_the_same_purpose_carries_the_ground_on(petra) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=5, channel=Channel.EMAIL))
    purpose = make.purpose("newsletter")
    give(contact=jana, purpose=purpose, evidence=make.PAPER, actor=petra, channel=Channel.SMS, valid_until=day(9))
    assert scan(day(6)).expired == 1
    assert LegalGround.objects.get().ended_at is None
    scan(day(10))
    assert LegalGround.objects.get().ended_at is not None


def test_a_ground_past_its_period_ends(petra) -> None:
    jana = make.contact(petra, ground=contract(10))
    assert scan(day(10)).ended == 0
    report = scan(day(11))
    assert (report.ended, report.proposals) == (1, 1)
    assert LegalGround.objects.get().end_reason == "period_over"
    assert tasks_of(jana)[-1] == (Task.Kind.NO_GROUND, "", day(11))
    assert AuditEvent.objects.filter(action="ground.ended", contact_id=jana.pk).count() == 1


def test_a_proposal_is_made_once_whether_by_the_scan_or_by_hand(petra) -> None:
    jana = make.contact(petra, ground=contract(10))
    end_ground(ground=LegalGround.objects.get(), reason="no_longer_needed", actor=petra)
    assert propose_erasure([jana.pk], actor=petra) == 1
    assert propose_erasure([jana.pk], actor=petra) == 0
    assert scan().proposals == 0


def test_a_new_ground_withdraws_the_proposal_and_its_end_makes_another(petra) -> None:
    jana = make.contact(petra, ground=contract(10))
    scan(day(11))
    ground = open_ground(contact=jana, purpose=make.purpose("contract"), actor=petra, reference="S-2")
    assert tasks_of(jana) == [(Task.Kind.NO_GROUND, Task.Outcome.CANCELLED, day(11))]
    end_ground(ground=ground, reason="no_longer_needed", actor=petra)
    assert scan().proposals == 1


def test_a_new_consent_withdraws_the_proposal(petra) -> None:
    jana = make.contact(petra, ground=contract(10))
    scan(day(11))
    give(contact=jana, purpose=make.purpose("newsletter"), evidence=make.PAPER, actor=petra)
    assert tasks_of(jana) == [(Task.Kind.NO_GROUND, Task.Outcome.CANCELLED, day(11))]


def test_an_ended_ground_cannot_be_made_longer(petra) -> None:
    make.contact(petra, ground=contract(10))
    stale = LegalGround.objects.get()
    scan(day(11))
    with pytest.raises(Exception, match=r"ended|skončil"):
        prolong_ground(ground=stale, valid_until=day(30), actor=petra)


def test_a_late_run_dates_what_is_over_to_its_real_end(petra) -> None:
    given = {"occurred_at": timezone.now() - dt.timedelta(days=60)}
    jana = make.contact(petra, ground=make.consent_ground(days=-10, **given))
    open_ground(
        contact=jana,
        purpose=make.purpose("contract"),
        actor=petra,
        reference="S-2",
        valid_from=day(-60),
        valid_until=day(-5),
    )
    report = scan()
    assert (report.expired, report.ended, report.consent_tasks, report.ground_tasks) == (1, 1, 0, 0)
    event = ConsentEvent.objects.get(kind=EventKind.EXPIRED)
    assert (event.occurred_at, event.recorded_at.date()) == (end_moment(day(-10)), dt.datetime.now(dt.UTC).date())
    assert set(LegalGround.objects.values_list("end_reason", "ended_at")) == {
        ("consent_ended", end_moment(day(-10))),
        ("period_over", end_moment(day(-5))),
    }


def test_a_run_for_a_day_to_come_dates_nothing_into_the_future(petra) -> None:
    make.contact(petra, ground=make.consent_ground(days=20))
    scan(day(21))
    assert ConsentEvent.objects.get(kind=EventKind.EXPIRED).occurred_at <= timezone.now()
    assert LegalGround.objects.get().ended_at <= timezone.now()


def test_a_lost_key_of_the_proof_holds_nobody_up(petra) -> None:
    make.contact(petra, ground=make.consent_ground(days=2))
    make.contact(petra, first_name="Eva", email=None, phone=None, ground=make.consent_ground(days=2))
    SubjectKey.objects.filter(retention_class="proof").first().delete()
    assert scan(day(3)).expired == 2


# --- the end of suppressions ------------------------------------------------------------------------------------------


def test_a_suppression_ends_after_its_last_day(petra) -> None:
    suppress(addresses=["a@x.example"], scope="marketing", reason="objection", actor=petra, ends_on=day(0))
    assert end_old(day(0)) == 0
    assert end_old(day(1)) == 1
    assert not Suppression.objects.exists()


# --- any dates --------------------------------------------------------------------------------------------------------

# The changes of clocks, leap days, turns of years: and every day around them.
DATES = st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31)) | st.sampled_from(
    [dt.date(2028, 2, 29), dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2026, 12, 31), dt.date(2027, 1, 1)]
)


class TestAnyDates(TestCase):
    """Whatever the dates, each period gets one task in its lead time, one end after it, and nothing twice."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.purpose = make.purpose("contract")
        cls.consented = make.purpose("newsletter")
        cls.card = make.contact(make_user("Petra Dvořáková"), ground=make.consent_ground(days=365))

    @settings(max_examples=settings().max_examples // 5)
    @example(end=dt.date(2028, 2, 29), scans=[-1, 0, 1], lead=1)
    @example(end=dt.date(2026, 3, 28), scans=[0, 1], lead=30)
    @example(end=dt.date(2026, 10, 25), scans=[0, 1], lead=30)
    @given(end=DATES, scans=st.lists(st.integers(-60, 40), min_size=1, max_size=3), lead=st.integers(1, 45))
    def test_one_task_before_and_one_end_after(self, end: dt.date, scans: list[int], lead: int) -> None:
        Purpose.objects.filter(pk=self.purpose.pk).update(lead_days=lead)
        ground = LegalGround.objects.create(
            key=self.card.key,
            subject_id=self.card.subject_id,
            purpose=self.purpose,
            basis=Basis.CONTRACT,
            source="sale",
            method=Method.PAPER,
            reference="S-9",
            valid_from=end - dt.timedelta(days=400),
            valid_until=end,
        )
        Consent.objects.update(valid_until=end)
        days = sorted(end + dt.timedelta(days=distance) for distance in scans)
        for one in [*days, days[-1]]:
            scan(one)
        reminded = any(end - dt.timedelta(days=lead) <= one <= end for one in days)
        over = days[-1] > end
        assert Task.objects.filter(about_id=ground.pk).count() == int(reminded)
        ground.refresh_from_db()
        assert ground.ended_at == (min(end_moment(end), ground.ended_at) if over else None)
        assert ConsentEvent.objects.filter(kind=EventKind.EXPIRED).count() == int(over)
        assert Consent.objects.get().state == ("expired" if over else "given")

    @given(end=DATES)
    def test_a_period_ends_at_midnight_on_the_wall_clock(self, end: dt.date) -> None:
        moment = timezone.localtime(end_moment(end))
        assert (moment.date(), moment.time()) == (end + dt.timedelta(days=1), dt.time.min)
        assert timezone.localdate(moment - dt.timedelta(microseconds=1)) == end


def test_uuids_made_by_the_database_are_all_different(petra) -> None:
    for number in range(40):
        make.contact(petra, first_name=f"Eva {number}", email=None, phone=None, ground=make.consent_ground(days=9))
    scan()
    made = set(Task.objects.values_list("pk", flat=True))
    assert len(made) == 40
    assert {(pk.version, pk.variant) for pk in made} == {(4, uuid.RFC_4122)}
