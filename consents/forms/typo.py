"""The form of a slip in an e-mail address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.forms.consent import EvidenceForm
from contacts.forms.fields import PlainField


class TypoForm(forms.Form):
    """How the address is spelled rightly, and how we know that it is the same mailbox."""

    value = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    method = forms.ChoiceField(label=_("How we know"), choices=EvidenceForm.METHODS)
    reason = PlainField(
        label=_("What shows it"),
        max_length=250,
        help_text=_("For example: the paper with the consent has the right spelling."),
    )
