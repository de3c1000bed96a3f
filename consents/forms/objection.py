"""Forms of an objection and of the balance that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.forms.consent import EvidenceForm
from consents.models import Objection, Purpose

MARKETING = "marketing"


class ObjectionForm(EvidenceForm):
    """What the person objects to. Marketing needs no reason; anything else is weighed against theirs."""

    about = forms.ChoiceField(
        label=_("What they object to"),
        required=False,
        widget=forms.RadioSelect,
        initial=MARKETING,
        help_text=_("Marketing ends at once and for ever. Anything else is halted until the balance is recorded."),
    )
    reason = forms.CharField(
        label=_("What the person says"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Their own situation, as they put it. Not needed for marketing."),
    )
    field_order = ["about", "reason", "method", "reference", "file", "occurred_on"]

    def __init__(self, *args: Any, purposes: Sequence[Purpose], has_marketing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [(MARKETING, _("All marketing"))] if has_marketing else []
        choices += [(purpose.slug, purpose.name) for purpose in purposes]
        self.fields["about"].choices = choices  # type: ignore[attr-defined]
        if not has_marketing and purposes:
            self.fields["about"].initial = purposes[0].slug

    @property
    def slug(self) -> str:
        """The purpose objected to, or "marketing"; nothing ticked means marketing, which stops the most."""
        return self.cleaned_data.get("about") or MARKETING


class BalanceForm(forms.Form):
    """The balance: what prevails, and why."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Objection.Outcome.choices, widget=forms.RadioSelect)
    decision = forms.CharField(
        label=_("Why"),
        max_length=8000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "Which compelling grounds, and how they weigh against this person's interests, rights and freedoms; "
            "or a legal claim that the data are needed for."
        ),
    )
