"""Erasing while another process edits, imports, exports or merges the same person: whatever the order, nothing is left.

Every order comes from its number; a failure names the numbers, and `ORDERS="17,42"` runs those alone.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import User
from consents.models import Purpose
from contacts.models import Contact, StoredFile
from contacts.services.files import add_file
from contacts.services.timeline import add_entry
from gdpr_requests.jobs import sweep_files
from gdpr_requests.models import ErasureItem
from gdpr_requests.services.erase import erase_contact
from intake.batch import reading, running
from intake.batch import services as imports
from intake.models import ImportBatch
from privacy.files import store
from privacy.models import Release, SubjectKey
from tests import make
from tests.gdpr_requests import stores
from tests.gdpr_requests.backup import place
from tests.gdpr_requests.backup.interleaving import WRITERS, Player, interleave

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
HOW_MANY = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "trust" else 50
SEEDS = [int(number) for number in os.environ.get("ORDERS", "").split(",") if number] or range(HOW_MANY)
#: Everything is searched after so many: an erased person must be gone for good, not only right after.
TOGETHER = 25
SECRET = re.compile(r"[Tt]ajemstv[ií](\d{6})")
PURPOSE = "enquiry"


@pytest.fixture(autouse=True)
def var(settings, tmp_path, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_DIR = tmp_path / "backups"
    monkeypatch.setattr("gdpr_requests.jobs.ORPHAN_AGE", dt.timedelta(seconds=-1))
    return tmp_path


@pytest.fixture
def players(var):
    started = [Player.start(place.environment(), var / "log", str(settings.BASE_DIR)) for _ in range(2)]
    for player in started:
        assert player.listen(60), (var / "log").read_text()
    yield started
    for player in started:
        player.end()


def blocked(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [backend])
        return cursor.fetchone()[0] > 0


def person(seed: int, petra: User, *, other: bool = False) -> Contact:
    """Somebody with the secret of this order wherever a value can stand."""
    secret, address = f"Tajemství{seed:06d}", f"{'druha.' if other else ''}tajemstvi{seed:06d}@vcely.example"
    contact = make.contact(petra, last_name=secret, email=address, phone=None)
    add_entry(contact=contact, kind="note", body=secret, actor=petra)
    if not other:
        stream = io.BytesIO(secret.encode())
        add_file(contact=contact, stream=stream, name=secret, content_type="text/plain", actor=petra)
    return contact


def order_for(seed: int, writer: str, contact: Contact, petra: User) -> dict:
    order = {
        "work": writer,
        "contact": str(contact.pk),
        "user": str(petra.pk),
        "secret": f"Tajemství{seed:06d}",
        "address": f"tajemstvi{seed:06d}@vcely.example",
        "purpose": PURPOSE,
    }
    if writer.startswith("merge"):
        order["other"] = str(person(seed, petra, other=True).pk)
    if writer == "bring_in":
        order["batch"] = str(uploaded(order, petra).pk)
    return order


def uploaded(order: dict, petra: User):
    text = f"Příjmení;E-mail;Poznámka\n{order['secret']};{order['address']};{order['secret']}\n"
    batch = imports.take_file(stream=io.BytesIO(text.encode()), name="lidé.csv", actor=petra)
    purpose = Purpose.objects.get(slug=PURPOSE)
    return imports.start(
        batch=batch,
        purpose=purpose,
        source="person",
        source_detail="",
        ground={},
        owner=petra,
        actor=petra,
        queue=False,
    )


def what_is_left() -> dict[str, list[int]]:
    """Where the secrets of which orders still stand: tables (opened and as they lie), files, queue, cache and logs."""
    var = Path(settings.VAR_DIR)
    rest = [path for path in var.rglob("*") if path.is_file()]
    places = {
        "tables, opened": stores.database_opened(),
        "tables": stores.database_as_it_lies(),
        "files, opened": "\n".join(_opened_files()),
        "disk, queue, log": "\n".join(path.read_bytes().decode("utf-8", "replace") for path in rest),
    }
    found = {name: sorted({int(number) for number in SECRET.findall(text)}) for name, text in places.items()}
    return {name: seeds for name, seeds in found.items() if seeds}


def _opened_files() -> list[str]:
    batches = ImportBatch.objects.exclude(storage_name="")
    return [reading.content_of(batch).decode() for batch in batches] + [
        b"".join(store.open(row.storage_name, key=row.key, row_id=row.pk)).decode() for row in StoredFile.objects.all()
    ]


def test_whatever_the_order_nothing_of_the_erased_is_left(players, petra):
    make.purpose("newsletter")
    writers, ends, failed = list(WRITERS), {}, {}
    for count, seed in enumerate(SEEDS, start=1):
        writer = writers[seed % len(writers)]
        contact = person(seed, petra)
        eraser = {"work": "erase", "contact": str(contact.pk)}
        order = order_for(seed, writer, contact, petra)
        erased, wrote = interleave(seed, players, [eraser, order], blocked)
        ends[writer, wrote] = ends.get((writer, wrote), 0) + 1
        if erased or Contact.objects.filter(pk=contact.pk).exists():
            failed[seed] = (writer, erased, wrote)
        # What lost the race is run once more by the queue.
        for batch in ImportBatch.objects.all():
            running.run(batch.pk)
        # A double that was brought in before, or a card that was not merged in time, is somebody to erase as well.
        for double in Contact.objects.all():
            erase_contact(pk=double.pk, reason="requested", actor=None)
        if count % TOGETHER == 0 or count == len(SEEDS):
            sweep_files()
            left = {
                name: [f"{n} ({writers[n % len(writers)]})" for n in found] for name, found in what_is_left().items()
            }
            assert (left, failed) == ({}, {}), "ORDERS=… runs them again"
    print(f"\n{len(SEEDS)} orders; how the other ended: {dict(sorted(ends.items()))}")
    assert set(store.names()) == set()
    keys = SubjectKey.objects.filter(retention_class__in=["card", "proof"])
    assert not keys.exclude(pk__in=ImportBatch.objects.values("key_id")).exists()
    assert not Release.objects.exists()
    assert not ErasureItem.objects.exclude(state=ErasureItem.State.ERASED).exists()
