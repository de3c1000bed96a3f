"""Whose data a breach touched: asked of the audit, counted first, then written down."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contacts.models import Contact
from gdpr_requests.breaches.affected import Session, add_affected, preview, remove_affected
from gdpr_requests.breaches.forms import AffectedForm, minute_of
from gdpr_requests.breaches.views import PAGE, manages, reads
from gdpr_requests.models import AffectedContact, Breach

if TYPE_CHECKING:
    from accounts.signed_in import SignedIn

ASKED = ("everybody", "since", "until", "actor", "ways")


@never_cache
@reads
def affected(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """GET: the contacts found so far; with a question, how many it would find. POST: write them down."""
    breach = get_object_or_404(Breach, pk=pk)
    may_change = request.user.has_perm("gdpr_requests.manage_breach")
    if request.method == "POST":
        return _find(request, breach)
    asked = any(request.GET.get(name) for name in ASKED)
    window = {"since": breach.happened_from, "until": breach.happened_until}
    form = AffectedForm(request.GET if asked else None, initial=window)
    counted = preview(breach, form.criteria) if asked and may_change and form.is_valid() else None
    visible = Contact.objects.visible_to(request.user).values("pk")
    rows = AffectedContact.objects.filter(breach=breach, contact__in=visible).select_related("contact__key")
    page = Paginator(rows.order_by("-found_at", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "breach": breach,
        "form": form,
        "counted": counted,
        "asked": [(name, value) for name in ASKED for value in request.GET.getlist(name)],
        "sessions": [(one, _narrowed(request, one)) for one in counted.sessions] if counted else [],
        "page": page,
        "may_change": may_change,
    }
    return render(
        request, "gdpr_requests/breaches/affected.html", context, status=422 if asked and form.errors else 200
    )


def _narrowed(request: SignedIn, session: Session) -> str:
    """The same question, about one session alone."""
    params = request.GET.copy()
    params.pop("page", None)
    params["since"] = minute_of(session.start)
    if session.end:
        params["until"] = minute_of(session.end)
    return params.urlencode()


@manages
def _find(request: SignedIn, breach: Breach) -> HttpResponse:
    form = AffectedForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect("gdpr_requests:breach_affected", breach.pk)
    made = add_affected(breach=breach, criteria=form.criteria, actor=request.user)
    words = ngettext("%(count)d contact was written down.", "%(count)d contacts were written down.", made)
    messages.success(request, words % {"count": made})
    return redirect("gdpr_requests:breach_affected", breach.pk)


@manages
@require_POST
def remove(request: SignedIn, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    """Take off a contact that was not touched."""
    visible = Contact.objects.visible_to(request.user).values("pk")
    found = get_object_or_404(AffectedContact, pk=row, breach_id=pk, contact__in=visible)
    remove_affected(affected=found, actor=request.user)
    return redirect("gdpr_requests:breach_affected", pk)
