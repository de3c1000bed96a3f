"""The page of the card, and each of its panels alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.current import current_user
from audit.services import record
from contacts.access import get_contact_for, may_change
from contacts.happenings import Query
from contacts.models import Contact, ContactAlias
from contacts.viewers import VIEWED
from crm.card import compose


@require_GET
def card(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything about one contact. Each look is recorded before anything is shown (Art. 5(2), 32)."""
    try:
        contact = get_contact_for(request.user, pk)
    except Http404:
        return _elsewhere(request, pk)
    record(VIEWED, actor=current_user(request), contact_id=contact.pk)
    return render(request, "crm/card.html", _context(request, contact))


@require_GET
def panel(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One panel of the card as a fragment, for what has just changed."""
    contact = get_contact_for(request.user, pk)
    context = _context(request, contact)
    one = context["card"].named(name)
    if one is None:
        raise Http404
    record(VIEWED, actor=current_user(request), contact_id=contact.pk, detail={"panel": name})
    answer = render(request, "crm/card_panel.html", {**context, "panel": one})
    if "changed" in request.GET:
        answer["HX-Trigger-After-Settle"] = "card-changed"
    return answer


def _context(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    return {
        "contact": contact,
        "card": compose(contact, current_user(request), Query.read(request.GET)),
        "may_change": may_change(request.user, contact),
    }


def _elsewhere(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A card that was merged away leads to the one that took it in; any other is unknown."""
    alias = ContactAlias.objects.filter(old_id=pk).first()
    if alias is None:
        raise Http404
    return redirect("crm:card", get_contact_for(request.user, alias.contact_id).pk)
