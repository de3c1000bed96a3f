"""What an address answers once its card is erased: 410 with the certificate's number, to those who may know."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gdpr_requests.erasure import ledger
from gdpr_requests.models import ErasedAddress, ErasureItem

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

MAY_KNOW = ("gdpr_requests.erase_contact", "audit.view_auditevent")


def erased_item(pk: UUID) -> ErasureItem | None:
    """The erasure behind the address of a card (or of one merged into it), or None where nobody was erased there."""
    found = ErasedAddress.objects.select_related("item").filter(pk=pk).first()
    return found.item if found else None


def may_know(user: User | AnonymousUser) -> bool:
    """Whether the user may learn that a card was erased. To everybody else its address is unknown (404)."""
    return any(user.has_perm(name) for name in MAY_KNOW)


def gone(request: HttpRequest, pk: UUID) -> HttpResponse | None:
    """The 410 page, or None where the address was never erased or the user may not know."""
    if not may_know(request.user):
        return None
    item = erased_item(pk)
    return render(request, "gdpr_requests/gone.html", {"item": item}, status=410) if item else None


def is_key_of_erased(key_id: UUID) -> bool:
    """Whether the ledger names this data key. Raises LedgerBroken."""
    return key_id in _keys_of_erased(ledger.version())


@lru_cache(maxsize=1)
def _keys_of_erased(_version: tuple[int, int]) -> frozenset[UUID]:
    # A restored database may hold thousands of rows without keys: the ledger is read once, until it grows.
    return frozenset(key_id for entry in ledger.named() for key_id in entry.key_ids)
