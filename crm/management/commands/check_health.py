"""`manage.py check_health [PART…]`: what /healthz knows, with names, for those who look after the machine."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.health import PARTS, report


class Command(BaseCommand):
    help = "Tells whether database, broker and beat are well; the exit status is 0 only if all the parts asked for are."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; all by default")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = set(options["parts"]) - set(PARTS)
        if unknown:
            raise CommandError(f"Unknown part: {', '.join(sorted(unknown))}")
        found = {name: well for name, well in report().items() if name in (options["parts"] or PARTS)}
        lines = [f"{name}: {'ok' if well else 'not ok'}" for name, well in found.items()]
        self.stdout.write(json.dumps(found) if options["json"] else "\n".join(lines))
        if not all(found.values()):
            raise SystemExit(1)
