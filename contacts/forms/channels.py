"""One e-mail, phone or postal address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts import index
from contacts.forms.fields import PlainField
from contacts.models import EmailAddress, Phone, PostalAddress, Source


class ChannelForm(forms.Form):
    """What the three sorts share: a kind, and whether it is the one we use first."""

    is_primary = forms.BooleanField(label=_("Use this one first"), required=False)
    #: The field a reader looks at first.
    main = "value"

    @classmethod
    def of_row(cls, row: Any) -> dict[str, Any]:
        """The initial values for correcting a row."""
        return {name: getattr(row, name) for name in cls.base_fields}


class EmailForm(ChannelForm):
    """An e-mail address, as it is: case matters before the @ in theory, so it is kept."""

    value = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=EmailAddress.Kind.choices, initial=EmailAddress.Kind.WORK)
    source = forms.ChoiceField(label=_("Where from"), choices=Source.choices)
    field_order = ["value", "kind", "source", "is_primary"]


class PhoneForm(ChannelForm):
    """A phone number, kept in its international form where it can be read."""

    value = PlainField(
        label=_("Phone"), max_length=60, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Phone.Kind.choices, initial=Phone.Kind.MOBILE)
    source = forms.ChoiceField(label=_("Where from"), choices=Source.choices)
    field_order = ["value", "kind", "source", "is_primary"]

    def clean_value(self) -> str:
        value: str = self.cleaned_data["value"]
        if sum(char.isdigit() for char in value) < 3:
            raise forms.ValidationError(_("A phone number has at least three digits."))
        return index.phone_e164(value) or value


class AddressForm(ChannelForm):
    """A postal address in the parts that letters need; at least one of them."""

    street = PlainField(label=_("Street and number"), max_length=250, required=False)
    postcode = PlainField(label=_("Postcode"), max_length=20, required=False)
    city = PlainField(label=_("Town"), max_length=150, required=False)
    region = PlainField(label=_("Region"), max_length=150, required=False)
    country = PlainField(label=_("Country"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=PostalAddress.Kind.choices, initial=PostalAddress.Kind.WORK)
    field_order = ["street", "postcode", "city", "region", "country", "kind", "is_primary"]
    main = "street"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not any(values.get(name) for name in ("street", "postcode", "city", "region", "country")):
            raise forms.ValidationError(_("Fill in at least one line of the address."))
        return values


FORMS: dict[str, type[ChannelForm]] = {"emails": EmailForm, "phones": PhoneForm, "addresses": AddressForm}
MODELS: dict[str, Any] = {"emails": EmailAddress, "phones": Phone, "addresses": PostalAddress}
