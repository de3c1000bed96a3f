"""The desk's part of the card: Show, Correct, Delete."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from contacts.access import may_change
from contacts.card import Panel
from contacts.models import Contact
from gdpr_requests.models import DataSubjectRequest, LegalHold
from gdpr_requests.recipients import pending

if TYPE_CHECKING:
    from accounts.models import User

REQUESTS = 8
"""How many of the newest are shown."""


def panels(contact: Contact, user: User) -> list[Panel]:
    """The three words beside the name, a legal hold, the recipients to be told of a correction, and the requests."""
    found = [
        Panel("rights", "gdpr_requests/card/rights.html", partial(_rights, contact, user), "actions"),
        Panel("holds", "gdpr_requests/card/holds.html", partial(_holds, contact, user), "top"),
        Panel("recipients", "gdpr_requests/card/recipients.html", partial(_recipients, contact), "top"),
    ]
    if user.has_perm("gdpr_requests.view_datasubjectrequest"):
        found.append(Panel("requests", "gdpr_requests/card/requests.html", partial(_requests, contact, user), "side"))
    return found


def _recipients(contact: Contact) -> dict[str, Any]:
    return {"waiting": pending(contact)}


def _requests(contact: Contact, user: User) -> dict[str, Any]:
    """Open ones by urgency, then the newest that were answered. Whoever sees the card sees its requests."""
    mine = DataSubjectRequest.objects.filter(contact=contact).with_deadline()
    rows = sorted(mine.order_by("-received_on")[:REQUESTS], key=lambda one: (not one.is_open, one.deadline))
    return {"requests": rows, "may_handle": user.has_perm("gdpr_requests.handle_request")}


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
