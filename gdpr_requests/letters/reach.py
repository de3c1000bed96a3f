"""Where a letter goes: the name and postal address on the sheet, and the e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from contacts.models import Contact, EmailAddress, PostalAddress

if TYPE_CHECKING:
    from gdpr_requests.letters.facts import About


@dataclass(frozen=True)
class Reach:
    """`address` is the block on the sheet, name first; `emails` are all that are known, the best first."""

    address: str
    emails: list[str]

    @property
    def email(self) -> str:
        return self.emails[0] if self.emails else ""


def reach_of(about: About) -> Reach:
    """From the request, which says where the person wants the answer, then from the card."""
    name = ""
    lines: list[str] = []
    emails: list[str] = []
    if about.request is not None:
        name = about.request.requester_name
        _sort_out(about.request.requester_address, lines, emails)
    if about.contact is not None:
        name = about.contact.display_name
        lines = lines or _postal(about.contact)
        emails += _emails(about.contact)
    return Reach("\n".join([name, *lines] if name else lines), list(dict.fromkeys(emails)))


def _sort_out(given: str, lines: list[str], emails: list[str]) -> None:
    """What a requester gave as an address is one or more e-mails, or the lines of a postal one."""
    for line in given.splitlines():
        parts = line.replace(";", ",").split(",")
        found = [part.strip() for part in parts if is_email(part.strip())]
        emails += found
        if not found and line.strip():
            lines.append(line.strip())


def is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _emails(contact: Contact) -> list[str]:
    rows = EmailAddress.objects.filter(contact=contact).order_by("-is_primary", "pk")
    return [row.value for row in rows if is_email(row.value)]


def _postal(contact: Contact) -> list[str]:
    row = PostalAddress.objects.filter(contact=contact).order_by("-is_primary", "pk").first()
    return row.lines if row is not None else []
