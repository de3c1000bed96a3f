"""What colleagues fill in about a request. Forms only validate; services write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consents.models import DataCategory
from contacts.forms.fields import PlainField, PlainTextField
from contacts.models import Contact
from gdpr_requests.desk.identity import Doubt, methods_for
from gdpr_requests.desk.taking_in import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_TEXT, cards_with
from gdpr_requests.models import Channel, DataSubjectRequest, RefusalGround, Right
from tasks.assignees import holding

NOBODY = ("none", _("nobody found here: they get an answer too"))
_DAY = {"type": "date"}


def _choice(label: Any, choices: Iterable[Any], **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, **options)


class RequestForm(forms.Form):
    """A new request. `contact` offers the cards found so far; whose address is typed in is looked up again."""

    right = _choice(_("What they ask for"), [("", "—"), *Right.choices])
    received_on = forms.DateField(
        label=_("Received on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY),
        help_text=_("The clock runs from this day, whenever you write it down."),
    )
    channel = _choice(_("How it came"), Channel.choices)
    requester_name = PlainField(label=_("Who asks"), max_length=LONGEST_NAME)
    requester_address = PlainField(
        label=_("Where to answer"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=_("E-mail, or the postal address. A card with this e-mail is found by itself."),
    )
    contact = _choice(_("Their card"), [NOBODY], required=False, widget=forms.RadioSelect)
    text = PlainTextField(
        label=_("What they wrote or said"), max_length=LONGEST_TEXT + 1000, required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    language = _choice(_("Language of the answer"), [("cs", _("Czech")), ("en", _("English"))])
    assignee = forms.ModelChoiceField(label=_("Who handles it"), queryset=User.objects.none(), required=False)

    sections = [
        (_("The request"), ["right", "received_on", "channel"]),
        (_("Who asks"), ["requester_name", "requester_address", "contact"]),
        (_("What and how"), ["text", "language", "assignee"]),
    ]

    def __init__(self, *args: Any, user: User, cards: Iterable[Contact] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        found = {card.pk: card for card in (*cards, *self._named())}
        field = cast("forms.ChoiceField", self.fields["contact"])
        field.choices = [*((str(pk), card.display_name) for pk, card in found.items()), NOBODY]
        if not found:
            del self.fields["contact"]
        assignee = cast("forms.ModelChoiceField[User]", self.fields["assignee"])
        assignee.queryset = holding("gdpr_requests.handle_request").order_by("full_name")
        assignee.empty_label = str(_("the data protection officer"))
        if not user.has_perm("gdpr_requests.decide_request"):
            del self.fields["assignee"]

    def _named(self) -> list[Contact]:
        """The card that the browser sends back, and those of the address that it sends: only ones the user may see."""
        if not self.is_bound:
            return []
        found = cards_with(str(self.data.get("requester_address", "")).strip(), user=self.user)
        try:
            chosen = UUID(str(self.data.get("contact", "")))
        except ValueError:
            return found
        return [*Contact.objects.visible_to(self.user).filter(pk=chosen), *found]

    def clean_received_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("A request can't have come in the future."))
        if day < timezone.localdate() - dt.timedelta(days=3650):
            raise ValidationError(_("That is more than ten years ago."))
        return day

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of the service."""
        return {**self.cleaned_data, "contact": self._card()}

    def _card(self) -> Contact | None:
        """The card that was chosen; where nothing was, the only one with that address."""
        chosen = self.cleaned_data.get("contact")
        if chosen == NOBODY[0]:
            return None
        if chosen:
            return Contact.objects.visible_to(self.user).filter(pk=chosen).first()
        found = cards_with(self.cleaned_data["requester_address"], user=self.user)
        return found[0] if len(found) == 1 else None


class EmailForm(forms.Form):
    """An e-mail as a file (.eml), to begin with."""

    eml = forms.FileField(label=_("E-mail as a file (.eml)"))

    def clean_eml(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["eml"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            size = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise ValidationError(_("A file is larger than %(size)s."), params={"size": size})
        return file


class IdentityForm(forms.Form):
    """How it was made sure who asks."""

    method = _choice(_("How"), [])

    def __init__(self, *args: Any, about: DataSubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = methods_for(about)
        cast("forms.ChoiceField", self.fields["method"]).choices = [(way.value, way.label) for way in ways]


class DoubtForm(forms.Form):
    """Why the person is asked for more."""

    doubt = _choice(_("What is in doubt"), Doubt.choices)


class ExtensionForm(forms.Form):
    """Why one month is not enough."""

    reason = PlainTextField(
        label=_("Reasons"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("How complex it is, or how many requests there are. The person will read them."),
    )  # fmt: skip


class RefusalForm(forms.Form):
    """On which ground of the law it is refused, and why. What is kept from erasure is named with its end."""

    ground = _choice(_("Ground in the law"), [])
    reason = PlainTextField(
        label=_("Reasons"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What in this case justifies the refusal. The person will read it."),
    )
    keeps = forms.MultipleChoiceField(
        label=_("Data that stay"), choices=DataCategory.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=_("They stay until"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY)
    )

    def __init__(self, *args: Any, about: DataSubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = [ground for ground in RefusalGround if about.right in ground.rights]
        cast("forms.ChoiceField", self.fields["ground"]).choices = [
            (ground.value, f"{ground.label} (Art. {ground.article})") for ground in grounds
        ]
        if not any(ground.keeps for ground in grounds):
            del self.fields["keeps"], self.fields["until"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        ground = values.get("ground")
        if ground and RefusalGround(ground).keeps:
            for name in ("keeps", "until"):
                if not values.get(name):
                    self.add_error(name, _("Say which data stay, and until when."))
        return values


class AssignForm(forms.Form):
    """Who handles it."""

    assignee = forms.ModelChoiceField(label=_("Give it to"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[User]", self.fields["assignee"])
        field.queryset = holding("gdpr_requests.handle_request").order_by("full_name")


class CardForm(forms.Form):
    """Looking for the card of the person."""

    q = PlainField(label=_("Name, e-mail or phone"), max_length=200)

    def chosen(self, user: User) -> Contact | None:
        """The card that was clicked, where the user may see it; None says that there is none."""
        try:
            pk = UUID(str(self.data.get("contact", "")))
        except ValueError:
            return None
        return Contact.objects.visible_to(user).filter(pk=pk).first()


class NoteForm(forms.Form):
    """What colleagues should know."""

    note = PlainTextField(
        label=_("Note"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is part of the register: the person may ask to see it."),
    )  # fmt: skip
