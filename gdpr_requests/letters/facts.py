"""What letters are filled with: the installation, the request, the person. All of it in the language of the letter.

`values_of` gives a text for every placeholder of the kind; what the system does not know is a gap that a colleague
fills in, and what there is nothing to say about is empty.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext, pgettext

from accounts.models import Installation
from contacts.models import Contact
from gdpr_requests.authority import supervisory_authority
from gdpr_requests.export.document import language_of
from gdpr_requests.export.information import rights
from gdpr_requests.export.values import article_text, day_text
from gdpr_requests.letters import rights_facts
from gdpr_requests.letters.kinds import Placeholder, placeholders_of
from gdpr_requests.letters.text import gap
from gdpr_requests.models import DataSubjectRequest, LetterKind

if TYPE_CHECKING:
    from accounts.models import User


_YOU = re.compile(r"\b(?:vy|vás|vám|vámi|váš|vaš(?:e|i|í|eho|emu|em|ím|ich|im|imi))\b")


@dataclass(frozen=True)
class About:
    """What one letter is about. `given` are texts that the caller knows, by placeholder; they win over all else."""

    kind: str
    language: str
    request: DataSubjectRequest | None = None
    contact: Contact | None = None
    actor: User | None = None
    given: Mapping[str, str] = field(default_factory=dict)


def values_of(about: About) -> dict[str, str]:
    """A text for each placeholder of the letter; the language must be active."""
    known = {**_of_installation(about), **_of_request(about)}
    known |= rights_facts.of_kind(about.kind, about.request, about.contact)
    known = {name: _addressed(text, about.language) for name, text in known.items()} | _of_person(about)
    known |= {name: value for name, value in about.given.items() if value}
    return {item.name: known.get(item.name) or _missing(item) for item in placeholders_of(about.kind)}


def _missing(item: Placeholder) -> str:
    return gap(str(item.label)) if item.asked else ""


def as_list(items: list[str]) -> str:
    """The items as the list of a letter."""
    return rights_facts.as_list(items)


def _of_installation(about: About) -> dict[str, str]:
    own, authority = Installation.current(), supervisory_authority()
    ico = gettext("IČO %(number)s") % {"number": own.registration_number} if own.registration_number else ""
    return {
        "company": own.name,
        "controller": ", ".join(part for part in (own.name, ico, own.address) if part),
        "dpo": own.dpo_contact,
        "contact_us": ", ".join(part for part in (own.email, own.phone) if part) or own.address,
        "signature": _signature(own, about),
        "today": day_text(timezone.localdate()),
        "authority": ", ".join(part for part in (authority["name"], authority["address"], authority["web"]) if part),
        "rights": as_list([f"{right['text']} ({article_text(right['article'])})" for right in rights()]),
    }


def _signature(own: Installation, about: About) -> str:
    handler = (about.request.assignee if about.request else None) or about.actor
    lines = [own.name]
    if handler is not None and handler.full_name:
        lines.append(pgettext("signature of a letter", "Handled by: %(name)s") % {"name": handler.full_name})
    return "\n".join(line for line in lines if line)


def _addressed(text: str, language: str) -> str:
    """Czech letters write „Vy“ and „Váš“ with a capital, pages do not."""
    return _YOU.sub(lambda match: match[0].capitalize(), text) if language == "cs" else text


def _of_request(about: About) -> dict[str, str]:
    request = about.request
    if request is None:
        return {}
    is_extension = about.kind == LetterKind.EXTENSION
    return {
        "number": request.number,
        "right": right_text(request.right),
        "received": day_text(request.received_on),
        # The letter that extends the time limit names the one that it extends.
        "due": day_text(request.due_on if is_extension else request.deadline),
    }


def right_text(right: str) -> str:
    """What somebody asks for, as it stands in brackets after "your request"."""
    words = {
        "access": gettext("request for access to personal data, Art. 15 GDPR"),
        "rectification": gettext("request for correction of personal data, Art. 16 GDPR"),
        "erasure": gettext("request for erasure of personal data, Art. 17 GDPR"),
        "restriction": gettext("request for restriction of processing, Art. 18 GDPR"),
        "objection": gettext("objection to processing, Art. 21 GDPR"),
        "portability": gettext("request to receive data in a portable form, Art. 20 GDPR"),
        "withdrawal": gettext("withdrawal of consent, Art. 7(3) GDPR"),
        "complaint": gettext("complaint about the processing of personal data"),
    }
    return words[right]


def _of_person(about: About) -> dict[str, str]:
    return {"person": name_of(about), "salutation": salutation_of(about)}


def name_of(about: About) -> str:
    """The person's name: as the card has it, else as they gave it in the request."""
    if about.contact is not None:
        return about.contact.display_name
    return about.request.requester_name if about.request is not None else ""


def salutation_of(about: About) -> str:
    """How the letter begins. The card knows the Czech vocative; where it does not, nobody is addressed wrongly."""
    contact = about.contact
    if contact is not None and contact.salutation and language_of(contact) == about.language:
        return contact.salutation.strip().rstrip(",")
    if about.language == "cs":
        return "Dobrý den"
    name = name_of(about) if contact is None else _english_name(contact)
    return f"Dear {name}" if name else "Dear Sir or Madam"


def _english_name(contact: Contact) -> str:
    return " ".join(part for part in (contact.first_name, contact.last_name) if part)


def day(value: dt.date | None) -> str:
    return day_text(value) if value else ""
