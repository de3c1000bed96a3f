"""The desk's part of the card: Show, Correct, Delete."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from contacts.access import may_change
from contacts.card import Panel
from contacts.models import Contact
from gdpr_requests.recipients import pending

if TYPE_CHECKING:
    from accounts.models import User


def panels(contact: Contact, user: User) -> list[Panel]:
    """The three words beside the name, and after a correction the recipients to be told."""
    return [
        Panel("rights", "gdpr_requests/card/rights.html", partial(_rights, contact, user), "actions"),
        Panel("recipients", "gdpr_requests/card/recipients.html", partial(_recipients, contact), "top"),
    ]


def _recipients(contact: Contact) -> dict[str, Any]:
    return {"waiting": pending(contact)}


def _rights(contact: Contact, user: User) -> dict[str, Any]:
    return {
        "may_show": user.has_perm("contacts.export_contact"),
        "may_correct": may_change(user, contact),
        "may_erase": user.has_perms(["gdpr_requests.erase_contact", "contacts.change_contact"]),
    }
