"""The one door to a contact: who may not see it gets 404, who may only read gets 403."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

from contacts.models import Contact

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_correct_restricted(user: User | AnonymousUser) -> bool:
    """Whether the user may correct a restricted card, for the person: their right goes on (Art. 16, 18(2))."""
    return user.has_perms(["contacts.change_contact", "contacts.restrict_contact"])


def may_change(user: User | AnonymousUser, contact: Contact, *, correcting: bool = False) -> bool:
    """Whether the user may change a card they see. A restricted card is locked for daily work (Art. 18).

    `correcting` is about corrections of the card's own fields only, which the officer makes for the person.
    """
    if contact.is_restricted and not (correcting and may_correct_restricted(user)):
        return False
    return user.has_perm("contacts.change_contact")


def get_contact_for(
    user: User | AnonymousUser, pk: uuid.UUID, *, write: bool = False, correcting: bool = False
) -> Contact:
    """The contact, for reading or for changing (`write`, or `correcting` its own fields).

    Raises Http404 where the user may not see it and PermissionDenied where they may only read it.
    """
    contact = Contact.objects.visible_to(user).select_related("owner", "employer__key").filter(pk=pk).first()
    if contact is None:
        raise Http404
    if (write or correcting) and not may_change(user, contact, correcting=correcting):
        raise PermissionDenied
    return contact
