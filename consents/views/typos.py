"""The page where a slip in an e-mail address is put right together with the consents given for it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consents.forms.ground import add_errors
from consents.forms.typo import TypoForm
from consents.services.typos import correct_typo, names_it
from contacts.access import get_contact_for
from contacts.models import EmailAddress

if TYPE_CHECKING:
    from accounts.signed_in import SignedIn


def typo(request: SignedIn, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    """Correct a mistyped e-mail of the same mailbox; its consents go along."""
    contact = get_contact_for(request.user, pk, correcting=True)
    if not request.user.has_perm("consents.record_consent"):
        raise PermissionDenied
    email = get_object_or_404(EmailAddress, pk=row, contact=contact)
    form = TypoForm(request.POST if request.method == "POST" else None, initial={"value": email.value})
    if form.is_valid():
        try:
            count = correct_typo(email=email, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            _say(form, error)
        else:
            said = ngettext(
                "The slip is corrected, and %(count)d consent goes with the address.",
                "The slip is corrected, and %(count)d consents go with the address.",
                count,
            )
            messages.success(request, said % {"count": count} if count else _("The slip is corrected."))
            return redirect(contact)
    context = {"contact": contact, "email": email, "form": form, "count": names_it(contact, email.value)}
    return render(request, "consents/typo.html", context, status=422 if form.errors else 200)


def _say(form: forms.Form, error: ValidationError) -> None:
    if hasattr(error, "error_dict"):
        add_errors(form, error)
    else:
        form.add_error("value", error)
