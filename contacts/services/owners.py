"""Who looks after a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import Row, record_many
from contacts.models import Contact

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def hand_over_contacts(*, leaver: User, heir: User | None, actor: User) -> int:
    """Give every contact of the leaver to a colleague, or to nobody; answers how many."""
    ids = list(Contact.objects.filter(owner=leaver).values_list("pk", flat=True))
    moved = Contact.objects.filter(owner=leaver).update(owner=heir)
    record_many("contact.owner_changed", actor=actor, rows=[Row(contact_id=pk, fields=["owner"]) for pk in ids])
    return moved
