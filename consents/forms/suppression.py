"""Forms of the block list: looking one address up, and lifting it by the person's own confirmation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.forms.consent import EvidenceForm
from consents.models import Basis, Purpose
from contacts.forms.fields import PlainField


class LookUpForm(forms.Form):
    """One whole address: only its hash is known, so nothing shorter can be found."""

    address = PlainField(
        label=_("E-mail or phone"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class OptInForm(EvidenceForm):
    """The person's own confirmed opt-in, with the evidence of it."""

    address = forms.CharField(max_length=254, widget=forms.HiddenInput)
    purpose = forms.ModelChoiceField(
        label=_("Purpose"), queryset=Purpose.objects.none(), to_field_name="slug", empty_label="—"
    )
    field_order = ["address", "purpose", "method", "reference", "occurred_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["file"]
        self.fields["reference"].required = True
        self.fields["reference"].help_text = _("Where the person's own confirmation lies: the double opt-in, a letter.")
        field = self.fields["purpose"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        field.queryset = Purpose.objects.active().filter(basis=Basis.CONSENT)
