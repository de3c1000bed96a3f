"""The page of a card's restriction: placed, announced and lifted here, with everything that was before."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from contacts.access import get_contact_for
from contacts.models import Contact
from gdpr_requests.desk.access import asked_of
from gdpr_requests.desk.services import mark_worked
from gdpr_requests.models import Restriction
from gdpr_requests.restriction.forms import NoticeForm, RestrictForm
from gdpr_requests.restriction.services import lift, record_notice, restrict

if TYPE_CHECKING:
    from accounts.signed_in import SignedIn

restricts = permission_required("contacts.restrict_contact", raise_exception=True)


@restricts
def restriction(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """GET: where the restriction stands. POST: place one. `?request=` names the request that it answers."""
    contact = get_contact_for(request.user, pk)
    asked = asked_of(request.GET.get("request", ""), contact=contact, user=request.user)
    form = RestrictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            restrict(contact=contact, actor=request.user, request_id=asked.pk if asked else None, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Processing is restricted. The card is locked for daily work."))
            if asked is not None:
                mark_worked(request=asked, actor=request.user, what="restricted")
                return redirect("gdpr_requests:request", asked.pk)
            return redirect("gdpr_requests:restriction", contact.pk)
    return _page(request, contact, form=form)


@require_POST
@restricts
def notice(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Record that the person was told that the restriction ends."""
    contact = get_contact_for(request.user, pk)
    row = get_object_or_404(Restriction, contact=contact, lifted_at__isnull=True)
    form = NoticeForm(request.POST)
    if form.is_valid():
        try:
            record_notice(restriction=row, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None if not hasattr(error, "error_dict") else "told_on", error.messages)
        else:
            messages.success(request, _("The notice is recorded. The restriction can be lifted now."))
            return redirect("gdpr_requests:restriction", contact.pk)
    return _page(request, contact, told=form)


@require_POST
@restricts
def release(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Lift the restriction of which the person was told."""
    contact = get_contact_for(request.user, pk)
    row = get_object_or_404(Restriction, contact=contact, lifted_at__isnull=True)
    try:
        lift(restriction=row, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("gdpr_requests:restriction", contact.pk)
    messages.success(request, _("The restriction is lifted. The card is open for daily work again."))
    return redirect(contact)


def _page(request: SignedIn, contact: Contact, **forms: Any) -> HttpResponse:
    rows = list(Restriction.objects.filter(contact=contact).order_by("-placed_at"))
    ids = {pk for row in rows for pk in (row.placed_by_id, row.told_by_id, row.lifted_by_id) if pk}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}
    context = {
        "contact": contact,
        "current": next((row for row in rows if row.is_open), None),
        "rows": [
            (row, *(people.get(pk, "") if pk else "" for pk in (row.placed_by_id, row.told_by_id, row.lifted_by_id)))
            for row in rows
        ],
        "form": forms.get("form") or RestrictForm(),
        "told": forms.get("told") or NoticeForm(),
    }
    wrong = any(form.is_bound and form.errors for form in forms.values())
    return render(request, "gdpr_requests/restriction/page.html", context, status=422 if wrong else 200)
