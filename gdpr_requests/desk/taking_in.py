"""From an e-mail, or from an open card, to a form that is filled in already."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from contacts.index import email_key
from contacts.models import Contact, EmailAddress
from gdpr_requests.desk.guess import language_of_text, right_in
from gdpr_requests.models import Channel
from intake.parsing.eml import Mailbox, ParsedEmail, read_email

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_TEXT = 50_000
LONGEST_NAME, LONGEST_ADDRESS = 250, 300
MOST_CARDS = 20


@dataclass(frozen=True)
class Prefilled:
    """What the form begins with, and the cards that it may be about."""

    initial: dict[str, Any] = field(default_factory=dict)
    cards: list[Contact] = field(default_factory=list)


def from_email(data: bytes, *, user: User) -> Prefilled:
    """Read a message: who asks, what, and since when the clock runs. Raises ImportProblem for what is no e-mail."""
    message = read_email(data)
    sender = message.senders[0] if message.senders else Mailbox("", "")
    cards = cards_with(sender.address, user=user)
    card = cards[0] if len(cards) == 1 else None
    text = f"{message.subject}\n\n{message.body}".strip()[:LONGEST_TEXT]
    initial = {
        "right": right_in(message.subject, message.body) or "",
        "channel": Channel.EMAIL.value,
        "received_on": _received(message),
        "requester_name": (sender.name or (card.display_name if card else sender.address))[:LONGEST_NAME],
        "requester_address": sender.address[:LONGEST_ADDRESS],
        "text": text,
        "language": language_of_text(text),
        "contact": str(card.pk) if card else "",
    }
    return Prefilled(initial, cards)


def from_card(contact: Contact) -> Prefilled:
    """What is known of the person of an open card."""
    email = EmailAddress.objects.filter(contact=contact).order_by("-is_primary", "pk").first()
    initial = {
        "received_on": timezone.localdate(),
        "requester_name": contact.display_name[:LONGEST_NAME],
        "requester_address": email.value if email else "",
        "language": contact.language if contact.language in ("cs", "en") else "en",
        "contact": str(contact.pk),
    }
    return Prefilled(initial, [contact])


def cards_with(address: str, *, user: User) -> list[Contact]:
    """The cards with that e-mail address that the user may see, found by the blind index."""
    if "@" not in address:
        return []
    holders = Contact.objects.visible_to(user).holding([email_key(address)])
    return list(holders.order_by("created_at", "pk")[:MOST_CARDS])


def _received(message: ParsedEmail) -> dt.date:
    """The day on which it was sent; one in the future, or none at all, is today."""
    today = timezone.localdate()
    return min(timezone.localdate(message.sent_at), today) if message.sent_at else today
