"""Telling recipients of a correction (Art. 19)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.current import current_user
from contacts.access import get_contact_for, may_change
from gdpr_requests.recipients import pending, recipients_of
from gdpr_requests.services.recipients import note_told


@require_http_methods(["GET", "HEAD", "POST"])
def recipients(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET: who gets data of the contact and who has to be told. POST: those in `told` were."""
    is_telling = request.method == "POST"
    contact = get_contact_for(request.user, pk, correcting=is_telling)
    if is_telling:
        count = note_told(contact=contact, names=request.POST.getlist("told"), actor=current_user(request))
        words = ngettext("%(count)d recipient was told.", "%(count)d recipients were told.", count)
        messages.success(request, words % {"count": count})
        return redirect("crm:card", contact.pk)
    context = {
        "contact": contact,
        "recipients": recipients_of(contact),
        "waiting": pending(contact),
        "may_change": may_change(request.user, contact, correcting=True),
    }
    return render(request, "gdpr_requests/recipients.html", context)
