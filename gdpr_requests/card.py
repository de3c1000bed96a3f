"""The desk's part of the card: Show, Correct, Delete."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from contacts.access import may_change
from contacts.card import Panel
from contacts.models import Contact
from gdpr_requests.models import LegalHold
from gdpr_requests.recipients import pending

if TYPE_CHECKING:
    from accounts.models import User


def panels(contact: Contact, user: User) -> list[Panel]:
    """The three words beside the name, a legal hold, and after a correction the recipients to be told."""
    return [
        Panel("rights", "gdpr_requests/card/rights.html", partial(_rights, contact, user), "actions"),
        Panel("holds", "gdpr_requests/card/holds.html", partial(_holds, contact, user), "top"),
        Panel("recipients", "gdpr_requests/card/recipients.html", partial(_recipients, contact), "top"),
    ]


def _recipients(contact: Contact) -> dict[str, Any]:
    return {"waiting": pending(contact)}


def _holds(contact: Contact, user: User) -> dict[str, Any]:
    in_force = LegalHold.objects.filter(contact=contact).in_force().order_by("-until")
    return {
        "held_until": in_force.values_list("until", flat=True).first(),
        "may_hold": user.has_perm("gdpr_requests.manage_hold"),
    }


def _rights(contact: Contact, user: User) -> dict[str, Any]:
    return {
        "may_show": user.has_perm("contacts.export_contact"),
        "may_correct": may_change(user, contact, correcting=True),
        "may_erase": user.has_perms(["gdpr_requests.erase_contact", "contacts.change_contact"]),
    }
