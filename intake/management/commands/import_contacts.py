"""`manage.py import_contacts FILE --purpose SLUG --source TEXT`: an import from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from consents.models import Basis, Purpose
from consents.periods import last_day
from contacts.models import Source
from intake.batch import running, services
from intake.batch.ground import as_json, check
from intake.models import ImportBatch, ImportRow
from intake.parsing.problems import ImportProblem


class Command(BaseCommand):
    help = "Imports a CSV, XLSX or vCard file. Columns are guessed; what has no field of its own goes to a note."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--purpose", required=True, help="Short name of the purpose of all contacts.")
        parser.add_argument("--source", required=True, help="Where the data come from, in words or as a source's code.")
        parser.add_argument("--reference", default="", help="Number of the contract, where the basis asks.")
        parser.add_argument("--owner", default="", help="E-mail of the colleague who will own the contacts.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        purpose = Purpose.objects.active().filter(slug=options["purpose"]).first()
        if purpose is None:
            known = ", ".join(Purpose.objects.active().values_list("slug", flat=True))
            raise CommandError(f"No such purpose. There are: {known or 'none yet'}.")
        batch = self._take(options["file"])
        try:
            self._start(batch, purpose, options)
        except ValidationError as error:
            services.discard(batch=batch, actor=None)
            raise CommandError(" ".join(error.messages)) from error
        batch = running.run(batch.pk)
        self._report(batch, as_json=options["json"])

    def _take(self, path: Path) -> ImportBatch:
        try:
            with path.open("rb") as stream:
                return services.take_file(stream=stream, name=path.name, actor=None)
        except OSError as error:
            raise CommandError(f"The file cannot be opened: {error.strerror}.") from error
        except ImportProblem as problem:
            raise CommandError(str(problem)) from problem

    def _start(self, batch: ImportBatch, purpose: Purpose, options: dict[str, Any]) -> None:
        today = timezone.localdate()
        values: dict[str, Any] = {"reference": options["reference"]}
        if purpose.basis == Basis.CONSENT:
            values["valid_until"] = last_day(today, purpose.retention_months)
        else:
            values |= {
                "valid_from": today,
                "statute": purpose.legal_reference if purpose.basis == Basis.LEGAL_OBLIGATION else "",
                "balancing_test": purpose.balancing_test if purpose.basis == Basis.LEGITIMATE_INTEREST else None,
            }
        text = options["source"].strip()
        source = text if text in Source.values else Source.OTHER.value
        check(purpose, values, source)
        owner = User.objects.filter(email__iexact=options["owner"]).first() if options["owner"] else None
        if options["owner"] and owner is None:
            raise ValidationError("There is no such colleague.")
        services.start(
            batch=batch,
            purpose=purpose,
            source=source,
            source_detail=text if source == Source.OTHER else "",
            ground=as_json(values),
            owner=owner,
            actor=None,
            queue=False,
        )

    def _report(self, batch: ImportBatch, *, as_json: bool) -> None:
        counts = {
            "batch": str(batch.pk),
            "state": batch.state,
            "rows": batch.total,
            "created": batch.created_count,
            "refused": batch.refused_count,
            "possible_doubles": batch.duplicate_count,
        }
        if as_json:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in counts.items()))
            for row in ImportRow.objects.filter(batch=batch, state=ImportRow.State.REFUSED).order_by("number"):
                self.stdout.write(f"row {row.number}: {', '.join(problem['code'] for problem in row.problems)}")
        if batch.state != ImportBatch.State.DONE:
            raise CommandError("The import did not finish.")
