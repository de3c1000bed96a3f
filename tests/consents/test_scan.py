"""The watch: exactly one task for each end, in time, for the right colleague; and the end itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from consents import clock
from consents.gate import may_contact
from consents.models import BalancingTest, Consent, ConsentEvent, EventKind, LegalGround, Purpose, State
from consents.scan import scan
from consents.services.grounds import prolong_ground
from consents.services.ledger import give, record_event, withdraw
from intake.services import NewGround
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


def day(offset: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=offset)


def tasks() -> list[tuple[str, User | None, dt.date]]:
    return [(t.kind, t.assignee, t.due_on) for t in Task.objects.open().order_by("due_on")]


def test_a_consent_that_nears_its_end_becomes_one_task_of_the_owner(petra: User) -> None:
    make.contact(petra, ground=make.consent_ground(days=20))
    assert scan().consent_tasks == 1
    assert tasks() == [("renew_consent", petra, day(20))]
    task = Task.objects.get()
    with translation.override("cs"):
        assert (task.heading, task.not_after) == ("Požádat o\u00a0obnovení souhlasu: Newsletter", day(20))


def test_running_again_makes_nothing_new(petra: User) -> None:
    make.contact(petra, ground=make.consent_ground(days=20))
    scan()
    for at in (None, day(1), day(5)):
        assert scan(at).consent_tasks == 0
    assert Task.objects.count() == 1


def test_an_end_beyond_the_lead_time_waits(petra: User) -> None:
    make.contact(petra, ground=make.consent_ground(days=31))
    assert scan().consent_tasks == 0
    assert scan(day(1)).consent_tasks == 1


def test_the_lead_time_is_the_purposes_own(petra: User) -> None:
    make.contact(petra, ground=make.consent_ground(days=60))
    Purpose.objects.filter(slug="newsletter").update(lead_days=60)
    assert scan().consent_tasks == 1


def test_without_an_owner_the_task_goes_to_who_answers_for_the_purpose_or_to_the_officer(
    petra: User, tomas: User, dpo: User
) -> None:
    make.contact(None, ground=make.consent_ground(days=20))
    scan()
    assert tasks() == [("renew_consent", dpo, day(20))]
    Task.objects.all().delete()
    Purpose.objects.filter(slug="newsletter").update(owner=tomas)
    scan()
    assert tasks() == [("renew_consent", tomas, day(20))]


def test_a_colleague_who_left_gets_no_task(petra: User, dpo: User) -> None:
    make.contact(petra, ground=make.consent_ground(days=20))
    User.objects.filter(pk=petra.pk).update(is_active=False)
    scan()
    assert tasks() == [("renew_consent", dpo, day(20))]


def test_renewing_closes_the_task_and_the_next_period_gets_its_own(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    scan()
    record_event(
        contact=jana,
        purpose=make.purpose("newsletter"),
        kind=EventKind.RENEWED,
        evidence=make.PAPER,
        actor=petra,
        valid_until=day(200),
    )
    assert [t.outcome for t in Task.objects.all()] == ["renewed"]
    assert scan().consent_tasks == 0
    assert scan(day(180)).consent_tasks == 1


def test_at_the_end_the_consent_expires_sending_stops_and_erasure_is_proposed(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=3))
    scan()
    done = scan(day(4))
    assert (done.expired, done.proposals) == (1, 1)
    assert Consent.objects.get().state == State.EXPIRED
    assert [e.kind for e in ConsentEvent.objects.order_by("sequence")] == [EventKind.GIVEN, EventKind.EXPIRED]
    assert not may_contact(jana, None, make.purpose("newsletter")).allowed
    assert LegalGround.objects.filter(ended_at__isnull=True).count() == 0
    assert [(t.kind, t.assignee) for t in Task.objects.open()] == [("no_ground", petra)]
    assert [t.outcome for t in Task.objects.filter(kind="renew_consent")] == ["ended"]
    assert scan(day(4)).as_dict() == dict.fromkeys(done.as_dict(), 0)


def test_a_consent_still_stands_on_its_last_day(petra: User) -> None:
    make.contact(petra, ground=make.consent_ground(days=3))
    assert scan(day(3)).expired == 0
    assert scan(day(4)).expired == 1


def test_another_ground_keeps_the_contact_when_a_consent_ends(petra: User) -> None:
    jana = make.contact(petra)
    give(contact=jana, purpose=make.purpose("newsletter"), evidence=make.PAPER, actor=petra, valid_until=day(3))
    assert scan(day(4)).proposals == 0


def test_a_ground_ends_after_its_last_day_and_is_watched_before(petra: User) -> None:
    ground = NewGround(purpose=make.purpose("contract"), values={"reference": "S-1", "valid_until": day(10)})
    make.contact(petra, ground=ground)
    assert scan().ground_tasks == 1
    assert tasks() == [("ground_ending", petra, day(10))]
    done = scan(day(11))
    assert (done.ended, done.proposals) == (1, 1)
    assert LegalGround.objects.get().end_reason == "period_over"


def test_moving_the_end_of_a_ground_closes_its_task(petra: User) -> None:
    ground = NewGround(purpose=make.purpose("contract"), values={"reference": "S-1", "valid_until": day(10)})
    make.contact(petra, ground=ground)
    scan()
    prolong_ground(ground=LegalGround.objects.get(), valid_until=day(200), actor=petra)
    assert [t.outcome for t in Task.objects.all()] == ["renewed"]


def test_an_orphan_is_proposed_once_and_again_only_after_a_new_ground_was_lost(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=3))
    scan(day(4))
    scan(day(5))
    assert Task.objects.filter(kind="no_ground").count() == 1
    newsletter = make.purpose("newsletter")
    give(contact=jana, purpose=newsletter, evidence=make.PAPER, actor=petra, valid_until=day(40))
    assert Task.objects.open().filter(kind="no_ground").count() == 0
    withdraw(contact=jana, purpose=newsletter, actor=petra)
    assert Task.objects.open().filter(kind="no_ground").count() == 1


def test_missed_days_are_caught_up_by_the_next_run(petra: User) -> None:
    for i, days in enumerate((1, 5, 9, 40)):
        make.contact(petra, email=f"p{i}@drevo.example", ground=make.consent_ground(days=days))
    done = scan(day(12))
    assert (done.expired, done.consent_tasks) == (3, 1)


def test_a_balancing_test_is_looked_at_before_its_review_day(dpo: User) -> None:
    make.purpose("enquiry")
    BalancingTest.objects.update(review_on=day(20), dated=day(-400))
    assert scan().reviews == 3
    assert scan().reviews == 0
    assert {t.assignee for t in Task.objects.filter(kind="review_test")} == {dpo}


def test_the_day_follows_the_databases_clock_in_the_installations_zone() -> None:
    now = clock.moment()
    assert abs(now - timezone.now()) < dt.timedelta(minutes=1)
    assert clock.today() == timezone.localdate(now)


def test_the_command_takes_a_day_and_refuses_nonsense(petra: User, capsys) -> None:
    make.contact(petra, ground=make.consent_ground(days=3))
    call_command("scan_consents", at=day(4).isoformat(), json=True)
    assert '"expired": 1' in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("scan_consents", at="zítra")


def test_a_scan_costs_the_same_queries_for_one_and_for_thirty(petra: User, django_assert_max_num_queries) -> None:
    for i in range(31):
        make.contact(petra, email=f"p{i}@drevo.example", ground=make.consent_ground(days=20))
    with django_assert_max_num_queries(60):
        assert scan().consent_tasks == 31


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lengths=st.lists(st.integers(1, 80), min_size=1, max_size=4), days=st.lists(st.integers(0, 100), max_size=5))
def test_whenever_and_however_often_it_runs_each_period_gets_one_task_and_each_end_one_event(
    petra: User, lengths: list[int], days: list[int]
) -> None:
    from django.db import transaction

    with transaction.atomic():
        for i, length in enumerate(lengths):
            make.contact(petra, email=f"p{i}@drevo.example", phone=None, ground=make.consent_ground(days=length))
        for offset in sorted(days):
            scan(day(offset))
        last = max(days, default=-1)
        ended = [length for length in lengths if length < last]
        # A consent gets its task where some run fell into its last thirty days.
        watched = [n for n in lengths if any(n - 30 <= d <= n for d in days)]
        assert ConsentEvent.objects.filter(kind=EventKind.EXPIRED).count() == len(ended)
        assert Task.objects.filter(kind="renew_consent").count() == len(watched)
        assert Task.objects.filter(kind="no_ground").count() == len(ended)
        transaction.set_rollback(True)
