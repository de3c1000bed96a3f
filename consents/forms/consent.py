"""Forms of one consent: recorded, renewed, withdrawn, refused; and of an objection."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.models import Basis, Channel, Method, NoticeVersion, Purpose
from consents.periods import last_day
from consents.services.aftermath import addresses_of
from contacts.models import Contact


class DayInput(forms.DateInput):
    """The browser's own day picker; it speaks ISO 8601 whatever the language."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), **options)


class EvidenceForm(forms.Form):
    """How we can show it: method, where the proof lies or the proof itself, and the day."""

    METHODS = [choice for choice in Method.choices if choice[0] not in (Method.SYSTEM, Method.IMPORT)]

    method = forms.ChoiceField(label=_("How"), choices=METHODS)
    occurred_on = day_field(_("When"))
    reference = forms.CharField(
        label=_("Evidence"),
        max_length=250,
        required=False,
        help_text=_("Where the proof lies: a file number, a recording, the form."),
    )
    file = forms.FileField(
        label=_("or a file"), required=False, help_text=_("A scan, photo or e-mail. It is kept encrypted.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate().isoformat()
        self.fields["occurred_on"].initial = today
        self.fields["occurred_on"].widget.attrs["max"] = today

    def clean_occurred_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["occurred_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This has not happened yet: choose today or an earlier day."))
        return day

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and file.size > settings.UPLOAD_MAX_BYTES:
            limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise ValidationError(gettext("The file is too large: at most %(limit)s.") % {"limit": limit})
        return file

    @property
    def moment(self) -> dt.datetime:
        """The recorded day as a moment: now for today, noon for an earlier day, so that no zone moves it."""
        day: dt.date = self.cleaned_data["occurred_on"]
        if day == timezone.localdate():
            return timezone.now()
        return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


class GivingForm(EvidenceForm):
    """Evidence of a given consent: it can't be without proof, a text shown, or an end."""

    valid_until = day_field(_("Valid until"), required=False, help_text=_("Empty means as long as the purpose allows."))
    notice = forms.ModelChoiceField(
        label=_("Text shown"), queryset=NoticeVersion.objects.none(), required=False, empty_label=_("none recorded")
    )
    field_order = ["method", "reference", "file", "occurred_on", "valid_until", "notice"]

    def __init__(self, *args: Any, purpose: Purpose, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose = purpose
        notices = NoticeVersion.objects.filter(purpose=purpose).order_by("-created_at")
        field = self.fields["notice"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        field.queryset = notices
        field.label_from_instance = notice_label  # type: ignore[method-assign, assignment]
        field.initial = notices.first()
        end = last_day(timezone.localdate(), purpose.retention_months)
        self.fields["valid_until"].initial = end.isoformat()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("reference") and not values.get("file") and "file" not in self.errors:
            self.add_error(
                "reference", _("Attach the evidence or say where it lies: without it the consent proves nothing.")
            )
        self._check_period(values.get("occurred_on"), values.get("valid_until"))
        return values

    def _check_period(self, start: dt.date | None, end: dt.date | None) -> None:
        if start is None or end is None:
            return
        if end < start:
            self.add_error("valid_until", _("The consent would end before it was given."))
        elif end > last_day(start, self.purpose.retention_months):
            self.add_error("valid_until", _("The purpose allows a shorter period."))


def notice_label(notice: NoticeVersion) -> str:
    """How a version of the text reads in a list."""
    day = timezone.localtime(notice.created_at)
    return gettext("version %(version)s (%(language)s), since %(day)s") % {
        "version": notice.version,
        "language": notice.language,
        "day": f"{day.day}. {day.month}. {day.year}",
    }


class ConsentForm(GivingForm):
    """A consent of the person on this card to one purpose."""

    channel = forms.ChoiceField(label=_("Channel"))
    address = forms.ChoiceField(
        label=_("Address"), required=False, help_text=_("The one the person spoke of; otherwise any on the card.")
    )
    field_order = ["channel", "address", *GivingForm.field_order]

    def __init__(self, *args: Any, purpose: Purpose, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, purpose=purpose, **kwargs)
        names = dict(Channel.choices)
        self.fields["channel"].choices = [(Channel.ANY, names[Channel.ANY])] + [  # type: ignore[attr-defined]
            (code, names[code]) for code in purpose.channel_codes
        ]
        if len(purpose.channel_codes) == 1:
            self.fields["channel"].initial = purpose.channel_codes[0]
        addresses = addresses_of(contact, Channel.ANY)
        self.fields["address"].choices = [("", _("any on the card"))] + [(a, a) for a in addresses]  # type: ignore[attr-defined]


class PurposeChoiceForm(forms.Form):
    """Which purpose a new ground or consent is for; the next step asks for what its basis demands."""

    purpose = forms.ModelChoiceField(
        label=_("Purpose"), queryset=Purpose.objects.none(), to_field_name="slug", empty_label="—"
    )

    def __init__(self, *args: Any, only_consent: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = Purpose.objects.active()
        if only_consent:
            purposes = purposes.filter(basis=Basis.CONSENT)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        field.queryset = purposes
        field.label_from_instance = purpose_label  # type: ignore[method-assign, assignment]


def purpose_label(purpose: Purpose) -> str:
    return f"{purpose.name} · {purpose.get_basis_display()}"
