"""Every ground is finite, counts from the start event of its purpose, and no legal duty is undercut (Art. 5(1)(e))."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consents.models import Consent, LegalGround
from consents.periods import add_months
from consents.scan import scan
from consents.services.grounds import end_ground, open_ground, prolong_ground
from consents.services.start_events import follow_last_contact, record_event_day
from contacts.models import TimelineEntry
from contacts.services.timeline import add_entry
from intake.services import NewGround
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


def ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def at_noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


@pytest.fixture
def jana(petra):
    return make.contact(petra, ground=make.consent_ground())


def opened(jana, slug, **values):
    return open_ground(contact=jana, purpose=make.purpose(slug), actor=None, **values)


def enquiry(jana, day):
    """An enquiry, answered within a year of the last contact."""
    return opened(jana, "enquiry", valid_from=day)


# --- the five start events ------------------------------------------------------------------------------------------


def test_a_period_from_collecting_counts_from_the_day_of_collecting(jana):
    purpose = make.new_purpose("survey", "legitimate_interest", balancing_test=make.purpose("claims").balancing_test)
    ground = open_ground(contact=jana, purpose=purpose, actor=None, valid_from=ago(40))
    assert ground.valid_until == add_months(ago(40), 12)


def test_a_period_from_the_consent_counts_from_the_day_it_was_given(petra):
    ground = NewGround(
        purpose=make.purpose("newsletter"), evidence=make.PAPER, consent={"occurred_at": at_noon(ago(40))}
    )
    make.contact(petra, ground=ground)
    assert Consent.objects.get().valid_until == add_months(ago(40), 24)


def test_a_period_from_the_end_of_the_contract_moves_when_the_end_is_recorded(jana, petra):
    ground = opened(jana, "contract", reference="S-1", valid_from=ago(300))
    assert ground.valid_until == add_months(ago(300), 36)
    ground = record_event_day(ground=ground, on=ago(10), actor=petra)
    assert (ground.event_on, ground.valid_until) == (ago(10), add_months(ago(10), 36))


def test_the_end_of_a_contract_may_be_known_beforehand(jana):
    end = timezone.localdate() + dt.timedelta(days=700)
    assert opened(jana, "contract", reference="S-1", event_on=end).valid_until == add_months(end, 36)


def test_a_period_from_the_last_contact_moves_with_the_timeline(jana, petra):
    ground = enquiry(jana, ago(200))
    assert ground.valid_until == add_months(ago(200), 12)
    add_entry(contact=jana, kind="call", actor=petra, occurred_at=at_noon(ago(20)))
    ground.refresh_from_db()
    assert (ground.event_on, ground.valid_until) == (ago(20), add_months(ago(20), 12))
    assert AuditEvent.objects.filter(action="ground.followed_contact", contact_id=jana.pk).count() == 1


@pytest.mark.parametrize(
    ("kind", "direction", "counts"),
    [
        ("call", "out", True),
        ("meeting", "", True),
        ("email", "in", True),
        ("email", "out", False),
        ("note", "", False),
        ("system", "", False),
    ],
)
def test_only_what_both_took_part_in_counts_as_a_contact(jana, petra, kind, direction, counts):
    ground = enquiry(jana, ago(200))
    add_entry(contact=jana, kind=kind, direction=direction, actor=petra, occurred_at=at_noon(ago(20)))
    ground.refresh_from_db()
    assert ground.valid_until == add_months(ago(20) if counts else ago(200), 12)


def test_a_contact_that_was_a_mistake_moves_the_period_back_with_the_next_watch(jana, petra):
    ground = enquiry(jana, ago(200))
    entry = add_entry(contact=jana, kind="call", actor=petra, occurred_at=at_noon(ago(20)))
    TimelineEntry.objects.filter(pk=entry.pk).delete()
    assert (scan().moved, scan().moved) == (1, 0)
    ground.refresh_from_db()
    assert ground.valid_until == add_months(ago(200), 12)


def test_a_ground_opened_later_knows_the_contacts_before(jana, petra):
    add_entry(contact=jana, kind="meeting", actor=petra, occurred_at=at_noon(ago(20)))
    assert enquiry(jana, ago(200)).valid_until == add_months(ago(20), 12)


def test_a_contact_written_down_by_set_is_found_before_the_watch_ends_anything(jana):
    ground = enquiry(jana, ago(400))
    assert ground.valid_until < timezone.localdate()
    TimelineEntry.objects.bulk_create(
        [TimelineEntry(key=jana.key, contact=jana, kind="call", occurred_at=at_noon(ago(3)))]
    )
    scan()
    ground.refresh_from_db()
    assert (ground.ended_at, ground.valid_until) == (None, add_months(ago(3), 12))


def test_a_task_about_an_end_that_moved_is_closed(jana, petra):
    enquiry(jana, ago(350))
    scan()
    assert Task.objects.open().filter(kind="ground_ending").count() == 1
    add_entry(contact=jana, kind="call", actor=petra)
    assert Task.objects.open().filter(kind="ground_ending").count() == 0


def test_following_the_last_contact_takes_the_same_queries_for_one_and_for_thirty(petra, django_assert_max_num_queries):
    contacts = [
        make.contact(petra, email=f"n{n}@drevo.example", phone=None, ground=make.consent_ground()) for n in range(31)
    ]
    for contact in contacts:
        enquiry(contact, ago(100))
    entries = [TimelineEntry(key=c.key, contact=c, kind="call", occurred_at=at_noon(ago(2))) for c in contacts]
    TimelineEntry.objects.bulk_create(entries[:1])
    with django_assert_max_num_queries(12) as one:
        assert follow_last_contact() == 1
    TimelineEntry.objects.bulk_create(entries[1:])
    with django_assert_max_num_queries(len(one.captured_queries)):
        assert follow_last_contact() == 30


def test_a_period_from_the_accounting_period_counts_from_its_end(jana, petra):
    ground = opened(jana, "accounting", valid_from=dt.date(2025, 3, 8))
    assert ground.valid_until == dt.date(2030, 12, 31)
    ground = record_event_day(ground=ground, on=dt.date(2026, 6, 30), actor=petra)
    assert ground.valid_until == dt.date(2031, 6, 30)


# --- bounds ---------------------------------------------------------------------------------------------------------


def test_an_end_chosen_by_a_colleague_stays_where_it_is(jana, petra):
    ground = opened(jana, "enquiry", valid_from=ago(200), valid_until=ago(-30))
    add_entry(contact=jana, kind="call", actor=petra)
    scan()
    ground.refresh_from_db()
    assert (ground.has_own_end, ground.valid_until) == (True, ago(-30))


@pytest.mark.parametrize("slug", ["enquiry", "contract", "accounting"])
def test_no_period_is_longer_than_its_purpose_allows(jana, slug):
    ground = opened(jana, slug, **({"reference": "S-1"} if slug == "contract" else {}))
    with pytest.raises(ValidationError):
        prolong_ground(ground=ground, valid_until=ground.valid_until + dt.timedelta(days=1), actor=None)


def test_a_contract_that_still_runs_may_be_taken_to_end_today(jana, petra):
    ground = opened(jana, "contract", reference="S-1", valid_from=ago(1000))
    later = add_months(timezone.localdate(), 36)
    assert prolong_ground(ground=ground, valid_until=later, actor=petra).valid_until == later


def test_a_legal_obligation_is_not_undercut(jana, petra):
    with pytest.raises(ValidationError) as refused:
        opened(jana, "accounting", valid_until=ago(-100))
    assert list(refused.value.error_dict) == ["valid_until"]
    ground = opened(jana, "accounting")
    with pytest.raises(ValidationError):
        prolong_ground(ground=ground, valid_until=ground.valid_until - dt.timedelta(days=1), actor=petra)


@pytest.mark.parametrize(("reason", "ends"), [("no_longer_needed", False), ("objection", False), ("mistake", True)])
def test_nobodys_wish_ends_a_legal_obligation(jana, petra, client_of, reason, ends):
    ground = opened(jana, "accounting")
    answer = client_of(petra).post(reverse("consents:ground_end", args=[ground.pk]), {"reason": reason})
    assert answer.status_code == (302 if ends else 422)
    assert (LegalGround.objects.get(pk=ground.pk).ended_at is not None) is ends


def test_a_duty_whose_period_is_over_may_end(jana, petra):
    ground = opened(jana, "accounting", valid_from=dt.date(2015, 1, 1))
    assert end_ground(ground=ground, reason="no_longer_needed", actor=petra).ended_at is not None


def test_the_end_of_a_contract_is_recorded_from_the_card(jana, petra, client_of):
    ground = opened(jana, "contract", reference="S-1", valid_from=ago(300))
    page = client_of(petra)
    address = reverse("consents:ground_event", args=[ground.pk])
    assert address in page.get(jana.get_absolute_url()).content.decode()
    assert page.post(address, {"event_on": ago(5).isoformat()}).status_code == 302
    assert page.post(address, {"event_on": ago(500).isoformat()}).status_code == 422
    assert LegalGround.objects.get(pk=ground.pk).valid_until == add_months(ago(5), 36)
    assert page.get(reverse("consents:ground_event", args=[enquiry(jana, ago(3)).pk])).status_code == 404
