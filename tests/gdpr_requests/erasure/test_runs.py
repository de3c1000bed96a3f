"""Erasures of many: planned as rows, approved by a second colleague, worked one by one, each failure with a code."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from accounts.models import Installation
from audit.models import AuditEvent
from contacts.models import Contact
from gdpr_requests.erasure import worker
from gdpr_requests.erasure.jobs import resume_erasures, work_run
from gdpr_requests.erasure.residue import ResidueFound
from gdpr_requests.erasure.runs import NothingToErase, approve_run, plan_run, refuse_run, retry_run
from gdpr_requests.holds.services import place_hold
from gdpr_requests.models import ErasureItem, ErasureRun
from gdpr_requests.services.erase import erase_contact
from gdpr_requests.services.merge import merge_contacts
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_eyes(db):
    Installation.objects.update_or_create(id=1, defaults={"four_eyes": False})


@pytest.fixture
def cards(petra) -> list[Contact]:
    return [make.contact(petra, email=f"c{number}@drevo.example") for number in range(3)]


@pytest.fixture
def run(two_eyes, cards, petra) -> ErasureRun:
    """Planned and not begun: on_commit does not run in these tests."""
    return plan_run(contact_ids=[card.pk for card in cards], reason="not_needed", actor=petra)


def states(run) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in ErasureItem.objects.filter(run=run).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_every_card_of_a_run_is_erased_under_the_item_that_planned_it(run, cards, petra):
    planned = dict(run.items.values_list("pk", "contact_id"))
    work_run(str(run.pk))
    run.refresh_from_db()
    assert dict(run.items.values_list("pk", "contact_id")) == planned
    assert (states(run), run.state, Contact.objects.count()) == ({"erased": 3}, "done", 0)
    numbers = list(run.items.order_by("certificate").values_list("certificate", flat=True))
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003"]
    assert ErasureRun.objects.count() == 1
    actors = AuditEvent.objects.filter(action="erasure.done").values_list("actor_id", flat=True)
    assert list(actors) == [petra.pk] * 3


def test_nobody_is_planned_twice_and_strangers_are_left_out(run, cards, petra):
    new = make.contact(petra)
    unknown = "99999999-9999-4999-8999-999999999999"
    second = plan_run(contact_ids=[cards[0].pk, new.pk, new.pk, unknown], reason="mistake", actor=petra)
    assert list(second.items.values_list("contact_id", flat=True)) == [new.pk]
    with pytest.raises(NothingToErase):
        plan_run(contact_ids=[cards[0].pk], reason="mistake", actor=petra)


def test_words_are_no_reason(two_eyes, cards, petra):
    with pytest.raises(ValueError, match="protože"):
        plan_run(contact_ids=[cards[0].pk], reason="protože", actor=petra)


def test_work_goes_on_in_slices_and_a_message_can_come_twice(run):
    assert worker.work(run.pk, most=2) is True
    assert states(run) == {"erased": 2, "planned": 1}
    assert worker.work(run.pk, most=2) is False
    assert worker.work(run.pk, most=2) is False
    assert AuditEvent.objects.filter(action="erasure.run_done").count() == 1


# --- four eyes --------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(cards, dpo) -> ErasureRun:
    """The installation wants four eyes unless it says otherwise."""
    return plan_run(contact_ids=[card.pk for card in cards], reason="not_needed", actor=dpo)


def test_a_run_waits_for_a_second_colleague(waiting, cards):
    work_run(str(waiting.pk))
    assert (waiting.state, states(waiting), Contact.objects.count()) == ("waiting", {"planned": 3}, 3)
    assert resume_erasures() == 0


def test_whoever_asked_for_it_can_not_approve_it(waiting, dpo):
    with pytest.raises(PermissionDenied):
        approve_run(run=waiting, actor=dpo)


def test_who_lacks_the_permission_can_not_approve_it(waiting, manager):
    with pytest.raises(PermissionDenied):
        approve_run(run=waiting, actor=manager)


def test_the_second_colleague_approves_and_it_begins(waiting, admin, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        approve_run(run=waiting, actor=admin)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by_id, states(waiting)) == ("done", admin.pk, {"erased": 3})
    assert AuditEvent.objects.get(action="erasure.approved").actor_id == admin.pk


def test_a_refused_run_erases_nobody_and_can_be_planned_again(waiting, cards, dpo, admin):
    refuse_run(run=waiting, actor=admin)
    approve_run(run=waiting, actor=admin)  # too late
    work_run(str(waiting.pk))
    assert (states(waiting), Contact.objects.count()) == ({"refused": 3}, 3)
    assert plan_run(contact_ids=[cards[0].pk], reason="mistake", actor=dpo).items.count() == 1


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def failing(run, monkeypatch):
    """`failing(error)`: every erasure raises it, until `failing(None)`."""
    real = worker.perform

    def set_error(error):
        def perform(take, **options):
            def claim():
                take()
                raise error

            return real(claim, **options)

        monkeypatch.setattr(worker, "perform", perform if error else real)

    return set_error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ResidueFound("contacts.Phone: 1"), "residue"),
        (IntegrityError("foreign key"), "residue"),
        (OperationalError("lock timeout"), "locked"),
        (RuntimeError("Jana Nováková"), "other"),
    ],
)
def test_a_failure_is_kept_as_a_code_and_tried_again_later(run, failing, petra, error, code):
    failing(error)
    work_run(str(run.pk))
    items = list(run.items.all())
    assert {(item.state, item.problem, item.attempts) for item in items} == {("failed", code, 1)}
    assert all(item.due_at > timezone.now() for item in items)
    failing(None)
    work_run(str(run.pk))
    assert states(run) == {"failed": 3}, "not before its time"
    assert retry_run(run=run, actor=petra) == 3
    work_run(str(run.pk))
    assert (states(run), set(run.items.values_list("problem", flat=True))) == ({"erased": 3}, {""})


def test_pauses_between_tries_grow(run, failing):
    failing(OperationalError("locked"))
    pauses = []
    for _ in range(5):
        run.items.update(due_at=timezone.now())
        work_run(str(run.pk))
        item = run.items.first()
        pauses.append(round((item.due_at - item.touched_at) / dt.timedelta(minutes=1)))
    assert pauses == [1, 10, 60, 1440, 1440]


def test_a_failure_is_found_and_tried_again_by_the_clock(run, failing):
    failing(OperationalError("locked"))
    work_run(str(run.pk))
    failing(None)
    assert resume_erasures() == 0
    run.items.update(due_at=timezone.now())
    assert resume_erasures() == 1


def test_a_card_that_went_another_way_is_noted_as_gone(run, cards, petra):
    erase_contact(pk=cards[0].pk, reason="requested", actor=petra)
    work_run(str(run.pk))
    run.refresh_from_db()
    assert (states(run), run.state) == ({"gone": 1, "erased": 2}, "done")


def test_a_run_whose_message_was_lost_is_found_by_the_clock(run):
    assert resume_erasures() == 0, "somebody may be at it"
    run.items.update(touched_at=timezone.now() - dt.timedelta(minutes=3))
    assert resume_erasures() == 1


def test_a_run_whose_last_worker_died_before_saying_so_is_ended_by_the_clock(run):
    worker.work(run.pk, most=3)
    ErasureRun.objects.filter(pk=run.pk).update(state="working")
    resume_erasures()
    run.refresh_from_db()
    assert run.state == "done"


def test_a_merge_takes_a_planned_erasure_along(run, cards, petra, manager):
    kept = make.contact(petra, email="kept@drevo.example")
    merge_contacts(kept=kept, other=cards[0], take={}, actor=manager)
    work_run(str(run.pk))
    assert (states(run), Contact.objects.filter(pk=kept.pk).exists()) == ({"erased": 3}, False)


# --- holds ------------------------------------------------------------------------------------------------------------


def test_a_held_card_of_a_run_waits_and_is_erased_once_the_hold_is_over(run, cards, petra, dpo):
    until = timezone.localdate() + dt.timedelta(days=5)
    hold = place_hold(contact=cards[0], reason="Soudní spor", until=until, actor=dpo)
    work_run(str(run.pk))
    run.refresh_from_db()
    item = run.items.get(contact_id=cards[0].pk)
    assert (states(run), run.state) == ({"held": 1, "erased": 2}, "working")
    assert (item.problem, item.held_until) == ("held", until)
    assert resume_erasures() == 0
    type(hold).objects.filter(pk=hold.pk).update(until=timezone.localdate() - dt.timedelta(days=1))
    assert resume_erasures() == 1
    work_run(str(run.pk))
    run.refresh_from_db()
    assert (states(run), run.state) == ({"erased": 3}, "done")


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_page_of_a_run_shows_progress_and_names_cards_only_to_those_who_may_see_them(  # noqa: PLR0917
    run, cards, petra, cizi, dpo, client_of
):
    place_hold(contact=cards[0], reason="Spor", until=timezone.localdate(), actor=dpo)
    work_run(str(run.pk))
    Installation.objects.update(visibility="own")
    url = f"/requests/runs/{run.pk}/"
    page, stranger = (client_of(user).get(url).content.decode() for user in (petra, cizi))
    assert ("2 of 3 contacts" in page, "2 of 3 contacts" in stranger) == (True, True)
    assert (str(cards[0].pk) in page, str(cards[0].pk) in stranger) == (True, False)
    assert "Spor" not in page + stranger
    fragment = client_of(petra).get(url, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in fragment, "2 of 3 contacts" in fragment) == (False, True)


def test_the_list_of_runs_costs_the_same_for_one_and_for_many(
    two_eyes, cards, petra, client_of, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(petra)
    plan_run(contact_ids=[cards[0].pk], reason="mistake", actor=petra)
    client.get("/requests/runs/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/requests/runs/")
    for card in cards[1:]:
        plan_run(contact_ids=[card.pk], reason="mistake", actor=petra)
    with django_assert_num_queries(len(captured)):
        client.get("/requests/runs/")
