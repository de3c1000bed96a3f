"""The drill: people are erased, a backup from before is put back, and nobody ever sees them again."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest
from django.db import connections

from accounts.models import User
from audit.models import AuditEvent
from audit.verification import verify
from contacts.models import Contact, NameToken, Source
from contacts.services.new import NewCard
from gdpr_requests.backup import archive, database, keyrows
from gdpr_requests.backup.making import make_backup
from gdpr_requests.backup.startup import bring_in_line
from gdpr_requests.erasure import ledger
from gdpr_requests.models import ErasureItem
from gdpr_requests.services.erase import erase_contact
from intake.services import NewGround, create_contacts
from privacy.models import SubjectKey
from tests import make
from tests.gdpr_requests import stores
from tests.gdpr_requests.backup import place
from tests.gdpr_requests.people import PLANTED, planted

pytestmark = pytest.mark.django_db(transaction=True)
# All of them with HYPOTHESIS_PROFILE=trust; PEOPLE says another number.
PEOPLE = int(os.environ.get("PEOPLE") or (500 if os.environ.get("HYPOTHESIS_PROFILE") == "trust" else 15))


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_DIR = tmp_path / "backups"
    return tmp_path


def people(petra, count=PEOPLE):
    ground = NewGround(purpose=make.purpose("contract"), values={"reference": "S-1"})
    cards = [
        NewCard(
            values={"first_name": "Zapomenutá", "last_name": f"Osoba{number:04d}", "source": Source.PERSON},
            emails=[{"value": f"osoba{number}@zapomenout.example"}],
        )
        for number in range(count)
    ]
    create_contacts(cards=cards, ground=ground, actor=petra, owner=petra)
    return list(Contact.objects.order_by("pk"))


def erase_all(contacts, petra):
    return {erase_contact(pk=one.pk, reason="requested", actor=petra).certificate for one in contacts}


def put_database_back(made):
    """As somebody would by hand: the database alone, with its keys, and nothing else is done."""
    rows = keyrows.read(archive.key_files()[-1][1])
    scratch = archive.folder() / "scratch"
    scratch.mkdir()
    database.load(archive.archives()[-1].path, rows, scratch)
    connections.close_all()


def test_the_first_response_after_a_restored_backup_shows_none_of_the_erased(petra):
    bring_in_line()
    erased = people(petra)
    stays = make.contact(petra, last_name="Zůstávající")
    made = make_backup()
    certificates = erase_all(erased, petra)
    put_database_back(made)
    assert Contact.objects.count() == PEOPLE + 1
    cookie = place.signed_in(User.objects.get(pk=petra.pk))
    connections.close_all()
    with place.web() as (port, _process, log):
        status, page = place.first_response(port, "/contacts/", cookie, seconds=60 + 6 * PEOPLE)
    assert (status, "Zapomenut" in page, "Zůstávající" in page) == (200, False, True), log.read_text()
    assert list(Contact.objects.values_list("pk", flat=True)) == [stays.pk]
    assert set(ErasureItem.objects.filter(run__origin="replay").values_list("certificate", flat=True)) == certificates
    event = AuditEvent.objects.get(action="erasure.replayed")
    assert (event.actor_id, event.detail["people"]) == (None, PEOPLE)
    assert "Zapomenut" not in stores.database_opened()


def test_a_web_server_killed_while_it_replays_goes_on_at_its_next_start(petra):
    bring_in_line()
    erased = people(petra)
    made = make_backup()
    certificates = erase_all(erased, petra)
    put_database_back(made)
    with place.web() as (_port, process, _log):
        while (left := Contact.objects.count()) > PEOPLE - 3 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert left > 0, "it was too fast to be killed in between"
    assert bring_in_line() > 0
    assert Contact.objects.count() == 0
    assert set(ErasureItem.objects.values_list("certificate", flat=True)) == certificates
    assert not SubjectKey.objects.filter(retention_class="card").exists()


def test_a_restore_brings_everything_back_but_the_erased(petra, var):
    bring_in_line()
    zofie = planted(petra)
    people(petra, 3)
    erased = list(Contact.objects.exclude(pk=zofie.contact.pk))
    make_backup()
    certificates = erase_all(erased, petra)
    later = make.contact(petra, last_name="Pozdější")
    (var / "media" / zofie.file.storage_name).unlink()
    before = ledger.path().read_text()
    connections.close_all()
    process = place.manage("restore", "--yes", "--json")
    said, wrong = process.communicate(timeout=120)
    assert process.returncode == 0, wrong
    answer = json.loads(said)
    assert (answer["ok"], answer["erased_again"], answer["files"], answer["unreadable"]) == (True, 3, 1, 0)
    assert list(Contact.objects.values_list("pk", flat=True)) == [zofie.contact.pk]
    assert not Contact.objects.filter(pk=later.pk).exists()
    assert set(ErasureItem.objects.values_list("certificate", flat=True)) == certificates
    assert stores.found_by(["Řehořová", PLANTED["e-mail"], "Osoba0001"]) == ["Řehořová", PLANTED["e-mail"]]
    assert (var / "media" / zofie.file.storage_name).exists()
    assert PLANTED["note"] in stores.database_opened()
    assert ledger.path().read_text().startswith(before)
    assert AuditEvent.objects.filter(action="backup.restored").count() == 1
    assert verify().ok
    assert NameToken.objects.exists()
    assert not (var / "restore-unfinished").exists()
