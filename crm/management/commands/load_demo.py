"""`manage.py load_demo --contacts N --seed S`: a believable company; the same for the same seed."""

from __future__ import annotations

import json
import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from crm.demo.load import AlreadyLoaded, load

LANGUAGE_HELP = "The language of its data; that of the installation by default."
BATCH_HELP = "How many contacts (people and organisations together)."


class Command(BaseCommand):
    help = "Loads a believable demo company with contacts, grounds, consents, notes and tasks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--contacts", type=int, default=60, help=BATCH_HELP)
        parser.add_argument("--seed", type=int, default=1, help="The same seed gives the same company.")
        parser.add_argument("--language", choices=["cs", "en"], default=settings.LANGUAGE_CODE, help=LANGUAGE_HELP)
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["contacts"] < 1:
            raise CommandError("--contacts must be at least 1.")
        password = os.environ.get("CRM_DEMO_PASSWORD") or secrets.token_urlsafe(12)
        try:
            with transaction.atomic():
                counts = load(options["contacts"], options["seed"], options["language"], password)
        except AlreadyLoaded as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        elif options["verbosity"]:
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in counts.items()))
