"""Forms of the desk. They only validate."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gdpr_requests.models import ErasureReason


class EraseForm(forms.Form):
    """Why a person is erased. A code, never words: they could name the person and would outlive them."""

    # The request that this answers, where the desk sent the colleague here.
    request = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Reason"), choices=ErasureReason.choices, initial=ErasureReason.REQUESTED)
