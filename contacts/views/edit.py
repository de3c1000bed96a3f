"""Correcting the whole card (Art. 16): one form, saved at once, never over a change that nobody has seen."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.current import current_user
from audit.services import record
from contacts.access import get_contact_for
from contacts.conflict import differences, with_rows_of_others
from contacts.forms.channels import MODELS
from contacts.forms.edit import EditForm, with_more_rows
from contacts.forms.employer import EmployerForm
from contacts.models import Contact
from contacts.services.correct import CardChanged, correct_everything, version_of


def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The form; what was sent is kept whatever is wrong with it."""
    contact = get_contact_for(request.user, pk, correcting=True)
    kind = request.POST.get("kind") or request.GET.get("kind") or contact.kind
    kind = kind if kind in Contact.Kind.values else contact.kind
    user, sent = current_user(request), request.method == "POST"
    data: QueryDict | None = request.POST if sent else None
    if sent and "add" in request.POST:
        data = with_more_rows(request.POST, request.POST["add"], contact)
    form = EditForm(data, contact=contact, kind=kind, user=user)
    if not sent or {"add", "find"} & request.POST.keys():
        return _page(request, contact, form)
    if not form.is_valid():
        return _page(request, contact, form, status=422)
    return _save(request, contact, form)


def _save(request: HttpRequest, contact: Contact, form: EditForm) -> HttpResponse:
    user = current_user(request)
    try:
        correct_everything(
            contact=contact,
            values=form.values,
            channels={MODELS[sort]: rows.rows for sort, rows in form.channels.items()},
            tags=form.card.tag_names,
            version=request.POST.get("version", ""),
            actor=user,
        )
    except CardChanged:
        return _conflict(request, contact, form)
    messages.success(request, _("Saved."))
    if not Contact.objects.visible_to(user).filter(pk=contact.pk).exists():
        messages.info(request, _("The card now belongs to a colleague, and you no longer see it."))
        return redirect("crm:dashboard")
    return redirect("crm:card", contact.pk)


def _conflict(request: HttpRequest, contact: Contact, form: EditForm) -> HttpResponse:
    """Both are shown; what was written stays in the form, ready to be saved over what is there now."""
    now = get_contact_for(request.user, contact.pk, correcting=True)
    found = differences(form, now)
    again = EditForm(with_rows_of_others(request.POST, now), contact=now, kind=form.kind, user=current_user(request))
    return _page(request, now, again, status=409, differences=found, conflict=True)


def _page(
    request: HttpRequest, contact: Contact, form: EditForm, *, status: int = 200, conflict: bool = False, **more: Any
) -> HttpResponse:
    # After an error the version is the one that was opened, not the one of now: else a conflict would go unseen.
    opened = request.POST.get("version", "")
    version = opened if opened and not conflict else version_of(contact)
    context = {"contact": contact, "form": form, "version": version, "conflict": conflict, **more}
    return render(request, "contacts/edit.html", context, status=status)


@require_POST
def employers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The organisations found for what is being typed, as choices for the form."""
    contact = get_contact_for(request.user, pk, correcting=True)
    form = EmployerForm(request.POST, contact=contact, user=current_user(request))
    record("contact.searched", actor=current_user(request), detail={"count": len(form.choices)})
    return render(request, "contacts/edit/employers.html", {"form": form})
