"""Which letters there are: those of a card, those of a request, and the door to one."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from contacts.models import Contact
from gdpr_requests.models import DataSubjectRequest, Letter

if TYPE_CHECKING:
    from accounts.models import User


def letters_for(user: User) -> QuerySet[Letter]:
    """The letters about requests and cards that the user may see."""
    requests = DataSubjectRequest.objects.visible_to(user).values("pk")
    cards = Contact.objects.visible_to(user).values("pk")
    return Letter.objects.filter(Q(request__in=requests) | Q(request=None, contact__in=cards))


def get_letter_for(user: User, pk: UUID) -> Letter:
    """The letter. Raises Http404 where the user may see neither its request nor its card."""
    found = letters_for(user).select_related("request__key", "contact__key").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def locked_letter(pk: UUID) -> Letter | None:
    """The letter as it stands, locked, after its card: in the order in which an erasure takes them, so that neither
    waits for the other for ever. None where it is gone.
    """
    for contact_id in Letter.objects.filter(pk=pk, contact__isnull=False).values_list("contact", flat=True):
        list(Contact.objects.select_for_update(no_key=True).filter(pk=contact_id).values_list("pk"))
    return Letter.objects.select_for_update().filter(pk=pk).first()


def stay_with_requests(contact_ids: Collection[UUID]) -> int:
    """Before an erasure: letters of a request stay with it and point to no card any more (Art. 17(3)(e))."""
    letters: QuerySet[Any] = Letter.objects.filter(contact__in=list(contact_ids), request__isnull=False)
    return letters.update(contact=None)
