"""Holds of one card: read, placed, released."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.current import current_user
from contacts.access import get_contact_for
from gdpr_requests.holds.forms import HoldForm
from gdpr_requests.holds.services import place_hold, release_hold
from gdpr_requests.models import LegalHold

manages = permission_required("gdpr_requests.manage_hold", raise_exception=True)


@never_cache
@manages
@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET: the holds of a card, over ones too. POST: places one. A restricted card can be held: nothing is used."""
    contact = get_contact_for(request.user, pk)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        place_hold(contact=contact, actor=current_user(request), **form.cleaned_data)
        messages.success(request, gettext("The card is held. It can't be erased until the hold ends."))
        return redirect("gdpr_requests:holds", contact.pk)
    rows = LegalHold.objects.filter(contact=contact).order_by("released_at", "-until")
    in_force = set(rows.in_force().values_list("pk", flat=True))
    context = {"contact": contact, "form": form, "holds": [(hold, hold.pk in in_force) for hold in rows]}
    return render(request, "gdpr_requests/holds/holds.html", context)


@manages
@require_POST
def release(request: HttpRequest, pk: UUID, hold: UUID) -> HttpResponse:
    """Let the card go; erasures that waited go on."""
    contact = get_contact_for(request.user, pk)
    release_hold(hold=get_object_or_404(LegalHold, pk=hold, contact=contact), actor=current_user(request))
    messages.success(request, gettext("The hold is released. Erasures that waited for it are made now."))
    return redirect("gdpr_requests:holds", contact.pk)
