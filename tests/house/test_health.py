"""/healthz tells a monitor whether all is well, and a stranger nothing else."""

import json
import time
from functools import partial
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection

from crm import health
from crm.beat import HEARTBEAT_DEADLINE, HEARTBEAT_KEY


@pytest.fixture
def _beat(db):
    cache.set(HEARTBEAT_KEY, time.time())
    yield
    cache.delete(HEARTBEAT_KEY)


@pytest.mark.usefixtures("_beat")
def test_all_is_well_without_signing_in(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_a_silent_beat_is_not_well_and_the_answer_does_not_say_so(client, db):
    cache.set(HEARTBEAT_KEY, time.time() - HEARTBEAT_DEADLINE - 1)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "not ok"})


@pytest.mark.usefixtures("_beat")
def test_a_database_that_fails_is_named_for_the_keeper_only(client, caplog):
    def refuse(*_args: object) -> None:
        raise DatabaseError("connection to 10.1.2.3 failed")

    with connection.execute_wrapper(refuse):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "not ok"})
    assert "database fails with DatabaseError" in caplog.text
    assert "10.1.2.3" not in caplog.text


@pytest.mark.usefixtures("_beat")
def test_a_broker_out_of_reach_is_not_well(monkeypatch):
    monkeypatch.setitem(health.PARTS, "broker", partial(health.broker_answers, "redis://127.0.0.1:1/0"))
    assert health.report() == {"database": True, "broker": False, "beat": True}


@pytest.mark.usefixtures("_beat")
def test_the_command_answers_in_json():
    out = StringIO()
    call_command("check_health", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"database": True, "broker": True, "beat": True}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_health_can_only_be_read(client, method):
    assert getattr(client, method)("/healthz").status_code == 405
