"""`replay_erasures`: after a backup was restored, erase again whom the ledger names."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gdpr_requests.backup.acceptance import accept_ledger
from gdpr_requests.backup.startup import replay_everything
from gdpr_requests.erasure.ledger import LedgerBroken


class Command(BaseCommand):
    help = "Erase again everybody whom the ledger of erasures names and a restored backup brought back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer in JSON")
        parser.add_argument(
            "--accept-ledger",
            action="store_true",
            help="where the ledger is lost, broken or older than the database: go on with what is there (audited)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = accept_ledger() if options["accept_ledger"] else replay_everything()
        except LedgerBroken as error:
            raise CommandError(f"{error} Nothing was erased: find out who touched it.") from None
        answer = {
            "named": done.named,
            "erased_again": len(done.erased),
            "closed": done.closed,
            "keys_destroyed": done.keys,
            "missing_in_ledger": done.missing,
        }
        self.stdout.write(
            json.dumps(answer) if options["json"] else f"{done.named} erasures named, {len(done.erased)} done again."
        )
        if not done.is_sound:
            raise CommandError(f"{len(done.missing)} certificates are not in the ledger: its end was cut off.")
