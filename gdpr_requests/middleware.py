"""Addresses of erased cards, and work that lost the race against an erasure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.defaults import page_not_found

from gdpr_requests.erased import erased_item, gone
from privacy.errors import KeyMissing

# How a writer may find out that the card went away under its hands.
_LOST = (DatabaseError, ObjectDoesNotExist, KeyMissing)


class ErasedCardMiddleware:
    """Answers for every page below /contacts/<uuid>/ once that card is erased: 410, or 404 to who may not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django asks here before it makes an error page. Anything not about an erased card stays an error."""
        pk = _card_of(request)
        if pk is None or not isinstance(exception, (Http404, *_LOST)):
            return None
        answer = gone(request, pk)
        if answer is None and isinstance(exception, _LOST) and erased_item(pk):
            return page_not_found(request, Http404())
        return answer


def _card_of(request: HttpRequest) -> UUID | None:
    match: Any = request.resolver_match
    if match is None or not match.route.startswith("contacts/<uuid:"):
        return None
    return next((value for value in match.kwargs.values() if isinstance(value, UUID)), None)
