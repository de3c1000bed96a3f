"""`replay_erasures`: after a backup was restored, erase again whom the ledger names."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gdpr_requests.erasure.ledger import LedgerBroken
from gdpr_requests.services.replay import replay


class Command(BaseCommand):
    help = "Erase again everybody whom the ledger of erasures names and a restored backup brought back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = replay()
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
