"""Which list: for what, and which way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.models import Channel, Purpose


class AudienceForm(forms.Form):
    """The purpose and the channel of a list."""

    purpose = forms.ModelChoiceField(
        label=_("What for"), queryset=Purpose.objects.none(), to_field_name="slug", empty_label="—"
    )
    channel = forms.ChoiceField(label=_("How"), choices=[c for c in Channel.choices if c[0] != Channel.ANY])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        field.queryset = Purpose.objects.active()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        purpose, channel = values.get("purpose"), values.get("channel")
        if purpose and channel and channel not in purpose.channel_codes:
            self.add_error("channel", _("This purpose does not use this channel."))
        return values
