"""Two colleagues corrected the same card: what stands there now, and what the second one wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import QueryDict
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext

from contacts.collation import in_order
from contacts.forms.channels import FORMS, MODELS
from contacts.forms.edit import EditForm
from contacts.models import Contact

# What of a row is written by hand.
WORDS = {
    "emails": ("value",),
    "phones": ("value",),
    "addresses": ("street", "postcode", "city", "region", "country"),
}


@dataclass(frozen=True)
class Difference:
    """One field: its name, what is on the card now, and what was written."""

    label: str | Promise
    now: str
    yours: str


def differences(form: EditForm, contact: Contact) -> list[Difference]:
    """Every field in which the form and the card of this moment differ. The form must be valid."""
    found = [*_of_card(form, contact), *_of_channels(form, contact)]
    return [one for one in found if one.now != one.yours]


def _of_card(form: EditForm, contact: Contact) -> Iterator[Difference]:
    for name, field in form.card.fields.items():
        if name == "tags":
            now: Any = [tag.name for tag in contact.tags.all()]
        else:
            now = getattr(contact, name)
        yield Difference(field.label or name, _said(field, now), _said(field, form.card.cleaned_data[name]))


def _said(field: forms.Field, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(in_order(value, str))
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    if isinstance(field, forms.DateField) and value:
        return str(formats.date_format(value, gettext("j M Y")))
    return str(value or "")


def _of_channels(form: EditForm, contact: Contact) -> Iterator[Difference]:
    for sort, rows in form.channels.items():
        held = MODELS[sort].objects.filter(contact=contact)
        now = [_row_said(sort, FORMS[sort].of_row(row)) for row in held]
        yours = [_row_said(sort, row) for row in rows.rows]
        label = MODELS[sort]._meta.verbose_name_plural
        yield Difference(label, "; ".join(sorted(now)), "; ".join(sorted(yours)))


def _row_said(sort: str, row: dict[str, Any]) -> str:
    return ", ".join(str(row[name]) for name in WORDS[sort] if row.get(name))


def with_rows_of_others(data: QueryDict, contact: Contact) -> QueryDict:
    """What was sent, with the rows that somebody else has added meanwhile: saving it again must not remove them."""
    more = data.copy()
    for sort, form in FORMS.items():
        count = int(more.get(f"{sort}-{TOTAL_FORM_COUNT}") or 0)
        sent = {more.get(f"{sort}-{i}-id") for i in range(count)}
        for i in range(count):
            if not any(more.get(f"{sort}-{i}-{name}") for name in ("id", *WORDS[sort])):
                more[f"{sort}-{i}-{DELETION_FIELD_NAME}"] = "on"
        for row in MODELS[sort].objects.filter(contact=contact):
            if str(row.pk) not in sent:
                values = {**form.of_row(row), "id": row.pk}
                more.update({f"{sort}-{count}-{name}": str(value) for name, value in values.items()})
                count += 1
        # Rows that the card holds are never taken for blank ones.
        more[f"{sort}-{TOTAL_FORM_COUNT}"] = more[f"{sort}-{INITIAL_FORM_COUNT}"] = str(count)
    return more
