"""One e-mail, phone or address: corrected in its place on the card, or on a page of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.current import current_user
from contacts.access import get_contact_for
from contacts.card import back_to
from contacts.forms.channels import FORMS, MODELS, ChannelForm
from contacts.models import Contact
from contacts.refusal import AddressRefused
from contacts.services.channels import add_channel, correct_channel, remove_channel


class SortConverter:
    """The sorts of channels in an address."""

    regex = "emails|phones|addresses"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def new(request: HttpRequest, pk: uuid.UUID, sort: str) -> HttpResponse:
    """One more."""
    contact = get_contact_for(request.user, pk, correcting=True)
    form = _form(request, sort, {"source": contact.source})
    if form.is_valid():
        with _said_beside(form):
            add_channel(contact=contact, model=MODELS[sort], values=form.cleaned_data, actor=current_user(request))
            return _done(request, contact)
    return _ask(request, contact, sort, form, "new")


def edit(request: HttpRequest, pk: uuid.UUID, sort: str, row: uuid.UUID) -> HttpResponse:
    """Correct one (Art. 16)."""
    contact = get_contact_for(request.user, pk, correcting=True)
    channel = get_object_or_404(MODELS[sort], pk=row, contact=contact)
    form = _form(request, sort, FORMS[sort].of_row(channel))
    if form.is_valid():
        with _said_beside(form):
            correct_channel(channel=channel, values=form.cleaned_data, actor=current_user(request))
            return _done(request, contact)
    return _ask(request, contact, sort, form, str(channel.pk), channel=channel)


def remove(request: HttpRequest, pk: uuid.UUID, sort: str, row: uuid.UUID) -> HttpResponse:
    """Ask, then take one off."""
    contact = get_contact_for(request.user, pk, correcting=True)
    channel = get_object_or_404(MODELS[sort], pk=row, contact=contact)
    if request.method == "POST":
        remove_channel(channel=channel, actor=current_user(request))
        return _done(request, contact)
    what = getattr(channel, "value", "") or ", ".join(channel.lines)
    return render(
        request, "contacts/remove.html", {"contact": contact, "title": _("Take it off the card?"), "what": what}
    )


@contextmanager
def _said_beside(form: ChannelForm) -> Iterator[None]:
    """An address that may not come onto the card is refused beside the field in which it was written."""
    try:
        yield
    except AddressRefused as error:
        form.add_error(form.main, error)


def _form(request: HttpRequest, sort: str, initial: dict[str, Any]) -> ChannelForm:
    return FORMS[sort](request.POST if request.method == "POST" else None, initial=initial, auto_id="channel_%s")


def _done(request: HttpRequest, contact: Contact) -> HttpResponse:
    messages.success(request, _("Saved."))
    return back_to(request, contact, "contact", others=True)


def _ask(request: HttpRequest, contact: Contact, sort: str, form: ChannelForm, place: str, **more: Any) -> HttpResponse:
    """The form in its place on the card, or alone on a page."""
    context = {"contact": contact, "form": form, "sort": sort, "place": place, **more}
    status = 422 if form.errors else 200
    if not getattr(request, "htmx", False):
        return render(request, "contacts/channel.html", context, status=status)
    answer = render(request, "contacts/card/channel.html", context, status=status)
    answer["HX-Retarget"], answer["HX-Reswap"] = f"#channel-{place}", "innerHTML"
    return answer
