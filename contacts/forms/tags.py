"""A tag for a card."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.forms.fields import PlainField


class TagForm(forms.Form):
    """The name of one tag, known or new."""

    name = PlainField(label=_("Tag"), max_length=40)
