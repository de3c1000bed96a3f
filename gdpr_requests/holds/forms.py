"""The form of a legal hold. It only validates."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.forms.consent import DayInput

# A hold that nobody looks at again would keep data for ever: it is prolonged by placing another.
LONGEST_YEARS = 10


class HoldForm(forms.Form):
    """Why a card must not be erased, and until when."""

    reason = forms.CharField(
        label=_("Why the data are needed"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The claim or the authority's demand. It is kept encrypted, and the person may read it."),
    )
    until = forms.DateField(
        label=_("Until"), widget=DayInput(), help_text=_("The last day. Afterwards the hold ends by itself.")
    )

    def clean_until(self) -> dt.date:
        day: dt.date = self.cleaned_data["until"]
        today = timezone.localdate()
        if day < today:
            raise ValidationError(gettext("This day is over."))
        if day.year - today.year > LONGEST_YEARS:
            raise ValidationError(gettext("Ten years at most; after that it can be placed again."))
        return day
