"""Let the oldest audit rows go at the end of their period."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.pruning import prune


class Command(BaseCommand):
    help = "Deletes audit events older than AUDIT_RETENTION_DAYS, oldest first, leaving a signed checkpoint."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, help="Another age than AUDIT_RETENTION_DAYS, never a shorter one.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"] if options["days"] is not None else settings.AUDIT_RETENTION_DAYS
        if days < settings.AUDIT_RETENTION_DAYS:
            raise CommandError(f"The record is kept for {settings.AUDIT_RETENTION_DAYS} days.")
        pruned = prune(before=timezone.now() - timedelta(days=days))
        self.stdout.write(json.dumps({"pruned": pruned}) if options["json"] else f"Pruned {pruned} audit events.")
