"""`erase_contact UUID --reason CODE`: erase everything about one contact."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contacts.models import Contact
from gdpr_requests.erased import erased_item
from gdpr_requests.models import ErasureItem, ErasureReason, ErasureRun
from gdpr_requests.services.erase import erase_contact


class Command(BaseCommand):
    help = "Erase everything about one contact (Art. 17 GDPR), except what a legal duty keeps. There is no way back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", type=UUID, help="the card")
        parser.add_argument("--reason", required=True, choices=ErasureReason.values)
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, uuid: UUID, reason: str, **options: Any) -> None:
        try:
            item = erase_contact(pk=uuid, reason=reason, actor=None, origin=ErasureRun.Origin.COMMAND)
        except Contact.DoesNotExist:
            raise CommandError(self._unknown(uuid)) from None
        if item.state == ErasureItem.State.HELD:
            raise CommandError(f"A legal hold keeps {uuid} until {item.held_until}; it is erased by itself afterwards.")
        item.refresh_from_db()
        self.stdout.write(json.dumps(self._answer(item)) if options["json"] else f"Erased: {item.certificate}")

    def _answer(self, item: ErasureItem) -> dict[str, Any]:
        return {
            "certificate": item.certificate,
            "rows": item.counts,
            "kept": item.kept,
            "checked": item.checked_at.isoformat() if item.checked_at else None,
        }

    def _unknown(self, uuid: UUID) -> str:
        item = erased_item(uuid)
        return f"{uuid} was erased already: {item.certificate}." if item else f"There is no contact {uuid}."
