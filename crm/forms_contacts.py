"""The filters of the list of contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consents.filters import ConsentState
from consents.models import Basis
from contacts.models import Contact, Tag

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)


class ContactFilterForm(forms.Form):
    """Who to list. Every field is optional; a value that makes no sense is left out with a word about it."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *Contact.Kind.choices])
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    tag = forms.ModelChoiceField(label=_("Tag"), required=False, queryset=Tag.objects.none(), empty_label=_("all"))
    basis = forms.ChoiceField(
        label=_("Held on"), required=False, choices=[("", _("all")), *Basis.choices, ("none", _("no ground at all"))]
    )
    consent = forms.ChoiceField(label=_("Consent"), required=False, choices=[("", _("all")), *ConsentState.choices])
    consent_from = _day(_("Consent ends from"))
    consent_to = _day(_("Consent ends to"))
    ends_by = _day(_("Anything ends by"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: QuerySet[User] = User.objects.filter(is_active=True).order_by("full_name")
        mine = [(str(user.pk), _("me"))]
        others = [(str(person.pk), str(person)) for person in people if person.pk != user.pk]
        choices = [("", _("all")), *mine, *others, ("none", _("nobody"))]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]
        self.fields["tag"].queryset = Tag.objects.offered_to(user)  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["id"] = f"filter_{name}"

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters that make sense; one that doesn't narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether anything but the search is filtered by."""
        return any(name != "q" for name in self.wanted)
