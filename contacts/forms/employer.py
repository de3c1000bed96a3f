"""For whom a person works: chosen among the organisations that the user may see, found by their name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from contacts.collation import in_order
from contacts.models import Contact

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 8
# An employer whom this user may not see is neither shown nor lost.
KEEP = "keep"


def find(user: User, contact: Contact, query: str) -> list[Contact]:
    """Organisations that the user may see whose name begins like the words, or whose number or e-mail it is."""
    if not query.strip():
        return []
    firms = Contact.objects.visible_to(user).filter(kind=Contact.Kind.ORGANISATION).exclude(pk=contact.pk)
    return in_order(firms.matching(query[:200])[:SHOWN], lambda firm: firm.display_name)


class EmployerForm(forms.Form):
    """The choice of one: nobody, the present one, or one of those found."""

    employer = forms.CharField(required=False, max_length=36)
    employer_q = forms.CharField(label=_("Works for"), required=False, max_length=200)

    def __init__(self, data: Mapping[str, Any] | None, *, contact: Contact, user: User) -> None:
        self.contact, self.user = contact, user
        self.present = self._visible(contact.employer_id)
        hidden = KEEP if contact.employer_id else ""
        super().__init__(data, initial={"employer": str(self.present.pk) if self.present else hidden})

    def clean_employer(self) -> uuid.UUID | None:
        chosen = self.cleaned_data["employer"]
        if chosen == KEEP:
            return self.contact.employer_id
        if not chosen:
            return None
        try:
            firm = self._visible(uuid.UUID(chosen))
        except ValueError:
            firm = None
        if firm is None or firm.pk == self.contact.pk:
            raise forms.ValidationError(_("Choose one of the organisations found."))
        return firm.pk

    @property
    def chosen(self) -> str:
        return str(self["employer"].value() or "")

    @property
    def choices(self) -> list[Contact]:
        """The organisations offered: the present one, the one just chosen, and those found."""
        first = [firm for firm in (self.present, self._picked()) if firm]
        return list({firm.pk: firm for firm in [*first, *self.found]}.values())

    @cached_property
    def found(self) -> list[Contact]:
        """What the words that were typed find."""
        return find(self.user, self.contact, str(self["employer_q"].value() or ""))

    @property
    def hidden_present(self) -> bool:
        """The card names an employer whom this user may not see."""
        return self.contact.employer_id is not None and self.present is None

    def _picked(self) -> Contact | None:
        try:
            return self._visible(uuid.UUID(self.chosen))
        except ValueError:
            return None

    def _visible(self, pk: uuid.UUID | None) -> Contact | None:
        firms = Contact.objects.visible_to(self.user).filter(kind=Contact.Kind.ORGANISATION)
        firm: Contact | None = firms.filter(pk=pk).first() if pk else None
        return firm
