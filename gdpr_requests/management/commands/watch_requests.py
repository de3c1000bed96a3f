"""`manage.py watch_requests [--at DATE]`: the register's jobs by hand."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gdpr_requests.desk.ending import end_old
from gdpr_requests.desk.reminders import remind


class Command(BaseCommand):
    help = "Makes tasks for requests that are due soon or late, and destroys answered ones whose time is over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="The day to look from (YYYY-MM-DD); today by default.")
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = dt.date.fromisoformat(options["at"]) if options["at"] else None
        except ValueError as error:
            raise CommandError("--at takes a day like 2026-11-24.") from error
        done = {"reminders": remind(day), "ended": end_old(day)}
        if options["json"]:
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items()))
