"""What the review and the person's page ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gdpr_requests.delivery.services import DAYS, LONGEST_DAYS
from gdpr_requests.export.collect import Variant
from gdpr_requests.export.review import Choice

PREFIX = "place:"


class HandOverForm(forms.Form):
    """How long the copy waits, and what becomes of each place of the review (fields named `place:<id>`)."""

    variant = forms.ChoiceField(choices=[(str(code), str(code)) for code in Variant], widget=forms.HiddenInput)
    days = forms.IntegerField(
        label=_("Days to fetch it"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=DAYS,
        help_text=_("Then the link ends and the copy is deleted."),
    )
    seen = forms.BooleanField(
        label=_("I have looked through the texts and files above"),
        error_messages={"required": _("Look through the texts and files first, and confirm it.")},
    )

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, by the id of each place; anything but a known choice is left out."""
        given = ((name.removeprefix(PREFIX), value) for name, value in self.data.items() if name.startswith(PREFIX))
        return {place: str(value) for place, value in given if value in Choice.values}

    def clean_variant(self) -> Variant:
        return Variant(self.cleaned_data["variant"])


class CodeForm(forms.Form):
    """The code that came another way."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
        help_text=_("Eight digits that we told you on the phone, in person or in a letter."),
        error_messages={"required": _("Enter the code.")},
    )

    def clean_code(self) -> str:
        digits = "".join(filter(str.isdecimal, self.cleaned_data["code"]))
        if len(digits) != 8:
            raise forms.ValidationError(_("The code has eight digits."))
        return digits

    def refuse(self, left: int, words: Any) -> None:
        """Say that the code was wrong."""
        self.add_error("code", words)
