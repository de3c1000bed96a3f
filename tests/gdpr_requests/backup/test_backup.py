"""What a backup holds, what it does not, how long it stays, and what it takes to put it back."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from contacts.models import Contact
from gdpr_requests.backup import archive, database, keyrows, presence
from gdpr_requests.backup.archive import BackupProblem
from gdpr_requests.backup.comparison import WORDS
from gdpr_requests.backup.envelope import CHUNK_BYTES, EnvelopeBroken, Opener, Sealer
from gdpr_requests.backup.making import make_backup
from gdpr_requests.backup.restoring import open_backup, restore
from gdpr_requests.backup.startup import bring_in_line
from gdpr_requests.erasure import ledger_file
from gdpr_requests.services.erase import erase_contact
from privacy.models import SubjectKey
from tests import make
from tests.gdpr_requests.people import PLANTED, planted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_DIR = tmp_path / "backups"
    return tmp_path


# --- the envelope -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_what_was_sealed_is_opened(tmp_path, size):
    content = bytes(range(256)) * (size // 256 + 1)
    with (tmp_path / "file").open("wb") as target:
        sealer = Sealer(target, "test")
        sealer.write(content[: size // 3])
        sealer.write(content[size // 3 : size])
        sealer.finish()
    with (tmp_path / "file").open("rb") as source:
        assert Opener(source, "test").read() == content[:size]


@pytest.mark.parametrize("harm", ["cut off", "changed", "for something else", "other key"])
def test_an_envelope_that_was_harmed_is_not_opened(tmp_path, harm, settings, other_outer_key):
    with (tmp_path / "file").open("wb") as target:
        sealer = Sealer(target, "test")
        sealer.write(b"x" * (CHUNK_BYTES + 10))
        sealer.finish()
    content = bytearray((tmp_path / "file").read_bytes())
    if harm == "cut off":
        content = content[: CHUNK_BYTES + 48]
    if harm == "changed":
        content[-20] ^= 1
    if harm == "other key":
        settings.FIELD_ENCRYPTION_KEY = [other_outer_key]
    (tmp_path / "file").write_bytes(content)
    with (tmp_path / "file").open("rb") as source, pytest.raises(EnvelopeBroken):
        Opener(source, "other" if harm == "for something else" else "test").read()


def test_an_archive_opens_after_the_outer_key_was_rotated(settings, other_outer_key, petra):
    make.contact(petra)
    made = make_backup()
    settings.FIELD_ENCRYPTION_KEY = [other_outer_key, *settings.FIELD_ENCRYPTION_KEY]
    source = open_backup(archive.archives()[-1].path)
    assert len([kind for kind, _row in source.rows if kind == "subject"]) == made.keys


# --- what is in it ----------------------------------------------------------------------------------------------------


def everything_in(folder) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_backup_shows_nothing_to_who_has_no_key(petra):
    planted(petra)
    make_backup()
    found = everything_in(archive.folder())
    assert [value for value in [*PLANTED.values(), petra.email, "Dvořáková"] if value.encode() in found] == []


def test_keys_tokens_and_sessions_are_not_in_the_database_of_a_backup(petra, client_of, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("looks into the copy as a file")
    planted(petra)
    client_of(petra)
    secrets = [str.__str__(secret) for secret in SubjectKey.objects.values_list("secret", flat=True)]
    made = make_backup()
    copy = tmp_path / "copy.sqlite3"
    with (archive.archives()[-1].path / archive.DATABASE).open("rb") as source:
        copy.write_bytes(Opener(source, archive.DATABASE).read())
    with closing(sqlite3.connect(copy)) as opened:
        rows = {table: opened.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in database.EMPTY}
        assert opened.execute("SELECT count(*) FROM contacts_contact").fetchone() == (1,)
    assert (rows, len(secrets)) == (dict.fromkeys(database.EMPTY, 0), made.keys)
    assert [secret for secret in secrets if secret.encode() in copy.read_bytes()] == []


def test_the_same_table_list_is_left_out_on_both_databases():
    assert set(database.EMPTY) == {
        "privacy_subjectkey", "privacy_systemkey", "contacts_nametoken", "contacts_addresstoken", "django_session"
    }  # fmt: skip


def test_a_backup_is_for_its_owner_only(petra):
    make.contact(petra)
    make_backup()
    modes = {oct(path.stat().st_mode)[-3:] for path in archive.folder().glob("*/*") if path.is_file()}
    assert modes == {"600"}


# --- how long it stays ------------------------------------------------------------------------------------------------


def aged(days: int) -> None:
    """Rename the newest backup and its keys as if they had been made so many days ago."""
    old = archive.stamp(timezone.now() - dt.timedelta(days=days))
    shutil.move(archive.archives()[-1].path, archive.folder() / f"karta-{old}")
    shutil.move(archive.key_files()[-1][1], archive.keys_folder() / f"keys-{old}.sealed")


def test_old_backups_go_and_old_keys_go_sooner(settings, petra):
    make.contact(petra)
    for days in (36, 34, 8, 6):
        make_backup()
        aged(days)
    make_backup()
    today = timezone.now()
    ages = [(today - one.made_at).days for one in archive.archives()]
    keys = [(today - moment).days for moment, _path in archive.key_files()]
    assert (ages, keys) == ([34, 8, 6, 0], [6, 0])


def test_the_newest_keys_stay_however_old_they_are(petra):
    make.contact(petra)
    make_backup()
    aged(20)
    assert archive.prune() == (0, 0)
    assert len(archive.key_files()) == 1


# --- what refuses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["manifest.json", archive.DATABASE, archive.FILES, archive.LEDGER])
def test_a_changed_backup_is_refused_before_anything_is_touched(petra, name):
    contact = make.contact(petra)
    make_backup()
    path = archive.archives()[-1].path / name
    content = path.read_bytes()
    path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    with pytest.raises(CommandError, match=r"changed|can be read"):
        call_command("restore", "--yes")
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_a_restore_without_a_yes_changes_nothing(petra, monkeypatch):
    make.contact(petra)
    make_backup()
    later = make.contact(petra)
    monkeypatch.setattr("builtins.input", lambda prompt: "yes")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore")
    assert Contact.objects.filter(pk=later.pk).exists()


def test_a_restore_while_somebody_serves_is_refused(petra, var):
    make.contact(petra)
    make_backup()
    presence.announce()
    with pytest.raises(CommandError, match="stop them first"):
        call_command("restore", "--yes")
    assert not (var / "restore-unfinished").exists()
    presence._held.clear()


def test_a_backup_of_the_other_database_or_a_newer_version_is_refused(petra):
    make.contact(petra)
    make_backup()
    path = archive.archives()[-1].path / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(archive.signed({**manifest, "database": "oracle"})))
    with pytest.raises(BackupProblem, match="a backup of oracle"):
        open_backup(path.parent)
    path.write_text(json.dumps(archive.signed({**manifest, "migrations": {"contacts": ["9999_later"]}})))
    with pytest.raises(BackupProblem, match="newer version"):
        open_backup(path.parent)


def test_without_the_file_of_keys_nothing_is_restored(petra):
    make.contact(petra)
    make_backup()
    shutil.rmtree(archive.keys_folder())
    with pytest.raises(CommandError, match="no file of keys"):
        call_command("restore", "--yes")


def test_a_missing_program_is_named(petra, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no program")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CommandError, match="pg_dump is not installed"):
        call_command("backup")
    assert archive.archives() == []


# --- the ledger is never put back over a newer one --------------------------------------------------------------------


def test_the_newer_ledger_in_place_is_kept(petra):
    bring_in_line()
    contact = make.contact(petra)
    make_backup()
    erase_contact(pk=contact.pk, reason="requested", actor=petra)
    there = ledger_file.path().read_text()
    done = restore(open_backup(archive.archives()[-1].path))
    assert (done.ledger, done.erased_again) == ("the one in place was kept", 1)
    assert ledger_file.path().read_text().startswith(there)


def test_a_lost_ledger_comes_back_from_the_backup_with_its_key(petra):
    bring_in_line()
    erase_contact(pk=make.contact(petra).pk, reason="requested", actor=petra)
    bring_in_line()
    make_backup()
    there = ledger_file.path().read_text()
    ledger_file.path().unlink()
    ledger_file.key_path().unlink()
    done = restore(open_backup(archive.archives()[-1].path))
    assert "put back from the backup" in done.ledger
    assert ledger_file.path().read_text() == there


def test_a_backup_that_the_ledger_does_not_reach_is_refused(petra):
    bring_in_line()
    make.contact(petra)
    make_backup()
    line = {"event": "checkpoint", "position": 9, "head": "f" * 64, "until": timezone.now().isoformat()}
    line["mac"] = ledger_file.mac_of(line, ledger_file.signing_keys()[0])
    ledger_file.path().write_bytes(ledger_file.in_one_line(line))
    with pytest.raises(BackupProblem, match="older than the ledger of erasures reaches back"):
        restore(open_backup(archive.archives()[-1].path))
    assert "BACKUP_RETENTION_DAYS" in WORDS["too_old"]


def test_keys_of_another_day_open_the_backup_and_those_of_the_erased_are_gone(petra):
    bring_in_line()
    gone, stays = make.contact(petra), make.contact(petra, last_name="Zůstávající")
    make_backup()
    first_keys = archive.key_files()[0][1]
    erase_contact(pk=gone.pk, reason="requested", actor=petra)
    first_keys.unlink()
    (archive.keys_folder() / f"keys-{archive.stamp(timezone.now())}.sealed").unlink(missing_ok=True)
    path = archive.keys_folder() / f"keys-{archive.stamp(timezone.now() + dt.timedelta(seconds=5))}.sealed"
    with path.open("wb") as target:
        sealer = Sealer(target, keyrows.PURPOSE)
        keyrows.write(sealer)
        sealer.finish()
    done = restore(open_backup(archive.archives()[-1].path))
    connections.close_all()
    assert (done.erased_again, done.indexed, done.unreadable, done.is_sound) == (1, 1, 0, True)
    assert [one.last_name for one in Contact.objects.all()] == [stays.last_name]


def test_two_backups_within_a_second_lie_beside_each_other(petra):
    planted(petra)
    first, second = make_backup(), make_backup()
    assert [str(one.path) for one in archive.archives()] == [first.path, second.path]
