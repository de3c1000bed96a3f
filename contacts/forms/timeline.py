"""Writing down what happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.forms.fields import LONGEST_TEXT, PlainField, PlainTextField
from contacts.models import TimelineEntry

Kind = TimelineEntry.Kind
Direction = TimelineEntry.Direction


#: Ids of the fields where the form stands on the card, among other forms.
ON_CARD = "write_%s"


class WhenInput(forms.DateTimeInput):
    """The browser's own picker of a day and an hour."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class EntryForm(forms.Form):
    """A note, a call, a meeting or an e-mail. Nothing happens in the future."""

    kind = forms.ChoiceField(
        label=_("What"),
        choices=[
            (Kind.NOTE, _("Note")),
            (Kind.CALL, _("Call")),
            (Kind.MEETING, _("Meeting")),
            (Kind.EMAIL, _("E-mail")),
        ],
        initial=Kind.NOTE,
        widget=forms.RadioSelect,
    )
    body = PlainTextField(
        label=pgettext_lazy("note", "Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    subject = PlainField(label=_("Subject"), max_length=250, required=False)
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[("", _("not said")), (Direction.IN, _("from the contact")), (Direction.OUT, _("to the contact"))],
        required=False,
    )
    occurred_at = forms.DateTimeField(
        label=_("When"), required=False, widget=WhenInput(), help_text=_("Left empty, it is now.")
    )

    def clean_occurred_at(self) -> dt.datetime:
        when: dt.datetime | None = self.cleaned_data["occurred_at"]
        if when is None:
            return timezone.now()
        if when > timezone.now() + dt.timedelta(minutes=5):
            raise forms.ValidationError(_("This has not happened yet. What is to be done belongs to the tasks."))
        return when

    @classmethod
    def of_entry(cls, entry: TimelineEntry) -> dict[str, Any]:
        """The initial values for correcting an entry."""
        return {name: getattr(entry, name) for name in cls.base_fields}
