"""Forms of an import: the file, where its columns go, and why and where from, once for the batch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consents.forms.consent import day_field
from consents.forms.ground import GroundForm
from consents.models import Channel, Purpose
from contacts.forms.fields import PlainField
from contacts.models import Source
from intake.parsing.targets import Kind, Target


class UploadForm(forms.Form):
    """A table or vCards."""

    file = forms.FileField(label=_("File"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise ValidationError(gettext("The file is too large: at most %(limit)s.") % {"limit": limit})
        return file


class ReadingForm(forms.Form):
    """How to read the file, where the guess was wrong."""

    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[
            ("utf-8", "UTF-8"),
            ("cp1250", "Windows-1250"),
            ("iso-8859-2", "ISO-8859-2"),
            ("utf-16", "UTF-16"),
            ("cp1252", "Windows-1252"),
        ],
    )
    delimiter = forms.ChoiceField(
        label=_("Delimiter"),
        required=False,
        choices=[(";", _("semicolon")), (",", _("comma")), ("\t", _("tab")), ("|", "|"), (":", _("colon"))],
    )
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    def __init__(self, *args: Any, sheets: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
        if sheets:
            del self.fields["encoding"], self.fields["delimiter"]
            self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        else:
            del self.fields["sheet"]
            for name in ("encoding", "delimiter"):
                known = [code for code, _label in self.fields[name].choices]  # type: ignore[attr-defined]
                now = (self.initial or {}).get(name) or ""
                if now and now not in known:
                    self.fields[name].choices = [*self.fields[name].choices, (now, now)]  # type: ignore[attr-defined]


TARGETS = [(target.value, target.label) for target in Target]
# The kinds that say something more about where a value goes.
KINDED = {
    Target.EMAIL: [Kind.WORK, Kind.PRIVATE, Kind.BILLING],
    Target.PHONE: [Kind.MOBILE, Kind.WORK, Kind.PRIVATE, Kind.FAX],
}


def column_choices() -> list[tuple[str, Any]]:
    """Every place a column may go, as `target` or `target:kind`."""
    choices: list[tuple[str, Any]] = []
    for value, label in TARGETS:
        choices.append((value, label))
        for kind in KINDED.get(Target(value), ()):
            choices.append((f"{value}:{kind.value}", f"{label} · {kind.label}"))
    return choices


class ColumnForm(forms.Form):
    """Where one column goes. There is no "ignore": what has no field of its own is kept in a note."""

    place = forms.ChoiceField(label=_("Goes to"), widget=forms.Select(attrs={"class": "form-select form-select-sm"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = column_choices()  # type: ignore[attr-defined]

    @property
    def stored(self) -> dict[str, str]:
        target, _sep, kind = str(self.cleaned_data["place"]).partition(":")
        return {"target": target, "kind": kind}


class OriginForm(forms.Form):
    """Where all of the data come from, and whose they will be."""

    source = forms.ChoiceField(label=_("Where the data come from"), choices=[("", "—"), *Source.choices])
    source_detail = PlainField(
        label=_("Source in detail"),
        max_length=250,
        help_text=_("Which list, event, system or person. It is shown to the people when they ask."),
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("full_name")  # type: ignore[attr-defined]
        self.fields["owner"].initial = user.pk


class BatchConsentForm(forms.Form):
    """The consent that a list claims. Without evidence for each person it is weak and opens no gate (Art. 7(1))."""

    channel = forms.ChoiceField(label=_("Channel"))
    occurred_on = day_field(_("Given on"))
    valid_until = day_field(_("Valid until"), required=False)
    reference = PlainField(label=_("What the list rests on"), max_length=250, required=False)

    def __init__(self, *args: Any, purpose: Purpose, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(Channel.choices)
        choices = [(Channel.ANY.value, names[Channel.ANY])] + [(code, names[code]) for code in purpose.channel_codes]
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]


class BatchGroundForm(GroundForm):
    """The ground of the whole batch; its source and way of collecting are the batch's own."""

    def __init__(self, *args: Any, purpose: Purpose, **kwargs: Any) -> None:
        super().__init__(*args, purpose=purpose, **kwargs)
        for name in ("source", "source_detail", "method"):
            del self.fields[name]
