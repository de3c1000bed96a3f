"""Before anything is served, ledger and database are compared: new lines are replayed, what does not fit is refused."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone

from audit.models import AuditEvent
from contacts.models import Contact
from gdpr_requests.backup import presence
from gdpr_requests.backup.startup import alone, bring_in_line
from gdpr_requests.erasure import ledger, ledger_file
from gdpr_requests.holds.services import place_hold
from gdpr_requests.models import ErasureItem, LedgerMark
from gdpr_requests.services.erase import erase_contact
from privacy import keys
from privacy.models import SystemKey
from privacy.wrapping import wrap
from tests import make
from tests.gdpr_requests.test_ledger import Backup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def erase(petra, django_capture_on_commit_callbacks):
    def erasing(contact):
        with django_capture_on_commit_callbacks(execute=True):
            return erase_contact(pk=contact.pk, reason="requested", actor=petra)

    return erasing


@pytest.fixture
def replayed(django_capture_on_commit_callbacks):
    def starting():
        with django_capture_on_commit_callbacks(execute=True):
            return bring_in_line()

    return starting


def mark():
    return LedgerMark.objects.get()


def test_the_first_start_begins_a_ledger(replayed):
    assert replayed() == 0
    assert [line["event"] for line in ledger.lines()] == ["begin"]
    assert mark().position == 1


def test_a_start_after_a_restore_erases_again_and_the_audit_says_so(petra, erase, replayed):
    replayed()
    contact = make.contact(petra)
    backup = Backup(contact, with_keys=True)
    first = erase(contact)
    backup.restore()
    assert replayed() == 1
    assert not Contact.objects.filter(pk=contact.pk).exists()
    assert ErasureItem.objects.get().certificate == first.certificate
    event = AuditEvent.objects.get(action="erasure.replayed")
    assert (event.actor_id, event.detail["people"]) == (None, 1)
    assert replayed() == 0
    assert AuditEvent.objects.filter(action="erasure.replayed").count() == 1


def test_a_start_with_nothing_new_reads_one_line(petra, erase, replayed, django_assert_num_queries):
    replayed()
    for _ in range(5):
        erase(make.contact(petra))
    replayed()
    assert mark().position == 11
    with django_assert_num_queries(4):  # the mark, and three times the versions of the key
        bring_in_line()


def test_only_lines_after_the_mark_are_read(petra, erase, replayed, ledger_file):
    replayed()
    erase(make.contact(petra))
    replayed()
    lines = ledger_file.read_bytes().splitlines(keepends=True)
    # An old line broken in place does not show at a start, which is fast; the nightly check finds it.
    ledger_file.write_bytes(lines[0].replace(b"begin", b"begun") + b"".join(lines[1:]))
    assert replayed() == 0
    with pytest.raises(ledger.LedgerBroken):
        list(ledger.lines())


def refusal():
    with pytest.raises(ImproperlyConfigured) as refused:
        bring_in_line()
    return str(refused.value)


def test_a_missing_ledger_refuses_to_start_in_words(petra, erase, replayed, ledger_file):
    replayed()
    ledger_file.unlink()
    assert "is missing" in refusal()
    assert "--accept-ledger" in refusal()
    assert not ledger_file.exists()


def test_an_installation_older_than_the_mark_refuses_too_where_it_has_certificates(petra, erase, ledger_file):
    erase(make.contact(petra))
    ledger_file.unlink()
    assert "is missing" in refusal()


def test_a_broken_line_refuses_to_start_in_words(petra, erase, replayed, ledger_file):
    replayed()
    erase(make.contact(petra))
    ledger_file.write_text(ledger_file.read_text().replace('"requested"', '"mistake"'))
    assert "does not fit" in refusal()
    assert "Put the newest copy" in refusal()


def test_an_older_ledger_is_not_taken_for_the_newest(petra, erase, replayed, ledger_file):
    replayed()
    older = ledger_file.read_bytes()
    erase(make.contact(petra))
    replayed()
    ledger_file.write_bytes(older)
    assert "an older copy was put in place" in refusal()


def test_the_ledger_of_another_history_is_refused(petra, erase, replayed, ledger_file):
    replayed()
    erase(make.contact(petra))
    replayed()
    LedgerMark.objects.update(mac="0" * 64)
    assert "not the one" in refusal()


def test_a_lost_ledger_is_written_anew_from_the_certificates_when_somebody_says_so(petra, erase, replayed, ledger_file):
    replayed()
    item = erase(make.contact(petra))
    replayed()
    ledger_file.unlink()
    call_command("replay_erasures", "--accept-ledger")
    assert [(entry.item_id, entry.certificate, entry.state) for entry in ledger.named()] == [
        (item.pk, item.certificate, "done")
    ]
    assert AuditEvent.objects.get(action="erasure.ledger_accepted").detail["because"] == "missing"
    assert replayed() == 0


def test_a_broken_ledger_is_set_aside_and_every_line_that_proves_itself_is_kept(
    petra, erase, replayed, ledger_file, django_capture_on_commit_callbacks
):
    replayed()
    contact = make.contact(petra)
    backup = Backup(contact, with_keys=True)
    items = [erase(make.contact(petra)), erase(contact)]
    lines = ledger_file.read_text().splitlines(keepends=True)
    ledger_file.write_text("".join([lines[0], "rubbish\n", *lines[1:]]))
    backup.restore()  # takes the certificates with it: only the lines know
    assert "can't be read" in refusal()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("replay_erasures", "--accept-ledger")
    assert [entry.item_id for entry in ledger.named()] == [item.pk for item in items]
    assert not Contact.objects.filter(pk=contact.pk).exists()
    assert len(list(ledger_file.parent.glob("*.broken-*"))) == 1
    assert replayed() == 0


def test_the_ledger_is_read_although_the_database_brought_other_system_keys(petra, erase, replayed):
    replayed()
    contact = make.contact(petra)
    backup = Backup(contact, with_keys=True)
    erase(contact)
    backup.restore()
    SystemKey.objects.filter(name="ledger").update(secret=wrap(b"x" * 32))
    keys.forget_opened_keys()
    assert replayed() == 1
    # From here on both keys sign lines of one chain.
    erase(make.contact(petra))
    assert replayed() == 0
    assert len(ledger.named()) == 2
    keys.forget_opened_keys()


def test_a_newer_version_of_the_key_is_kept_for_a_database_that_is_older(petra, erase, replayed):
    replayed()
    SystemKey.objects.create(name="ledger", version=2, secret=wrap(b"y" * 32))
    keys.forget_opened_keys()
    replayed()
    contact = make.contact(petra)
    backup = Backup(contact, with_keys=True)
    erase(contact)
    backup.restore()
    SystemKey.objects.filter(name="ledger", version=2).delete()
    keys.forget_opened_keys()
    assert replayed() == 1
    keys.forget_opened_keys()


def test_the_kept_key_follows_the_rotation_of_the_outer_key(settings, replayed, other_outer_key):
    replayed()
    before = ledger_file.key_path().read_text()
    settings.FIELD_ENCRYPTION_KEY = [other_outer_key, *settings.FIELD_ENCRYPTION_KEY]
    replayed()
    after = json.loads(ledger_file.key_path().read_text())
    assert str(after) not in before
    Fernet(other_outer_key).decrypt(after[0].encode())
    assert oct(ledger_file.key_path().stat().st_mode)[-3:] == "600"


HOLD = """
import fcntl, sys, time
with open(sys.argv[1], "a") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    print("held", flush=True)
    time.sleep(0.6)
"""


def test_a_second_process_waits_until_the_first_has_compared(replayed, ledger_file):
    replayed()
    command = [sys.executable, "-c", HOLD, f"{ledger_file}.lock"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        began = time.monotonic()
        with alone():
            waited = time.monotonic() - began
    assert waited > 0.3


def test_nothing_starts_on_half_a_restore(replayed, var):
    replayed()
    (var / "restore-unfinished").touch()
    with pytest.raises(ImproperlyConfigured, match="cut off before its end"):
        presence.announce()


def test_a_hold_that_came_back_with_the_backup_keeps_nobody_whom_the_ledger_names(petra, dpo, replayed):
    replayed()
    cards = [make.contact(petra), make.contact(petra, email="druha@drevo.example", phone=None)]
    until = timezone.localdate() + dt.timedelta(days=30)
    for card in cards:
        place_hold(contact=card, reason="Spor", until=until, actor=dpo)
    ledger.intend(
        item_id=cards[0].pk,
        contact_ids=[card.pk for card in cards],
        subject_ids=[],
        key_ids=[],
        reason="requested",
        certificate="K-2026-000031",
    )
    assert replayed() == 2
    assert not Contact.objects.exists()
    assert sorted(ErasureItem.objects.values_list("certificate", flat=True)) == ["K-2026-000031", "K-2026-000032"]
    assert replayed() == 0
