"""`export_contact UUID --out FILE.zip`: the copy of everything held about one contact."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contacts.models import Contact
from gdpr_requests.export.archive import archive
from gdpr_requests.services.access import export_contact


class Command(BaseCommand):
    help = "Write a ZIP with everything held about one contact (Art. 15 GDPR). The file is in clear: guard it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", type=UUID, help="the card, or a former address of it")
        parser.add_argument("--out", type=Path, required=True, help="the ZIP to write; it must not exist yet")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, uuid: UUID, out: Path, **options: Any) -> None:
        started = time.monotonic()
        contact = self._contact(uuid)
        copy = export_contact(contact=contact, actor=None)
        self._write(out, copy)
        answer = {
            "contact": str(contact.pk),
            "file": str(out),
            "bytes": out.stat().st_size,
            "tables": {table.name: len(table.records) for table in copy.collected.tables},
            "files": len(copy.collected.files),
            "seconds": round(time.monotonic() - started, 3),
        }
        self.stdout.write(json.dumps(answer) if options["json"] else f"{out}: {answer['bytes']} bytes")

    def _contact(self, uuid: UUID) -> Contact:
        found: Contact | None = Contact.objects.filter(pk=uuid).first()
        found = found or Contact.objects.filter(aliases__old_id=uuid).first()
        if found is None:
            raise CommandError(f"There is no contact {uuid}.")
        return found

    def _write(self, out: Path, copy: Any) -> None:
        """Readable for the one who asked only, and never half written under its name."""
        unfinished = out.with_name(f"{out.name}.part")
        try:
            if out.exists():
                raise CommandError(f"{out} exists already.")
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                for chunk in archive(copy):
                    target.write(chunk)
            unfinished.rename(out)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}") from None
        finally:
            unfinished.unlink(missing_ok=True)
