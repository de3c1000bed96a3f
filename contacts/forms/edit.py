"""Everything that one page of corrections holds: the card, its employer, and rows of e-mails, phones and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, TOTAL_FORM_COUNT
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contacts.forms.card import CardForm
from contacts.forms.channels import FORMS, MODELS, ChannelForm
from contacts.forms.employer import EmployerForm
from contacts.models import Contact
from contacts.refusal import WORDS, refused

if TYPE_CHECKING:
    from accounts.models import User

MOST_ROWS = 50


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of one sort. Which of them is primary is one choice for all, sent as `<prefix>-primary`."""

    sort = ""
    # What a new row says of its source until somebody chooses.
    default_source = ""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["id"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        del form.fields["is_primary"]
        if "source" in form.fields and not form.initial:
            form.fields["source"].initial = self.default_source

    def clean(self) -> None:
        # A row goes only where somebody says so, never because it was not sent.
        if self.total_form_count() < self.initial_form_count():
            raise forms.ValidationError(_("The form did not arrive whole. Please send it again."))

    @property
    def primary(self) -> str:
        """The prefix of the row that is used first."""
        if self.is_bound:
            return str(self.data.get(f"{self.prefix}-primary", ""))
        return next((form.prefix for form in self.forms if form.initial.get("is_primary")), "")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the contact is to have, in order; rows left blank and rows to be removed are left out."""
        kept = [form for form in self.forms if form.has_changed() or form.initial]
        return [
            {
                **{name: value for name, value in form.cleaned_data.items() if name != DELETION_FIELD_NAME},
                "is_primary": form.prefix == self.primary,
            }
            for form in kept
            if form.cleaned_data and not form.cleaned_data.get(DELETION_FIELD_NAME)
        ]


def rows_of(sort: str, contact: Contact, data: QueryDict | None, *, extra: int = 0) -> Rows:
    """The formset of one sort, filled with what the card holds."""
    held = MODELS[sort].objects.filter(contact=contact).order_by("-is_primary", "pk")
    form: type[ChannelForm] = FORMS[sort]
    factory = forms.formset_factory(
        form, formset=Rows, extra=extra, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 10
    )
    initial = [{**form.of_row(row), "id": row.pk} for row in held]
    formset: Rows = factory(data, initial=initial, prefix=sort)  # type: ignore[assignment]
    formset.sort, formset.default_source = sort, contact.source
    return formset


class EditForm:
    """The page as one form. `data` is what was sent, or None."""

    def __init__(self, data: QueryDict | None, *, contact: Contact, kind: str, user: User) -> None:
        self.contact, self.kind = contact, kind
        self.card = CardForm(data, contact=contact, kind=kind)
        self.employer = EmployerForm(data, contact=contact, user=user) if kind == Contact.Kind.PERSON else None
        self.channels = {sort: rows_of(sort, contact, data) for sort in FORMS}

    def is_valid(self) -> bool:
        parts: list[Any] = [self.card, *([self.employer] if self.employer else []), *self.channels.values()]
        # Every part is asked, so that everything that is wrong is said at once.
        valid = not [part for part in parts if not part.is_valid()]
        return self._welcome() and valid

    def _welcome(self) -> bool:
        """Whether no row names an address that asked to be left alone; it is said beside the row."""
        fine = True
        for sort in ("emails", "phones"):
            named = {form: str(form.cleaned_data.get("value") or "") for form in self.channels[sort] if form.is_valid()}
            no = refused(self.contact, list(named.values()))
            for form, value in named.items():
                if value in no and not form.cleaned_data.get(DELETION_FIELD_NAME):
                    form.add_error("value", WORDS)
                    fine = False
        return fine

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """What is wrong, for the summary: the field, the id to jump to, and the words."""
        every = [self.card, *([self.employer] if self.employer else [])]
        every += [form for rows in self.channels.values() for form in rows.forms]
        found = [
            (str(field.label), field.id_for_label, str(error))
            for form in every
            for field in form
            for error in field.errors[:1]
        ]
        for form in every:
            found += [("", f"{form.prefix}-errors", str(error)) for error in form.non_field_errors()]
        return found

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the card that were asked for."""
        chosen = {"employer_id": self.employer.cleaned_data["employer"]} if self.employer else {}
        return {**self.card.values, **chosen}


def with_more_rows(data: QueryDict, sort: str, contact: Contact) -> QueryDict:
    """What was sent, with one more blank row of the sort: for those without script."""
    more = data.copy()
    name = f"{sort}-{TOTAL_FORM_COUNT}"
    count = str(more.get(name, ""))
    if sort in FORMS and count.isdigit() and int(count) < MOST_ROWS:
        more[name] = str(int(count) + 1)
        # What a select would show by itself must not count as something that was filled in.
        fields = FORMS[sort].base_fields
        more.update({f"{sort}-{count}-{key}": field.initial for key, field in fields.items() if field.initial})
        more[f"{sort}-{count}-source"] = contact.source
    return more
