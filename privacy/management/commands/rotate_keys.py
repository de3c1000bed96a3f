"""Wrap every data key under the newest FIELD_ENCRYPTION_KEY, while the system runs."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from privacy.rotation import rotate


class Command(BaseCommand):
    help = (
        "Wraps all keys of people and of the system under the first key of FIELD_ENCRYPTION_KEY. Safe to repeat and to "
        "interrupt. Put the new key first, restart all processes, run this, then remove the old key."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")
        parser.add_argument("--batch", type=int, default=1000, help="Keys in one transaction (1000).")

    def handle(self, *args: Any, **options: Any) -> None:
        done = rotate(batch=options["batch"])
        if options["json"]:
            self.stdout.write(json.dumps({"rewrapped": done.rewrapped, "already_newest": done.already_newest}))
        else:
            self.stdout.write(f"Rewrapped {done.rewrapped} keys; {done.already_newest} were already under the newest.")
