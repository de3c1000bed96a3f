"""Prove that no recorded consent was changed afterwards."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from consents.verify import verify_consents


class Command(BaseCommand):
    help = "Checks the chain of every subject's consent events. Exit status 0 only when all hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_consents()
        broken = [str(pk) for pk in verdict.broken]
        if options["json"]:
            self.stdout.write(json.dumps({"ok": verdict.ok, "events": verdict.events, "broken": broken}))
        elif verdict.ok:
            self.stdout.write(f"The consent ledger holds: {verdict.events} events.")
        else:
            self.stdout.write(f"The consent ledger does NOT hold at: {', '.join(broken)}.")
        if not verdict.ok:
            sys.exit(1)
