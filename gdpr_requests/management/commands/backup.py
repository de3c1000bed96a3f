"""`backup`: copy database, files and ledger, and the keys apart."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gdpr_requests.backup.archive import BackupProblem
from gdpr_requests.backup.making import make_backup


class Command(BaseCommand):
    help = "Makes a backup in BACKUP_DIR, with the rows of keys in a file apart. The system may go on running."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_backup()
        except BackupProblem as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(f"The backup could not be written: {problem.strerror}.") from None
        if options["json"]:
            self.stdout.write(json.dumps(made.as_json()))
            return
        self.stdout.write(
            f"Backup: {made.path} ({made.contacts} contacts, {made.files} files, {made.size} bytes)\n"
            f"Keys, to be kept apart from it: {made.keys_path} ({made.keys} keys)\n"
            f"Let go: {made.pruned_backups} old backups, {made.pruned_keys} old files of keys"
        )
