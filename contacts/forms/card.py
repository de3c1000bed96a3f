"""The whole card in one form, for a person or an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts.forms.fields import PlainField
from contacts.identifiers import clean_dic, clean_ico
from contacts.models import Contact, Source

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

PERSON = ["title_before", "first_name", "last_name", "title_after", "salutation", "birth_date", "position"]
FIRM = ["organisation_name"]
BOTH = ["ico", "dic", "language", "owner", "source", "source_detail", "tags"]
LONGEST_TAG = 40


class CardForm(forms.Form):
    """The fields of the card itself. `kind` decides which of them are shown; the others keep their values."""

    title_before = PlainField(label=_("Title before the name"), max_length=60, required=False)
    first_name = PlainField(label=_("First name"), max_length=100, required=False)
    last_name = PlainField(label=_("Last name"), max_length=150, required=False)
    title_after = PlainField(label=_("Title after the name"), max_length=60, required=False)
    organisation_name = PlainField(label=_("Name of the organisation"), max_length=250)
    salutation = PlainField(
        label=_("Salutation"),
        max_length=120,
        required=False,
        help_text=_("How letters begin, for example “Vážená paní Nováková”."),
    )
    birth_date = forms.DateField(
        label=_("Birth date"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    position = PlainField(label=_("Position"), max_length=150, required=False)
    ico = PlainField(label=_("IČO"), max_length=20, required=False)
    dic = PlainField(label=_("DIČ"), max_length=20, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=Contact.Language.choices, help_text=_("In which we write to them.")
    )
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), required=False)
    source = forms.ChoiceField(label=_("Where the data come from"), choices=Source.choices)
    source_detail = PlainField(
        label=_("Source in detail"),
        max_length=250,
        required=False,
        help_text=_("Which form, event, register or person."),
    )

    tags = PlainField(
        label=_("Tags"),
        max_length=600,
        required=False,
        help_text=_("Separated by commas. A tag is seen by everyone: it must not describe one person."),
    )

    def __init__(self, data: QueryDict | None, *, contact: Contact, kind: str) -> None:
        self.contact, self.kind = contact, kind
        person = kind == Contact.Kind.PERSON
        names = [*(PERSON if person else FIRM), *BOTH]
        super().__init__(data, initial=_initial(contact, names, person))
        for name in self.fields.keys() - set(names):
            del self.fields[name]
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = possible_owners(contact)
            owner.empty_label = str(_("nobody"))

    def clean_ico(self) -> str:
        return clean_ico(self.cleaned_data["ico"])

    def clean_dic(self) -> str:
        return clean_dic(self.cleaned_data["dic"])

    def clean_birth_date(self) -> Any:
        day = self.cleaned_data["birth_date"]
        if day and not (day.year >= 1900 and day <= timezone.localdate()):
            raise ValidationError(_("Nobody was born on that day."))
        return day

    def clean_tags(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["tags"].split(",")]
        if any(len(name) > LONGEST_TAG for name in names):
            raise ValidationError(_("A tag has at most %(most)d letters."), params={"most": LONGEST_TAG})
        return list(dict.fromkeys(name for name in names if name))

    @property
    def tag_names(self) -> list[str]:
        """The tags that the card is to have."""
        names: list[str] = self.cleaned_data["tags"]
        return names

    @property
    def values(self) -> dict[str, Any]:
        """What is to be on the card: the checked fields, and the kind."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "tags"}
        return {**fields, "kind": self.kind}


def _initial(contact: Contact, names: list[str], person: bool) -> dict[str, Any]:
    values = {name: getattr(contact, name) for name in names if name != "tags"}
    values["tags"] = ", ".join(tag.name for tag in contact.tags.all())
    if not person and not contact.organisation_name:
        values["organisation_name"] = f"{contact.first_name} {contact.last_name}".strip()
    return values


def possible_owners(contact: Contact) -> QuerySet[User]:
    """Colleagues at work, and the present owner even if they have left."""
    at_work = User.objects.holding("contacts.change_contact").values("pk")
    return User.objects.filter(Q(pk__in=at_work) | Q(pk=contact.owner_id))
