"""A new contact: first why, then who, then whether they are here already."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.current import current_user
from accounts.models import User
from consents.forms.ground import GroundForm, add_errors
from consents.models import Basis, Purpose
from consents.services.ledger import Evidence
from consents.services.suppression import EVERYWHERE, IN_SPITE, suppressed
from contacts import duplicates
from contacts.duplicates import Duplicates
from contacts.models import Contact
from contacts.refusal import WORDS
from intake import already_held
from intake.forms_new import FirstConsentForm, NewContactForm
from intake.services import NewGround, create_contact

adds = permission_required(["contacts.add_contact", "consents.record_consent"], raise_exception=True)


@adds
def new(request: HttpRequest) -> HttpResponse:
    """Make a contact. Without a purpose in the address the page asks for one first."""
    slug = request.GET.get("purpose", "").replace("\x00", "")
    if not slug:
        return render(request, "intake/why.html", {"purposes": Purpose.objects.active()})
    purpose = get_object_or_404(Purpose.objects.active(), slug=slug)
    user = current_user(request)
    who = NewContactForm(request.POST or None, user=user, prefix="who")
    why = _ground_form(request, purpose)
    found = None
    if request.method == "POST" and all([who.is_valid(), why.is_valid()]):
        _refuse_suppressed(who, purpose)
        found = _duplicates(who, user)
        if not who.errors and not found.hidden and (not found or "anyway" in request.POST):
            contact = _create(who, why, purpose, user)
            if contact is not None:
                messages.success(request, _("The contact is saved."))
                return redirect(contact)
        if found.hidden:
            already_held.report(user=user, hidden=found.hidden)
    context = {"who": who, "why": why, "purpose": purpose, "found": found}
    return render(request, "intake/new.html", context, status=422 if request.method == "POST" else 200)


def _ground_form(request: HttpRequest, purpose: Purpose) -> forms.Form:
    if purpose.basis == Basis.CONSENT:
        return FirstConsentForm(request.POST or None, request.FILES or None, purpose=purpose, prefix="why")
    form = GroundForm(request.POST or None, purpose=purpose, prefix="why")
    for name in ("source", "source_detail"):  # asked once, for the card and the ground alike
        del form.fields[name]
    return form


def _refuse_suppressed(who: NewContactForm, purpose: Purpose) -> None:
    if purpose.basis in IN_SPITE:
        return
    for name in ("email", "phone"):
        value = who.cleaned_data.get(name)
        if value and suppressed([value], scopes=EVERYWHERE):
            who.add_error(
                name,
                WORDS,
            )


def _duplicates(who: NewContactForm, user: User) -> Duplicates:
    values = who.cleaned_data
    if not already_held.may_ask(user):
        # Whoever ran into contacts of others too often gets one answer for every address, held or not.
        who.add_error(None, _("Too many attempts with contacts of others. Ask the data protection officer."))
        return Duplicates()
    return duplicates.find(
        user=user,
        emails=[values.get("email") or ""],
        phones=[values.get("phone") or ""],
        first_name=values["first_name"],
        last_name=values["last_name"],
        organisation_name=values["organisation_name"],
    )


def _create(who: NewContactForm, why: forms.Form, purpose: Purpose, user: User) -> Contact | None:
    """Save all of it or nothing; what the ground lacks is said beside its fields."""
    values = dict(why.cleaned_data)
    owner: User | None = who.cleaned_data["owner"]
    try:
        if isinstance(why, FirstConsentForm):
            return create_contact(
                card=who.card(), ground=_consent(why, purpose), actor=user, owner=owner, file=values["file"]
            )
        values["source_detail"] = who.cleaned_data["source_detail"]
        return create_contact(
            card=who.card(), ground=NewGround(purpose=purpose, values=values), actor=user, owner=owner
        )
    except ValidationError as error:
        add_errors(why, error)
        return None


def _consent(why: FirstConsentForm, purpose: Purpose) -> NewGround:
    values = why.cleaned_data
    return NewGround(
        purpose=purpose,
        evidence=Evidence(method=values["method"], reference=values["reference"], notice=values["notice"]),
        consent={
            "channel": values["channel"],
            "occurred_at": why.moment,
            "valid_until": values["valid_until"],
        },
    )
