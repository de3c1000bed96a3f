"""Forms of a restriction: why, and how the person was told that it ends."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.forms.consent import DayInput
from contacts.forms.fields import PlainField
from gdpr_requests.models import RestrictionReason, ToldVia


class RestrictForm(forms.Form):
    """Why the card is restricted."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=RestrictionReason.choices, widget=forms.RadioSelect, help_text=_("Art. 18(1) GDPR.")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What is contested, or what the person needs the data for."),
    )


class NoticeForm(forms.Form):
    """How and when the person was told, before the restriction is lifted."""

    via = forms.ChoiceField(
        label=_("How they were told"), choices=[choice for choice in ToldVia.choices if choice[0] != ToldVia.LETTER]
    )
    told_on = forms.DateField(label=_("When"), widget=DayInput())
    reference = PlainField(
        label=_("Evidence"), max_length=250, required=False, help_text=_("A file number, a recording, the message.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["told_on"].initial = timezone.localdate().isoformat()
