"""Addresses that may not come onto a card: they asked to be left alone, or belonged to somebody erased.

The list of them stands in a room above this one, so it is given to us at start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts.index import email_key, phone_key
from contacts.models import Contact, EmailAddress, Phone

Question = Callable[[Contact, Collection[str]], set[str]]

WORDS = _("This address asked to be left alone. It may be held only for a contract or a legal obligation.")
_asked: list[Question] = []


class AddressRefused(ValidationError):  # noqa: N818 - read as a sentence
    """An address that asked to be left alone was about to come onto a card. The words say so without naming it."""

    def __init__(self) -> None:
        super().__init__(WORDS, code="left_alone")


def ask(question: Question) -> None:
    """Let `question` tell which of some addresses a card may not take. The last one given is asked."""
    _asked[:] = [question]


def refused(contact: Contact, addresses: Collection[str]) -> set[str]:
    """Those of the addresses that the card does not hold yet and may not take."""
    held = _keys_of(contact)
    new = {address for address in addresses if address and _key(address) not in held}
    return {address for question in _asked for address in question(contact, new)} if new else set()


def demand_welcome(contact: Contact, addresses: Collection[str]) -> None:
    """Raise AddressRefused where one of the addresses may not come onto the card."""
    if refused(contact, addresses):
        raise AddressRefused


def _key(address: str) -> object:
    return email_key(address) if "@" in address else phone_key(address)


def _keys_of(contact: Contact) -> set[object]:
    """What the card holds, in whatever spelling."""
    values = [email.value for email in EmailAddress.objects.filter(contact=contact)]
    values += [phone.value for phone in Phone.objects.filter(contact=contact)]
    return {_key(value) for value in values}
