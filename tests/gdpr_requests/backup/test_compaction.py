"""An entry of the ledger ends after the last backup that could hold the person; the chain stays provable."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from gdpr_requests.backup import archive
from gdpr_requests.backup.compaction import MARGIN, let_entries_end
from gdpr_requests.backup.jobs import end_ledger_entries
from gdpr_requests.backup.startup import bring_in_line, replay_everything
from gdpr_requests.erasure import ledger, ledger_file
from gdpr_requests.services.erase import erase_contact
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.BACKUP_DIR = tmp_path / "backups"
    return tmp_path


@pytest.fixture
def erased(petra, django_capture_on_commit_callbacks):
    bring_in_line()

    def erase():
        with django_capture_on_commit_callbacks(execute=True):
            return erase_contact(pk=make.contact(petra).pk, reason="requested", actor=petra)

    return [erase() for _ in range(3)]


def later(settings, days=1):
    return timezone.now() + dt.timedelta(days=settings.BACKUP_RETENTION_DAYS + MARGIN + days)


def events():
    return [(line["event"], line["position"]) for line in ledger.lines()]


def test_entries_end_when_no_backup_can_hold_the_person(erased, settings):
    assert let_entries_end(later(settings, days=-1)) == 0
    assert let_entries_end(later(settings)) == 7
    assert events() == [("checkpoint", 7)]
    assert ledger.named() == []
    assert AuditEvent.objects.get(action="erasure.ledger_ended").detail == {"lines": 7}


def test_the_chain_goes_on_after_the_checkpoint(erased, settings, petra, django_capture_on_commit_callbacks):
    let_entries_end(later(settings))
    with django_capture_on_commit_callbacks(execute=True):
        item = erase_contact(pk=make.contact(petra).pk, reason="requested", actor=petra)
    assert events() == [("checkpoint", 7), ("intent", 8), ("done", 9)]
    assert [entry.item_id for entry in ledger.named()] == [item.pk]
    assert bring_in_line() == 0
    assert replay_everything().missing == []
    assert let_entries_end(later(settings)) == 3  # the old checkpoint goes with them
    assert events() == [("checkpoint", 9)]
    assert let_entries_end(later(settings)) == 0


def test_certificates_whose_entries_have_ended_are_not_missed_and_others_are(erased, settings, ledger_file_text):
    text = ledger_file_text()
    moment = dt.datetime.fromisoformat(list(ledger.lines())[2]["at"])
    days = settings.BACKUP_RETENTION_DAYS + MARGIN
    assert let_entries_end(moment + dt.timedelta(days=days, microseconds=1)) == 3
    assert [entry.item_id for entry in ledger.named()] == [item.pk for item in erased[1:]]
    assert replay_everything().missing == []
    lines = ledger_file.path().read_text().splitlines(keepends=True)
    assert text.endswith("".join(lines[1:]))
    ledger_file.path().write_text("".join(lines[:-2]))
    with pytest.raises(ledger.LedgerBroken, match="an older copy"):
        replay_everything()


@pytest.fixture
def ledger_file_text():
    return lambda: ledger_file.path().read_text()


@pytest.mark.parametrize("field", ["position", "head", "until"])
def test_a_changed_checkpoint_shows(erased, settings, field):
    let_entries_end(later(settings))
    text = ledger_file.path().read_text()
    harmed = {"position": '"position":7', "head": '"head":"', "until": '"until":"2'}[field]
    ledger_file.path().write_text(text.replace(harmed, harmed[:-1] + "1"))
    with pytest.raises(ledger.LedgerBroken):
        list(ledger.lines())


def test_a_checkpoint_in_the_middle_is_refused(erased, settings):
    before = ledger_file.path().read_text()
    let_entries_end(later(settings))
    ledger_file.path().write_text(before + ledger_file.path().read_text())
    with pytest.raises(ledger.LedgerBroken):
        list(ledger.lines())


def test_an_erasure_that_is_not_finished_keeps_its_entry(erased, settings, petra):
    contact = make.contact(petra)
    ledger.intend(
        item_id=contact.pk, contact_ids=[], subject_ids=[], key_ids=[], reason="requested", certificate="K-2026-000009"
    )
    from gdpr_requests.backup import compaction

    lines = list(ledger.lines())
    assert compaction._ending(lines, later(settings), 8) == 7


def test_a_backup_that_is_still_there_keeps_the_entries_after_it(erased, settings):
    moment = timezone.now() - dt.timedelta(days=1)
    (archive.folder() / f"karta-{archive.stamp(moment)}").mkdir(parents=True)
    assert let_entries_end(later(settings)) == 0


def test_a_line_written_while_the_file_is_exchanged_is_not_lost(erased, settings):
    # Compactions and writers at once: whoever waited for the old file's lock must not write into it.
    def write(number):
        ledger_file.append({"event": "done", "item": str(number)})

    with ThreadPoolExecutor(4) as pool:
        written = [pool.submit(write, number) for number in range(40)]
        for _ in range(20):
            with ledger_file.locked() as target:
                target.seek(0)
                ledger_file.write_whole(ledger_file.path(), target.read())
        for one in written:
            one.result()
    assert sorted(int(line["item"]) for line in list(ledger.lines())[7:]) == list(range(40))


def test_the_nightly_job_tells_of_a_broken_ledger(erased, caplog):
    ledger_file.path().write_text("rubbish\n")
    assert end_ledger_entries() == 0
    assert "replay_erasures" in caplog.text
