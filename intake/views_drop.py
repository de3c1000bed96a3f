"""Files and e-mails dropped on a card."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.current import current_user
from contacts.access import get_contact_for
from contacts.card import back_to
from intake.dropped import take
from intake.forms_drop import DropForm


@require_POST
def drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put what was dropped on the card: e-mails join the timeline, everything else stays a file."""
    contact = get_contact_for(request.user, pk, write=True)
    form = DropForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, str(form.errors["dropped"][0]))
        return back_to(request, contact)
    taken = take(contact=contact, files=form.cleaned_data["dropped"], actor=current_user(request))
    if taken.added:
        text = ngettext("%(number)d file is on the card.", "%(number)d files are on the card.", taken.added)
        messages.success(request, text % {"number": taken.added})
    if taken.known:
        messages.info(request, _("An e-mail that is on the card already was left out."))
    return back_to(request, contact)
