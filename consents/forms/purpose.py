"""Forms of purposes, the texts shown for them, and balancing tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.forms.consent import DayInput
from consents.models import STEPS, BalancingTest, Basis, Channel, DataCategory, Purpose
from consents.services.purposes import FIXED_IN_USE, is_in_use

if TYPE_CHECKING:
    PurposeModelForm = forms.ModelForm[Purpose]
    TestModelForm = forms.ModelForm[BalancingTest]
else:
    PurposeModelForm = TestModelForm = forms.ModelForm


def dash_for_nothing(form: forms.BaseForm) -> None:
    """Show an empty choice as „—“, not as Django's row of hyphens, which a screen reader spells out."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = "—" if field.empty_label else None
        elif isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
            field.choices = [("", "—") if code == "" else (code, label) for code, label in field.choices]  # type: ignore[misc, union-attr]


class PurposeForm(PurposeModelForm):
    """Everything a purpose must say before anybody's data are held for it."""

    categories = forms.MultipleChoiceField(
        label=_("Categories of data"),
        choices=DataCategory.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Erasure removes what no open ground covers."),
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.ANY],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Which ways a message about it may go; none ticked means all."),
    )
    sections = [
        (_("What for"), ["name", "slug", "description", "owner"]),
        (_("Why we may"), ["basis", "legal_reference", "balancing_test", "special_condition"]),
        (_("Which data, who gets them"), ["people", "categories", "recipients", "transfers"]),
        (_("For how long"), ["retention_months", "start_event", "retention_reason", "lead_days"]),
        (_("Messages"), ["channels", "is_marketing", "product_line", "existing_customer", "is_active"]),
    ]

    class Meta:
        model = Purpose
        fields = [
            "name",
            "slug",
            "description",
            "owner",
            "basis",
            "legal_reference",
            "balancing_test",
            "special_condition",
            "people",
            "categories",
            "recipients",
            "transfers",
            "retention_months",
            "start_event",
            "retention_reason",
            "lead_days",
            "channels",
            "is_marketing",
            "product_line",
            "existing_customer",
            "is_active",
        ]
        widgets = {
            "description": forms.Textarea({"rows": 3}),
            "recipients": forms.Textarea({"rows": 2}),
            "transfers": forms.Textarea({"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dash_for_nothing(self)
        if not self.instance._state.adding and is_in_use(self.instance):
            for name in FIXED_IN_USE:
                self.fields[name].disabled = True
            self.fields["basis"].help_text = _(
                "Data are already held on this basis; for another one make another purpose."
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        basis = values.get("basis")
        if basis == Basis.LEGITIMATE_INTEREST and not values.get("balancing_test"):
            self.add_error("balancing_test", _("A legitimate interest needs a balancing test, written beforehand."))
        if basis == Basis.LEGAL_OBLIGATION and not values.get("legal_reference"):
            self.add_error("legal_reference", _("Name the act and the section that demand it."))
        if {"health", "special"} & set(values.get("categories") or []) and not values.get("special_condition"):
            self.add_error("special_condition", _("Special categories need a condition of Art. 9(2) beside the basis."))
        if values.get("existing_customer"):
            self._check_exception(values)
        return values

    def _check_exception(self, values: dict[str, Any]) -> None:
        if not values.get("is_marketing") or values.get("basis") != Basis.LEGITIMATE_INTEREST:
            self.add_error("existing_customer", _("The exception is for marketing on a legitimate interest."))
        if not values.get("product_line"):
            self.add_error("product_line", _("Say which goods: offers must be similar to what they bought."))


class NoticeForm(forms.Form):
    """A new version of the text shown."""

    language = forms.ChoiceField(label=_("Language"), choices=[("cs", "Čeština"), ("en", "English")])
    text = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea({"rows": 8}))
    is_material = forms.BooleanField(
        label=_("It changes what we do with the data"),
        required=False,
        help_text=_("Consents given before must then be renewed. A change of wording only leaves them valid."),
    )


class BalancingTestForm(TestModelForm):
    """A legitimate-interest assessment: every question of its three tests, then the outcome."""

    sections = [
        (_("Which interest"), ["name", "interest", "benefit", "importance"]),
        (_("Is it necessary"), ["necessity", "proportion", "gentler_way"]),
        (
            _("What it means for the person"),
            ["sensitivity", "relationship", "expectations", "impact", "children", "opt_out"],
        ),
        (_("Outcome"), ["balance", "outcome", "owner", "dated", "review_on"]),
    ]

    class Meta:
        model = BalancingTest
        fields = ["name", *STEPS, "outcome", "owner", "dated", "review_on"]
        widgets = {
            "dated": DayInput(),
            "review_on": DayInput(),
            **{name: forms.Textarea({"rows": 3}) for name in STEPS},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dash_for_nothing(self)
        for name in STEPS:
            # The database lets them be empty for tests of old; one that is written now answers every question.
            self.fields[name].required = True
        self.fields["dated"].help_text = _("Before the processing starts: no ground may begin earlier.")
        self.fields["review_on"].help_text = _("The author gets a task thirty days before.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        dated, review = values.get("dated"), values.get("review_on")
        if dated and dated > timezone.localdate():
            self.add_error("dated", _("This day has not come yet."))
        if dated and review and review <= dated:
            self.add_error("review_on", _("The review comes after the day of the test."))
        return values
