"""Workers that are killed at any moment leave nobody half erased, and lose nobody. On PostgreSQL, with processes.

In a usual run a seeded twentieth of it; `make trust-services` does all of it: 2,000 people and 100 kills.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import Installation
from audit.models import AuditEvent
from contacts.models import Contact, StoredFile, Subject
from contacts.services.files import add_file
from contacts.services.timeline import add_entry
from gdpr_requests.erasure import ledger
from gdpr_requests.erasure.jobs import finish_erasures, resume_erasures, work_run
from gdpr_requests.erasure.runs import plan_run
from gdpr_requests.erasure.scope import in_order
from gdpr_requests.models import CertificateCounter, ErasureItem, ErasureRun
from privacy.files import store
from privacy.models import Release, SubjectKey
from tasks.services import create_task
from tests import make
from tests.gdpr_requests.erasure.processes import Process

WHOLE = os.environ.get("HYPOTHESIS_PROFILE") == "trust"
PEOPLE, KILLS = (2000, 100) if WHOLE else (100, 5)
SEED = int(os.environ.get("KILL_SEED") or (random.SystemRandom().randrange(10**6) if WHOLE else 20261124))
WORKERS = 2
BYSTANDERS = 5


def people(owner, count: int) -> Iterator[UUID]:
    """Cards of several shapes: every one with channels and a ground, some with notes, tasks and files."""
    for number in range(count):
        contact = make.contact(
            owner, last_name=f"Nováček{number}", email=f"c{number}@drevo.example", phone=f"+42060{number:07d}"
        )
        if number % 2:
            add_entry(contact=contact, kind="note", body="Poznámka", actor=owner)
        if number % 3 == 0:
            create_task(title="Zavolat", assignee=owner, due_on=timezone.localdate(), actor=owner, contact=contact)
        if number % 5 == 0:
            add_file(contact=contact, stream=ContentFile(b"text"), name="a.txt", content_type="text/plain", actor=owner)
        yield contact.pk


class Census:
    """How many rows each card has in each table of the data map, and of keys; asked at one moment for all."""

    def __init__(self, ids: list[UUID]) -> None:
        self.ids = ids
        self.card_of = dict(Subject.objects.filter(contact__in=ids).values_list("pk", "contact_id"))
        self.whole = self.count()

    def count(self) -> dict[UUID, Counter[str]]:
        found: dict[UUID, Counter[str]] = defaultdict(Counter)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for entry in in_order():
                # Of everybody at once: thousands of ids in each question would take longer than the answer.
                rows = models.QuerySet(entry.get_model())
                for pk, count in rows.order_by().values_list(entry.to_contact).annotate(n=Count("pk")):
                    found[pk][entry.model] += count
            keys = SubjectKey.objects.filter(subject_id__in=self.card_of)
            for subject_id in keys.values_list("subject_id", flat=True):
                found[self.card_of[subject_id]]["key"] += 1
        return found

    def half_erased(self) -> list[UUID]:
        """Cards that are neither as they were nor gone altogether."""
        now = self.count()
        return [pk for pk in self.ids if now.get(pk, Counter()) not in (self.whole[pk], Counter())]


def erased() -> int:
    return ErasureItem.objects.filter(state="erased").count()


def wait_until(count: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while erased() < count and time.monotonic() < end:
        time.sleep(0.03)


@pytest.fixture
def run_and_census(petra):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: several workers at once")
    Installation.objects.update_or_create(id=1, defaults={"four_eyes": False})
    bystanders = list(people(petra, BYSTANDERS))
    ids = list(people(petra, PEOPLE))
    census = Census(ids)
    with transaction.atomic():
        # Planned, but its first message is lost: only the rows know of it.
        run = plan_run(contact_ids=ids, reason="not_needed", actor=petra)
        connection.run_on_commit = []
    return run, census, bystanders


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_workers_killed_at_random_moments_leave_nobody_half_erased_and_lose_nobody(run_and_census):
    run, census, bystanders = run_and_census
    chance = random.Random(SEED)
    print(f"\nseed {SEED}, {PEOPLE} people, {KILLS} kills")
    start, unchecked, half = time.monotonic(), 0, []
    workers = [Process(lambda: work_run(str(run.pk))) for _ in range(WORKERS)]
    for moment in sorted(chance.sample(range(PEOPLE - WORKERS), KILLS)):
        wait_until(moment)
        time.sleep(chance.random() * 0.08)
        victim = chance.randrange(WORKERS)
        workers[victim].kill()
        half += census.half_erased()
        unchecked += ErasureItem.objects.filter(state="erased", checked_at__isnull=True).count()
        workers[victim] = Process(lambda: work_run(str(run.pk)))
    assert [process.wait() for process in workers] == [0, 0]
    resume_erasures()
    finish_erasures()
    seconds = time.monotonic() - start
    intents = [line["item"] for line in ledger.lines() if line["event"] == ledger.INTENT]
    print(
        f"{seconds:.1f} s, {len(intents) - PEOPLE} killed between intent and commit, "
        f"{unchecked} seen committed and not yet checked"
    )
    assert half == [], f"half erased with seed {SEED}"
    nobody_lost(run, census)
    assert census.half_erased() == []
    assert Contact.objects.filter(pk__in=bystanders).count() == BYSTANDERS
    assert set(store.names()) == set(StoredFile.objects.values_list("storage_name", flat=True))


def nobody_lost(run: ErasureRun, census: Census) -> None:
    """Each planned card was erased exactly once, with a certificate of its own, and the ledger says the same."""
    items = list(ErasureItem.objects.filter(run=run))
    assert Counter(item.contact_id for item in items) == Counter(census.ids)
    assert Counter(item.state for item in items) == {"erased": PEOPLE}
    year = timezone.now().year
    numbers = {f"K-{year}-{number:06d}" for number in range(1, PEOPLE + 1)}
    assert {item.certificate for item in items} == numbers
    assert CertificateCounter.objects.get().last == PEOPLE
    assert [item.pk for item in items if item.checked_at is None or item.unfinished] == []
    assert census.count().keys() & set(census.ids) == set()
    assert Release.objects.count() == 0
    named = {entry.item_id: entry for entry in ledger.named()}
    assert {pk: (entry.contact_ids, entry.certificate, entry.state) for pk, entry in named.items()} == {
        item.pk: ([item.contact_id], item.certificate, "done") for item in items
    }
    done = AuditEvent.objects.filter(action="erasure.done").values_list("contact_id", flat=True)
    assert Counter(done) == Counter(census.ids)
    run.refresh_from_db()
    assert run.state == "done"
    assert AuditEvent.objects.filter(action="erasure.run_done").count() == 1
