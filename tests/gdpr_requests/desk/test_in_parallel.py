"""Sixteen processes remind at once on PostgreSQL: exactly one task for each (request, step)."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from gdpr_requests.desk.services import open_request
from gdpr_requests.models import RequestEvent
from tasks.models import Task

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]

PROCESSES = 16
# Many of them under `make trust`; a few elsewhere.
REQUESTS = 400 if os.environ.get("HYPOTHESIS_PROFILE") == "trust" else 40
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _on_postgresql(transactional_db) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: DATABASE_URL=postgres://…")


def remind_at_once(day: dt.date) -> int:
    """Start all processes, wait for them, and return how many reminders they say they made together."""
    parts = connection.settings_dict
    login = f"{parts['USER']}:{parts['PASSWORD']}" if parts["PASSWORD"] else parts["USER"]
    url = f"postgres://{login}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    command = [sys.executable, "manage.py", "watch_requests", "--at", day.isoformat(), "--json"]
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "crm.settings"}
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    answers = [process.communicate(timeout=300) for process in running]
    assert [err for process, (_out, err) in zip(running, answers, strict=True) if process.returncode] == []
    return sum(json.loads(out.strip().splitlines()[-1])["reminders"] for out, _err in answers)


def test_sixteen_jobs_at_once_make_exactly_one_task_for_each_request_and_step(dpo, tomas) -> None:
    received = timezone.localdate()
    due = None
    for number in range(REQUESTS):
        request = open_request(
            right="access",
            channel="email",
            received_on=received,
            requester_name=f"Zkušební {number}",
            actor=dpo,
            assignee=tomas,
        )
        due = request.deadline
    assert due is not None
    # On the day before: the colleague's own reminder, and the officer's.
    assert remind_at_once(due - dt.timedelta(days=1)) == 2 * REQUESTS
    assert Task.objects.filter(kind="request").values("period_key").distinct().count() == 2 * REQUESTS
    steps = RequestEvent.objects.exclude(kind="opened").values_list("kind", flat=True)
    assert sorted(steps) == ["escalated"] * REQUESTS + ["reminded"] * REQUESTS
