"""Merging two cards: choose the other one, compare, confirm."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.current import current_user
from contacts import duplicates
from contacts.access import get_contact_for
from contacts.models import Contact, EmailAddress, Phone
from gdpr_requests.services.merge import differences, merge_contacts

merges = permission_required("contacts.merge_contact", raise_exception=True)
HITS = 10


@merges
def choose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Which card is the same person? Likely ones are offered; others are searched for."""
    user = current_user(request)
    contact = get_contact_for(user, pk, write=True)
    query = request.POST.get("q", "").strip()[:200] if request.method == "POST" else ""
    mine = Contact.objects.visible_to(user).exclude(pk=pk).filter(kind=contact.kind)
    if query:
        offered = list(mine.matching(query).order_by("-created_at")[:HITS])
    else:
        offered = [c for c in _alike(contact, user).visible if c.kind == contact.kind]
    context = {"contact": contact, "offered": offered, "query": query}
    return render(request, "gdpr_requests/merge_choose.html", context)


@merges
def merge(request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """Compare the two cards, say which values stay, and merge."""
    user = current_user(request)
    kept = get_contact_for(user, pk, write=True)
    gone = get_contact_for(user, other, write=True)
    if request.method == "POST":
        take = {name: request.POST.get(name) == "other" for name, _mine, _theirs in differences(kept, gone)}
        try:
            merged = merge_contacts(kept=kept, other=gone, take=take, actor=user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("gdpr_requests:merge_choose", pk)
        messages.success(request, _("The two cards are one. The old address leads here."))
        return redirect(merged)
    rows = [_row(name, mine, theirs) for name, mine, theirs in differences(kept, gone)]
    return render(request, "gdpr_requests/merge.html", {"contact": kept, "other": gone, "rows": rows})


def _alike(contact: Contact, user: Any) -> duplicates.Duplicates:
    return duplicates.find(
        user=user,
        emails=[email.value for email in EmailAddress.objects.filter(contact=contact)],
        phones=[phone.value for phone in Phone.objects.filter(contact=contact)],
        first_name=contact.first_name,
        last_name=contact.last_name,
        organisation_name=contact.organisation_name,
        exclude=[contact.pk],
    )


def _row(name: str, mine: Any, theirs: Any) -> dict[str, Any]:
    field = Contact._meta.get_field(name)
    labels = dict(getattr(field, "flatchoices", ()) or ())
    return {
        "name": name,
        "label": field.verbose_name,  # type: ignore[union-attr]
        "mine": labels.get(mine) or getattr(mine, "display_name", mine),
        "theirs": labels.get(theirs) or getattr(theirs, "display_name", theirs),
    }
