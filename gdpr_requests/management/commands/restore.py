"""`restore DIRECTORY`: put a backup back, without the people who were erased since."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from gdpr_requests.backup.archive import BackupProblem, archives
from gdpr_requests.backup.restoring import Source, open_backup, restore


class Command(BaseCommand):
    help = "Replaces database and files by those of a backup. Exit status 0 when everything holds, 2 when not all does."
    # The database may be empty, or half of one.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", nargs="?", type=Path, help="its folder; the newest one of BACKUP_DIR otherwise")
        parser.add_argument("--keys", type=Path, help="the file with the rows of keys; the newest one otherwise")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--json", action="store_true", help="answer in JSON")
        parser.add_argument(
            "--accept-ledger",
            action="store_true",
            help="go on although the ledger of erasures is lost, broken, or reaches back less far than the backup",
        )

    def handle(self, *args: Any, backup: Path | None, keys: Path | None, **options: Any) -> None:
        try:
            source = open_backup(backup or _newest(), keys)
            self._confirm(source, options["yes"])
            say = (lambda text: None) if options["json"] else self.stdout.write
            done = restore(source, accept_ledger=options["accept_ledger"], say=say)
        except (BackupProblem, ImproperlyConfigured) as problem:
            raise CommandError(str(problem)) from None
        except (OSError, DatabaseError) as problem:
            why = type(problem).__name__
            raise CommandError(f"The restore failed ({why}). Nothing starts before one has ended.") from None
        if options["json"]:
            self.stdout.write(json.dumps({"ok": done.is_sound, **asdict(done)}))
        else:
            self.stdout.write(f"Restored: {done.backup}. What was recorded since is not in it.")
        if not done.is_sound:
            sys.exit(2)

    def _confirm(self, source: Source, yes: bool) -> None:
        if yes:
            return
        name = source.archive.path.name
        self.stderr.write(f"Database and files are replaced by {name} ({source.manifest['made_at']}).")
        try:
            answer = input(f"Type {name} to go on: ")
        except EOFError:
            answer = ""
        if answer.strip() != name:
            raise CommandError("Nothing was changed. (--yes answers for you.)")


def _newest() -> Path:
    found = archives()
    if not found:
        raise BackupProblem("There is no backup in BACKUP_DIR: name its folder.")
    return found[-1].path
