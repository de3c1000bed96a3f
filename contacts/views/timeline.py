"""Writing, correcting and removing what happened."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.current import current_user
from contacts.access import get_contact_for
from contacts.card import back_to
from contacts.forms.timeline import ON_CARD, EntryForm
from contacts.models import Contact, TimelineEntry
from contacts.services.files import remove_entry
from contacts.services.timeline import add_entry, change_entry


@require_POST
def write(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A new line of the timeline."""
    contact = get_contact_for(request.user, pk, write=True)
    form = EntryForm(request.POST, auto_id=ON_CARD)
    if not form.is_valid():
        return _ask_again(request, contact, form)
    add_entry(contact=contact, actor=current_user(request), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return back_to(request, contact, "timeline")


def _ask_again(request: HttpRequest, contact: Contact, form: EntryForm) -> HttpResponse:
    """The form with what is wrong: alone in its place on the card, or as a page of its own."""
    context = {"contact": contact, "form": form}
    if not getattr(request, "htmx", False):
        return render(request, "contacts/write.html", context, status=422)
    answer = render(request, "contacts/card/write.html", context, status=422)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#write", "outerHTML"
    return answer


def edit(request: HttpRequest, pk: uuid.UUID, entry: uuid.UUID) -> HttpResponse:
    """Correct a line. What the system or a real e-mail says is not rewritten."""
    contact = get_contact_for(request.user, pk, write=True)
    row = get_object_or_404(TimelineEntry, pk=entry, contact=contact)
    if not row.is_handwritten:
        raise PermissionDenied
    form = EntryForm(request.POST or None, initial=EntryForm.of_entry(row))
    if request.method == "POST" and form.is_valid():
        change_entry(entry=row, values=form.cleaned_data, actor=current_user(request))
        messages.success(request, _("Saved."))
        return back_to(request, contact)
    context = {"contact": contact, "form": form, "entry": row}
    return render(request, "contacts/entry.html", context, status=422 if form.errors else 200)


def remove(request: HttpRequest, pk: uuid.UUID, entry: uuid.UUID) -> HttpResponse:
    """Ask, then delete a line with its files. It cannot be taken back: the bytes are gone."""
    contact = get_contact_for(request.user, pk, write=True)
    row = get_object_or_404(TimelineEntry, pk=entry, contact=contact)
    if row.files.filter(is_evidence=True).exists():
        raise PermissionDenied
    if request.method == "POST":
        remove_entry(entry=row, actor=current_user(request))
        messages.success(request, _("The entry is deleted."))
        return back_to(request, contact)
    return render(request, "contacts/remove.html", {"contact": contact, "title": _("Delete this entry?")})
