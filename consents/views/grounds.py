"""Pages where a ground is opened, prolonged and ended."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from consents.access import get_contact_to_record, get_ground_for
from consents.forms.consent import PurposeChoiceForm
from consents.forms.ground import EndGroundForm, EventForm, GroundForm, ProlongForm, add_errors
from consents.models import Basis, Purpose
from consents.services.grounds import end_ground, open_ground, prolong_ground
from consents.services.orphans import propose_erasure
from consents.services.start_events import RECORDED, record_event_day
from contacts.models import Contact

if TYPE_CHECKING:
    from accounts.signed_in import SignedIn


def new(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Add a ground: first which purpose, then what its basis demands."""
    contact = get_contact_to_record(request.user, pk)
    slug = request.GET.get("purpose", "").replace("\x00", "")
    if not slug:
        context = {"contact": contact, "form": PurposeChoiceForm(), "only_consent": False}
        return render(request, "consents/choose.html", context)
    purpose = get_object_or_404(Purpose.objects.active(), slug=slug)
    if purpose.basis == Basis.CONSENT:
        return redirect(f"{reverse('consents:record', args=[pk])}?{urlencode({'purpose': slug})}")
    form = GroundForm(request.POST or None, purpose=purpose, contact=contact)
    if request.method == "POST" and form.is_valid():
        try:
            open_ground(contact=contact, purpose=purpose, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The ground is recorded."))
            return redirect(contact)
    context = {"contact": contact, "purpose": purpose, "form": form}
    return render(request, "consents/ground.html", context, status=422 if form.errors else 200)


def end(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """End a ground and say why; a card left with none is proposed for erasure."""
    ground, contact = get_ground_for(request.user, pk)
    form = EndGroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_ground(ground=ground, reason=form.cleaned_data["reason"], actor=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            _say_what_is_left(request, contact)
            return redirect(contact)
    context = {"contact": contact, "ground": ground, "form": form}
    return render(request, "consents/ground_end.html", context, status=422 if form.errors else 200)


def _say_what_is_left(request: SignedIn, contact: Contact) -> None:
    if propose_erasure([contact.pk], actor=request.user):
        messages.warning(request, _("No ground is left on this card: a task proposes to erase it."))
    else:
        messages.success(request, _("The ground is ended."))


def event(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Record when the contract or the accounting period ended; the end of the ground follows."""
    ground, contact = get_ground_for(request.user, pk)
    if ground.purpose.start_event not in RECORDED:
        raise Http404
    form = EventForm(request.POST or None, ground=ground)
    if request.method == "POST" and form.is_valid():
        try:
            record_event_day(ground=ground, on=form.cleaned_data["event_on"], actor=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The period is counted from that day."))
            return redirect(contact)
    context = {"contact": contact, "ground": ground, "form": form}
    return render(request, "consents/ground_event.html", context, status=422 if form.errors else 200)


def prolong(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Move the end of a ground, within what its purpose allows."""
    ground, contact = get_ground_for(request.user, pk)
    form = ProlongForm(request.POST or None, ground=ground)
    if request.method == "POST" and form.is_valid():
        try:
            prolong_ground(ground=ground, valid_until=form.cleaned_data["valid_until"], actor=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The period is changed."))
            return redirect(contact)
    context = {"contact": contact, "ground": ground, "form": form}
    return render(request, "consents/ground_prolong.html", context, status=422 if form.errors else 200)
