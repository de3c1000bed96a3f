"""The form of a new contact: who it is and where the data come from. Why they are held is the form of the ground."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consents.forms.consent import GivingForm
from consents.models import Channel, Purpose
from contacts.forms.fields import PlainField
from contacts.identifiers import clean_dic, clean_ico
from contacts.index import phone_e164
from contacts.models import Contact, EmailAddress, Phone, Source
from contacts.services.new import NewCard

PERSON = ("title_before", "first_name", "last_name", "title_after")


class NewContactForm(forms.Form):
    """A person or an organisation with one e-mail, phone and address; more are added on the card."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contact.Kind.choices, widget=forms.RadioSelect, initial="person")
    title_before = PlainField(label=_("Title before the name"), max_length=60, required=False)
    first_name = PlainField(label=_("First name"), max_length=100, required=False)
    last_name = PlainField(label=_("Last name"), max_length=150, required=False)
    title_after = PlainField(label=_("Title after the name"), max_length=60, required=False)
    organisation_name = PlainField(label=_("Organisation"), max_length=250, required=False)
    position = PlainField(label=_("Position"), max_length=150, required=False)
    ico = PlainField(label=_("IČO"), max_length=12, required=False)
    dic = PlainField(label=_("DIČ"), max_length=16, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = PlainField(label=_("Phone"), required=False, max_length=40)
    street = PlainField(label=_("Street and number"), required=False, max_length=250)
    city = PlainField(label=_("Town"), required=False, max_length=150)
    postcode = PlainField(label=_("Postcode"), required=False, max_length=20)
    country = PlainField(label=_("Country"), required=False, max_length=100)
    source = forms.ChoiceField(label=_("Where the data come from"), choices=[("", "—"), *Source.choices])
    source_detail = PlainField(
        label=_("Source in detail"),
        max_length=250,
        required=False,
        help_text=_("Which form, event, register or person."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Contact.Language.choices)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )
    tags = PlainField(label=_("Tags"), required=False, max_length=200, help_text=_("Separated by commas."))

    sections = [
        (_("Who"), ["kind", *PERSON, "organisation_name", "position", "ico", "dic"]),
        (_("How to reach them"), ["email", "phone", "street", "city", "postcode", "country"]),
        (_("Where from"), ["source", "source_detail"]),
        (_("More"), ["language", "owner", "tags"]),
    ]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*PERSON, "position"):
            # The placeholder lets the stylesheet see whether the field is empty, to hide it for an organisation.
            self.fields[name].widget.attrs |= {"placeholder": " ", "data-person": ""}
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        field.queryset = User.objects.filter(is_active=True).order_by("full_name")
        field.initial = user.pk

    def clean_ico(self) -> str:
        return clean_ico(self.cleaned_data["ico"])

    def clean_dic(self) -> str:
        return clean_dic(self.cleaned_data["dic"])

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed and not phone_e164(typed):
            raise ValidationError(_("This is not a phone number. For a foreign one begin with + and the country."))
        return phone_e164(typed)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("kind") == Contact.Kind.ORGANISATION:
            if not values.get("organisation_name"):
                self.add_error("organisation_name", _("Name the organisation."))
        elif not (values.get("first_name") or values.get("last_name")):
            self.add_error("last_name", _("Say at least a first or a last name."))
        return values

    def card(self) -> NewCard:
        """What was filled in, as a new card."""
        values = self.cleaned_data
        names = ("kind", "title_before", "first_name", "last_name", "title_after", "organisation_name", "position")
        own = (*names, "ico", "dic", "source", "source_detail", "language")
        address = {name: values[name] for name in ("street", "city", "postcode", "country")}
        return NewCard(
            values={name: values[name] for name in own},
            emails=[{"value": values["email"], "kind": EmailAddress.Kind.WORK}] if values["email"] else [],
            phones=[{"value": values["phone"], "kind": Phone.Kind.MOBILE}] if values["phone"] else [],
            addresses=[address] if any(address.values()) else [],
            tags=[tag.strip() for tag in values["tags"].split(",") if tag.strip()],
        )


class FirstConsentForm(GivingForm):
    """The consent that a new contact stands on."""

    channel = forms.ChoiceField(label=_("Channel"))
    field_order = ["channel", *GivingForm.field_order]

    def __init__(self, *args: Any, purpose: Purpose, **kwargs: Any) -> None:
        super().__init__(*args, purpose=purpose, **kwargs)
        names = dict(Channel.choices)
        choices = [(Channel.ANY.value, names[Channel.ANY])] + [(code, names[code]) for code in purpose.channel_codes]
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]
        if len(purpose.channel_codes) == 1:
            self.fields["channel"].initial = purpose.channel_codes[0]
