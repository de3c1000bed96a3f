"""Forms of accountability. They only validate."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class MeasureForm(forms.Form):
    """One security measure in the company's words."""

    text = forms.CharField(label=_("What we do"), max_length=1000, widget=forms.Textarea({"rows": 4}))
    is_used = forms.BooleanField(label=_("Say it in the record of processing"), required=False, initial=True)
