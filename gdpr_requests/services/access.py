"""Showing a person everything that is held about them (Art. 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from audit.services import record
from contacts.models import Contact
from gdpr_requests.export.collect import Variant
from gdpr_requests.export.document import Copy, make_copy

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def show_contact(*, contact: Contact, actor: User | None, language: str) -> Copy:
    """Everything on one page, for a colleague who answers the person. Raises Contact.DoesNotExist when just erased."""
    record("contact.shown", actor=actor, contact_id=contact.pk)
    return make_copy(held(contact.pk), language=language)


@transaction.atomic
def export_contact(*, contact: Contact, actor: User | None, variant: Variant = Variant.COMPLETE) -> Copy:
    """The copy to be handed over, in the person's language. Raises Contact.DoesNotExist when just erased.

    The copy holds everything but the bytes of files, which `export.archive` opens while it is being sent.
    """
    card = held(contact.pk)
    record("contact.exported", actor=actor, contact_id=contact.pk, detail={"variant": str(variant)})
    return make_copy(card, variant=variant)


def held(pk: UUID) -> Contact:
    """The card, locked against erasure (not against new notes) until the reading is done: a copy is never half."""
    contact: Contact = Contact.objects.select_for_update(no_key=True).get(pk=pk)
    return contact
