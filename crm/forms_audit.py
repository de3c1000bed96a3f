"""The filters of the audit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from crm.audit_words import ACTIONS


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AuditFilterForm(forms.Form):
    """Whose doings, on which card, of which kind, in which days."""

    actor = forms.ChoiceField(label=_("Who"), required=False)
    action = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DayInput())
    until = forms.DateField(label=_("To"), required=False, widget=DayInput())
    contact = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(user.pk), str(user)) for user in User.objects.order_by("full_name")]
        actor, action = self.fields["actor"], self.fields["action"]
        actor.choices = [("", _("everybody")), ("system", _("the system")), *people]  # type: ignore[attr-defined]
        named = sorted(((code, str(words)) for code, words in ACTIONS.items()), key=lambda pair: pair[1].casefold())
        action.choices = [("", _("everything")), *named]  # type: ignore[attr-defined]
        for field in self.fields.values():
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = kind

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first."))
        return values

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters given. Ask `is_valid()` first: a filter that makes no sense must not widen what is shown."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def codes(self) -> dict[str, str]:
        """The filters as the audit records them."""
        told = {name: value for name, value in self.wanted.items() if name != "contact"}
        return {name: value.isoformat() if isinstance(value, dt.date) else str(value) for name, value in told.items()}
