"""Sixteen processes scan at once on PostgreSQL: exactly one task for each end, and one event for each consent over."""

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

from consents.models import Channel, Consent, ConsentEvent, EventKind, Method, State
from consents.services.ledger import Evidence
from contacts.models import Contact, Source
from contacts.services.new import NewCard
from intake.services import NewGround, create_contacts
from tasks.models import Task
from tests import make

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]

PROCESSES = 16
# All of them under `make trust`; a twentieth elsewhere.
ENDING = 5_000 if os.environ.get("HYPOTHESIS_PROFILE") == "trust" else 250
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ending(db_on_postgresql, petra) -> None:
    """Contacts of Petra whose consents end in twenty days."""
    today = timezone.localdate()
    ground = NewGround(
        purpose=make.purpose("newsletter"),
        evidence=Evidence(method=Method.WEB_FORM, reference="double opt-in"),
        consent={"channel": Channel.EMAIL, "valid_until": today + dt.timedelta(days=20)},
    )
    for start in range(0, ENDING, 1000):
        cards = [
            NewCard(
                values={"last_name": f"Zkušební {i}", "source": Source.PERSON},
                emails=[{"value": f"z{i}@posta.example"}],
            )
            for i in range(start, min(start + 1000, ENDING))
        ]
        create_contacts(cards=cards, ground=ground, actor=petra, owner=petra)


@pytest.fixture
def db_on_postgresql(transactional_db) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: DATABASE_URL=postgres://…")


def scan_at_once(day: dt.date) -> list[dict[str, int]]:
    """Start all processes, wait for them, and return what each says it did."""
    name = connection.settings_dict["NAME"]
    parts = connection.settings_dict
    login = f"{parts['USER']}:{parts['PASSWORD']}" if parts["PASSWORD"] else parts["USER"]
    url = f"postgres://{login}@{parts['HOST']}:{parts['PORT']}/{name}"
    command = [sys.executable, "manage.py", "scan_consents", "--at", day.isoformat(), "--json"]
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "crm.settings"}
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    answers = [process.communicate(timeout=600) for process in running]
    failed = [err for process, (_out, err) in zip(running, answers, strict=True) if process.returncode]
    assert failed == []
    return [json.loads(out.strip().splitlines()[-1]) for out, _err in answers]


def test_sixteen_scans_at_once_make_exactly_one_task_for_each_ending_consent(ending, petra) -> None:
    today = timezone.localdate()
    said = scan_at_once(today)
    assert Task.objects.filter(kind=Task.Kind.RENEW_CONSENT, assignee=petra).count() == ENDING
    assert Task.objects.filter(kind=Task.Kind.RENEW_CONSENT).values("about_id").distinct().count() == ENDING
    assert sum(one["consent_tasks"] for one in said) == ENDING


def test_sixteen_scans_at_once_expire_each_consent_exactly_once(ending, petra) -> None:
    said = scan_at_once(timezone.localdate() + dt.timedelta(days=21))
    assert sum(one["expired"] for one in said) == ENDING
    assert ConsentEvent.objects.filter(kind=EventKind.EXPIRED).count() == ENDING
    assert Consent.objects.filter(state=State.EXPIRED).count() == ENDING
    assert Task.objects.filter(kind=Task.Kind.NO_GROUND).count() == ENDING
    assert Contact.objects.count() == ENDING
