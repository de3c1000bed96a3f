"""Jobs are queued by name with ids, run when the transaction stands, and are all on a schedule that fits together."""

import uuid
from collections.abc import Iterator

import pytest
from celery import shared_task
from celery.exceptions import NotRegistered
from django.db import transaction

from crm import beat
from crm.celery import app
from privacy.queue import enqueue

RUNS: list[tuple] = []


@shared_task(name="tests.note")
def note(*arguments):
    RUNS.append(arguments)


@pytest.fixture(autouse=True)
def _no_runs() -> Iterator[None]:
    RUNS.clear()
    yield
    RUNS.clear()


@pytest.mark.django_db(transaction=True)
def test_a_job_runs_when_the_transaction_stands():
    someone = uuid.uuid4()
    with transaction.atomic():
        enqueue("tests.note", someone, 3, "reset")
        assert RUNS == []
    assert [(str(someone), 3, "reset")] == RUNS


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_failed_never_runs():
    with transaction.atomic():
        enqueue("tests.note", 1)
        transaction.set_rollback(True)
    assert RUNS == []


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["eva@firma.example", "Eva Malá", "two words", "", "x" * 65])
def test_a_message_carries_no_personal_value(value):
    with pytest.raises(ValueError, match=r"Argument 0 of tests\.note") as refused:
        enqueue("tests.note", value)
    assert not value or value not in str(refused.value)


def test_every_scheduled_job_exists():
    schedule = beat.schedule()
    assert schedule
    app.loader.import_default_modules()
    assert [entry["task"] for entry in schedule.values() if entry["task"] not in app.tasks] == []


def test_two_rooms_cannot_use_one_name_in_the_schedule(monkeypatch):
    from accounts import jobs as one
    from audit import jobs as other

    monkeypatch.setattr(other, "SCHEDULE", one.SCHEDULE)
    with pytest.raises(ValueError, match="Two rooms schedule a job named"):
        beat.schedule()


def test_a_misspelt_job_is_noticed_in_tests():
    with pytest.raises(NotRegistered):
        _ = app.tasks["tests.nothing"]
