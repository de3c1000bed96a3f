"""Tags of a card: put on and taken off, one at a time."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.current import current_user
from contacts.access import get_contact_for
from contacts.card import back_to
from contacts.forms.tags import TagForm
from contacts.models import Tag
from contacts.services.correct import add_tag, remove_tag

TAKEN_OFF = "tag-taken-off"


@require_POST
def add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put on a tag by its name; one that nobody used before is made."""
    contact = get_contact_for(request.user, pk, write=True)
    form = TagForm(request.POST)
    if form.is_valid():
        add_tag(contact=contact, name=form.cleaned_data["name"], actor=current_user(request))
    else:
        messages.error(request, str(form.errors["name"][0]))
    return back_to(request, contact)


@require_POST
def put(request: HttpRequest, pk: uuid.UUID, tag: int) -> HttpResponse:
    """Put a known tag back on."""
    contact = get_contact_for(request.user, pk, write=True)
    user = current_user(request)
    # Counting through the numbers would else tell the names of all tags. The one just taken off may be on no card now.
    known = Tag.objects.all() if request.session.get(TAKEN_OFF) == tag else Tag.objects.offered_to(user)
    add_tag(contact=contact, name=get_object_or_404(known, pk=tag).name, actor=user)
    return back_to(request, contact)


@require_POST
def remove(request: HttpRequest, pk: uuid.UUID, tag: int) -> HttpResponse:
    """Take a tag off; the message offers to put it back."""
    contact = get_contact_for(request.user, pk, write=True)
    on_card = contact.tags.filter(pk=tag).first()
    if on_card is None:
        return back_to(request, contact)
    remove_tag(contact=contact, tag=on_card, actor=current_user(request))
    request.session[TAKEN_OFF] = tag
    back = reverse("contacts:tag_put", args=[contact.pk, tag])
    messages.success(request, _("The tag is off."), extra_tags=f"undo:{back}")
    return back_to(request, contact)
