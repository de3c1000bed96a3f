"""The one door to a request: who may not see it gets 404, who may only read it gets 403."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from gdpr_requests.models import DataSubjectRequest

if TYPE_CHECKING:
    from accounts.models import User
    from contacts.models import Contact

HANDLES = "gdpr_requests.handle_request"
DECIDES = "gdpr_requests.decide_request"


def get_request_for(user: User, pk: UUID, *, needs: str = "") -> DataSubjectRequest:
    """The request, for reading, or for whoever holds the permission `needs`. Raises Http404 or PermissionDenied."""
    seen = DataSubjectRequest.objects.visible_to(user).select_related("assignee", "contact__key")
    found: DataSubjectRequest | None = seen.filter(pk=pk).first()
    if found is None:
        raise Http404
    if needs and not user.has_perm(needs):
        raise PermissionDenied
    return found


def asked_of(text: str, *, contact: Contact, user: User) -> DataSubjectRequest | None:
    """The request named in an address, where it is one of this card that the user may see; anything else is none."""
    try:
        pk = UUID(text)
    except ValueError:
        return None
    return DataSubjectRequest.objects.visible_to(user).filter(pk=pk, contact=contact).first()
