"""The one door of every write to a card: a restricted one is closed (Art. 18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from contacts.access import may_correct_restricted
from contacts.models import Contact

if TYPE_CHECKING:
    from accounts.models import User


class CardRestricted(PermissionDenied):
    """Processing of the card is restricted: its data are stored and nothing else."""


@transaction.atomic
def enter(contact: Contact, actor: User | None, *, correcting: bool = False) -> None:
    """Hold the card for a write, until the transaction of the caller ends. Raises CardRestricted.

    The row is asked and not the object in hand: a restriction that came in between counts, and one that comes later
    waits. `correcting` lets those through who may correct a restricted card, since the person's own right to a
    correction goes on (Art. 16, 18(2)). What the person asks for by themselves (a withdrawal, an objection, access,
    erasure) never comes through this door.
    """
    row = Contact.objects.select_for_update(no_key=True).filter(pk=contact.pk)
    restricted = row.values_list("restricted_at", flat=True).first()
    if restricted is None or (correcting and actor is not None and may_correct_restricted(actor)):
        return
    raise CardRestricted
