"""Forms of letters: they check, and save nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gdpr_requests.letters.templates import check_wording
from gdpr_requests.letters.text import gaps_in
from gdpr_requests.models import Letter

# What the buttons of the form may ask for, beside saving.
DRAFT = "draft"


class LetterForm(forms.Form):
    """One letter: to whom, and the text. `then` says which button was pressed: save only, or send somehow."""

    to_email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    to_address = forms.CharField(
        label=_("Addressee on the sheet"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Name first, then the postal address, a line each."),
    )
    body = forms.CharField(
        label=pgettext_lazy("letter", "Text"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_("“# ” begins a heading, “- ” an item of a list, an empty line a new paragraph."),
    )
    then = forms.ChoiceField(
        choices=[(DRAFT, ""), *Letter.Via.choices], required=False, widget=forms.HiddenInput, initial=DRAFT
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.via and gaps_in(cleaned.get("body", "")):
            self.add_error("body", _("Fill in first what stands in double brackets."))
        if self.via == Letter.Via.EMAIL and not cleaned.get("to_email") and "to_email" not in self.errors:
            self.add_error("to_email", _("Where to? Write an address, or send the letter by post."))
        return cleaned

    def clean_body(self) -> str:
        return _without_nul(self.cleaned_data["body"])

    def clean_to_address(self) -> str:
        return _without_nul(self.cleaned_data["to_address"])

    @property
    def via(self) -> str:
        """How to send it; "" where it is only to be saved."""
        then = self.cleaned_data.get("then") or DRAFT
        return "" if then == DRAFT else then

    @property
    def values(self) -> dict[str, str]:
        """What the letter keeps."""
        return {name: self.cleaned_data[name] for name in ("body", "to_address", "to_email")}


class TemplateForm(forms.Form):
    """The wording of one kind of letter in one language."""

    subject = forms.CharField(
        label=pgettext_lazy("letter", "Subject"),
        max_length=150,
        help_text=_("Everybody on the way of an e-mail can read it: no name, no address."),
    )
    body = forms.CharField(
        label=pgettext_lazy("letter", "Text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 26}),
        help_text=_("“# ” begins a heading, “- ” an item of a list, an empty line a new paragraph."),
    )

    def __init__(self, *args: Any, kind: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.language = kind, language

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        subject, body = cleaned.get("subject", ""), cleaned.get("body", "")
        found = check_wording(kind=self.kind, language=self.language, subject=subject, body=body)
        for name, errors in found.items():
            self.add_error(name, ValidationError(errors))
        return cleaned

    def clean_body(self) -> str:
        return _without_nul(self.cleaned_data["body"])


def _without_nul(text: str) -> str:
    """With the line breaks of Unix, and without the character that PostgreSQL refuses (a CharField refuses it too)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
