"""A backup or a restore that is killed anywhere leaves nothing half: the next one simply does the work."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections

from contacts.models import Contact
from gdpr_requests.backup import archive, presence
from gdpr_requests.backup.making import make_backup
from gdpr_requests.backup.startup import bring_in_line
from gdpr_requests.services.erase import erase_contact
from tests import make
from tests.gdpr_requests.backup import place
from tests.gdpr_requests.people import planted

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 40 if os.environ.get("HYPOTHESIS_PROFILE") == "trust" else 2
#: Seconds until Django is loaded; the work itself takes about as long again.
LOADED = 0.8


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_DIR = tmp_path / "backups"
    return tmp_path


def killed(seed: int, *arguments: str, until: Path) -> bool:
    """Start manage.py and kill it a random moment after it has begun to write. Whether it was still running."""
    process = place.manage(*arguments)
    deadline = time.monotonic() + 60
    while process.poll() is None and not until.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(random.Random(seed).random() * LOADED)
    running = process.poll() is None
    if running:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    return running


def test_a_killed_backup_is_no_backup_and_the_next_one_clears_it_away(petra):
    planted(petra)
    connections.close_all()
    for seed in range(KILLS):
        killed(seed, "backup", until=archive.folder() / ".lock")
        for one in archive.archives():
            one.verified()
    made = make_backup()
    newest = archive.archives()[-1]
    assert (str(newest.path), newest.verified()["counts"]["contacts"]) == (made.path, 1)
    leftovers = [*archive.folder().glob("*.part"), *archive.keys_folder().glob("*.part")]
    assert leftovers == []


def test_nothing_starts_on_a_killed_restore_and_the_next_one_ends_it(petra, var):
    bring_in_line()
    stays = planted(petra).contact
    goes = make.contact(petra, last_name="Odcházející")
    make_backup()
    erase_contact(pk=goes.pk, reason="requested", actor=petra)
    connections.close_all()
    cut_off = 0
    for seed in range(KILLS):
        running = killed(seed, "restore", "--yes", until=presence.unfinished())
        if running and presence.unfinished().exists():
            cut_off += 1
            with pytest.raises(ImproperlyConfigured, match="cut off before its end"):
                presence.announce()
            presence._held.clear()
        connections.close_all()
    _wait_for_other_connections()
    call_command("restore", "--yes")
    assert cut_off > 0, "it was too fast to be killed in between"
    assert [one.last_name for one in Contact.objects.all()] == [stays.last_name]
    assert not presence.unfinished().exists()
    presence.announce()
    presence._held.clear()
    assert Path(settings.VAR_DIR, "restore.part").exists() is False


def _wait_for_other_connections() -> None:
    """What the killed one had started (psql) ends by itself."""
    from gdpr_requests.backup import database

    for _ in range(100):
        try:
            database.ready_to_load()
            return
        except archive.BackupProblem:
            time.sleep(0.1)
