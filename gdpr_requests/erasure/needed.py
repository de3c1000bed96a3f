"""What keeps a rule of retention from erasing a card, asked again when its turn comes: days may have passed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from consents.services.orphans import without_ground
from contacts.models import Contact
from gdpr_requests.models import DataSubjectRequest, ErasureItem, ErasureRun
from gdpr_requests.models.request_codes import CLOSED


class StillNeeded(Exception):  # noqa: N818 - read as a sentence
    """A ground covers the card again, its processing is restricted, or a request of the person is open."""


#: Requests of the person that nobody has answered yet.
ASKING = Exists(DataSubjectRequest.objects.filter(contact=OuterRef("pk")).exclude(state__in=CLOSED))


def demand_unneeded(item: ErasureItem, contact: Contact) -> None:
    """Raise StillNeeded where the item comes from retention and its reason is gone. The card is locked by the caller.

    What the person asked for, or a colleague decided about one card, is not asked again.
    """
    if item.run.origin != ErasureRun.Origin.RETENTION:
        return
    mine = Contact.objects.filter(pk=contact.pk).unrestricted().filter(~ASKING)
    if not without_ground(mine).exists():
        raise StillNeeded
