"""Pages where one consent is recorded, renewed, withdrawn or refused."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from consents.access import get_consent_for, get_contact_to_record
from consents.forms.consent import ConsentForm, EvidenceForm, GivingForm, PurposeChoiceForm
from consents.models import Basis, EventKind, Purpose
from consents.services.evidence import record_with_evidence
from contacts.models import Contact

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.signed_in import SignedIn


def record(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Record a consent: first which purpose, then how, when, until when and the evidence."""
    contact = get_contact_to_record(request.user, pk)
    slug = request.GET.get("purpose", "").replace("\x00", "")
    if not slug:
        return _choose_purpose(request, contact, only_consent=True)
    purpose = get_object_or_404(Purpose.objects.active(), slug=slug, basis=Basis.CONSENT)
    form = ConsentForm(request.POST or None, request.FILES or None, purpose=purpose, contact=contact)
    if form.is_valid() and _saved(form, contact, purpose, EventKind.GIVEN, request.user):
        messages.success(request, _("The consent is recorded."))
        return redirect(contact)
    context = {"contact": contact, "purpose": purpose, "form": form}
    return render(request, "consents/record.html", context, status=_status(form))


def renew(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Renew a consent with new evidence; its history stays."""
    consent, contact = get_consent_for(request.user, pk)
    form = GivingForm(request.POST or None, request.FILES or None, purpose=consent.purpose)
    where = {"channel": consent.channel, "subject_id": consent.subject_id}
    if form.is_valid() and _saved(form, contact, consent.purpose, EventKind.RENEWED, request.user, **where):
        messages.success(request, _("The consent is renewed."))
        return redirect(contact)
    context = {"contact": contact, "purpose": consent.purpose, "consent": consent, "form": form}
    return render(request, "consents/renew.html", context, status=_status(form))


def withdraw(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Record a withdrawal: no more steps than giving took, and it acts at once (Art. 7(3))."""
    return _end(request, pk, EventKind.WITHDRAWN, _("The consent is withdrawn. Nothing more will be sent."))


def refuse(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Record that the person said no when asked."""
    return _end(request, pk, EventKind.REFUSED, _("The refusal is recorded."))


def _end(request: SignedIn, pk: uuid.UUID, kind: EventKind, said: str) -> HttpResponse:
    consent, contact = get_consent_for(request.user, pk, even_restricted=True)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    where = {"channel": consent.channel, "subject_id": consent.subject_id}
    if form.is_valid() and _saved(form, contact, consent.purpose, kind, request.user, **where):
        messages.success(request, said)
        return redirect(contact)
    context = {"contact": contact, "consent": consent, "form": form, "withdraws": kind is EventKind.WITHDRAWN}
    return render(request, "consents/end.html", context, status=_status(form))


def _saved(form: EvidenceForm, contact: Contact, purpose: Purpose, kind: EventKind, user: User, **where: Any) -> bool:
    """Whether the event was recorded; what the ledger refuses stands at the day of the form."""
    values = {name: value for name, value in form.cleaned_data.items() if name != "occurred_on"}
    try:
        record_with_evidence(
            contact=contact, purpose=purpose, kind=kind, actor=user, occurred_at=form.moment, **{**values, **where}
        )
    except ValidationError as error:
        form.add_error("occurred_on", error.messages)
        return False
    return True


def _status(form: Any) -> int:
    """422 tells a script and a test that the form came back with errors."""
    return 422 if form.is_bound and form.errors else 200


def _choose_purpose(request: SignedIn, contact: Contact, *, only_consent: bool) -> HttpResponse:
    form = PurposeChoiceForm(only_consent=only_consent)
    return render(request, "consents/choose.html", {"contact": contact, "form": form, "only_consent": only_consent})
