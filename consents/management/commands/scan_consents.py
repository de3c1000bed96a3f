"""`manage.py scan_consents [--at DATE]`: the watch by hand."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consents.scan import scan


class Command(BaseCommand):
    help = "Makes tasks for consents and grounds that near their end, and ends those whose period is over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="The day to look from (YYYY-MM-DD); today by the database's clock by default.")
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = dt.date.fromisoformat(options["at"]) if options["at"] else None
        except ValueError as error:
            raise CommandError("--at takes a day like 2026-11-24.") from error
        done = scan(day).as_dict()
        if options["json"]:
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items()))
