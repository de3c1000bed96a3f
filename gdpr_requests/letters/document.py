"""The sheet: a letter as a tagged PDF on the company's letterhead."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext

from accounts.models import Installation
from gdpr_requests.export.values import day_text
from gdpr_requests.letters.text import blocks
from gdpr_requests.models import Letter
from gdpr_requests.typesetting import pdf


def letter_pdf(letter: Letter) -> bytes:
    """The letter as PDF/UA-1, in its own language. Made anew each time: nothing of it lies on a disk."""
    return pdf("letter.typ", sheet_of(letter))


def sheet_of(letter: Letter) -> dict[str, Any]:
    """What stands on the sheet, for typst and for the page."""
    own = Installation.current()
    with translation.override(letter.language):
        sent_on = timezone.localdate(letter.sent_at) if letter.sent_at else timezone.localdate()
        return {
            "language": letter.language,
            "title": letter.subject,
            "author": own.name,
            "sender": _sender(own),
            "addressee": [line for line in letter.to_address.splitlines() if line.strip()],
            "addressee_label": pgettext("on a letter", "To"),
            "facts": _facts(letter, day_text(sent_on)),
            "blocks": [{"kind": block.kind, "lines": block.lines} for block in blocks(letter.body, letter.language)],
            "footer": " · ".join(part for part in (own.name, own.email, own.phone) if part),
        }


def _sender(own: Installation) -> list[str]:
    ico = gettext("IČO %(number)s") % {"number": own.registration_number} if own.registration_number else ""
    return [part for part in (own.name, own.address, ico, own.email, own.phone) if part]


def _facts(letter: Letter, day: str) -> list[tuple[str, str]]:
    number = letter.request.number if letter.request_id is not None and letter.request else ""
    pairs = [(pgettext("on a letter", "Our reference"), number), (pgettext("on a letter", "Date"), day)]
    return [(term, value) for term, value in pairs if value]
