"""Is this contact here already? Exact e-mail and phone over all cards, names over those the user may see."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contacts.index import email_key, phone_key
from contacts.models import AddressToken, Contact
from privacy.blind_index import fold

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 5


@dataclass
class Duplicates:
    """What was found: cards the user may see, and ids of cards that exist but are none of their business."""

    by_address: list[Contact] = field(default_factory=list)
    by_name: list[Contact] = field(default_factory=list)
    hidden: list[uuid.UUID] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.by_address or self.by_name or self.hidden)

    @property
    def visible(self) -> list[Contact]:
        return self.by_address + self.by_name


def find(
    *,
    user: User,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    first_name: str = "",
    last_name: str = "",
    organisation_name: str = "",
    exclude: Collection[uuid.UUID] = (),
) -> Duplicates:
    """Look for cards that may be the same person or firm. Four queries at the most."""
    digests = [email_key(value) for value in emails if value] + [phone_key(value) for value in phones if value]
    holders = set(AddressToken.objects.filter(digest__in=digests).values_list("contact_id", flat=True)) - set(exclude)
    visible = Contact.objects.visible_to(user).exclude(pk__in=exclude)
    if not user.has_perm("contacts.restrict_contact"):
        visible = visible.unrestricted()  # found by its address all the same: a colleague is sent to the officer
    found = Duplicates(by_address=list(visible.filter(pk__in=holders)[:SHOWN]))
    seen = set(visible.filter(pk__in=holders).values_list("pk", flat=True)) if holders else set()
    found.hidden = sorted(holders - seen)
    wanted = fold(f"{first_name} {last_name}".strip() or organisation_name)
    if wanted.strip():
        alike = visible.exclude(pk__in=seen).matching(wanted)[: SHOWN * 4]
        found.by_name = [contact for contact in alike if fold(plain_name(contact)) == wanted][:SHOWN]
    return found


def plain_name(contact: Contact) -> str:
    """The name without titles, as it is compared."""
    if contact.kind == Contact.Kind.ORGANISATION:
        return contact.organisation_name
    return f"{contact.first_name} {contact.last_name}".strip()
