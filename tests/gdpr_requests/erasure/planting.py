"""A card with a value of its own in every field of every table that the data map says is about a person.

Tables that daily work filled (`people.planted`) are written over; for a table that it left empty a row is put together
from the model. So a table that somebody adds is planted, and searched for, without a word here.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from contacts.models import Contact, Subject
from contacts.services.index import reindex
from gdpr_requests.erasure.scope import Scope, in_order, rows_of, scope_of
from privacy.append_only import released
from privacy.datamap import Entry
from privacy.keys import new_subject_key
from privacy.sealed import SealedDateField, SealedJSONField, SealedModel

# What a row put together has to say: a hold that is over, an objection that was decided.
SAYING = {
    "gdpr_requests.LegalHold": {"released_at": timezone.now()},
    "consents.Objection": {"outcome": "upheld", "decision": "x", "decided_at": timezone.now()},
}
SHORTEST = 8


class Planter:
    """`values` are what was planted, each with the field in which it stands."""

    def __init__(self, contact: Contact, user: Any) -> None:
        self.contact, self.user = contact, user
        self.values: dict[str, str] = {}
        self.refused: list[str] = []
        self._numbers = itertools.count(100)

    def plant(self) -> dict[str, str]:
        """Fill every table and field; returns the values."""
        scope = scope_of(self.contact)
        for entry in reversed(in_order()):
            if not rows_of(entry, scope).exists():
                self._make(entry)
        scope = scope_of(self.contact)
        for entry in in_order():
            for row in rows_of(entry, scope):
                self._write_over(entry, row, scope)
        self.contact.refresh_from_db()
        reindex([Contact.objects.get(pk=self.contact.pk)])
        return self.values

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _make(self, entry: Entry) -> None:
        way = (entry.to_contact or "").split("__")[0]
        owner = Subject.objects.filter(contact=self.contact).first() if way == "subject" else self.contact
        self._row(entry.get_model(), **{way: owner}, **SAYING.get(entry.model, {}))

    def _row(self, model: Any, **given: Any) -> Any:
        row = model()
        if issubclass(model, SealedModel):
            row.key = self.contact.key if given else new_subject_key(subject_id=row.pk)
        for field in model._meta.concrete_fields:
            if field.name in given:
                setattr(row, field.name, given[field.name])
            elif _has_to_be_said(field):
                setattr(row, field.name, self._something(field))
        with released([owner.pk for owner in given.values() if isinstance(owner, Subject)]):
            row.save(force_insert=True)
        return row

    def _something(self, field: Any) -> Any:
        if field.is_relation:
            found = models.QuerySet(field.related_model).first()
            return found or self._row(field.related_model)
        if field.choices:
            return next(code for code, _label in field.flatchoices if code)
        if isinstance(field, models.DateTimeField):
            return timezone.now()
        if isinstance(field, models.DateField):
            return timezone.localdate()
        if isinstance(field, models.UUIDField):
            return uuid.uuid4()
        if isinstance(field, models.IntegerField):
            return next(self._numbers)
        return f"x{next(self._numbers)}"[: field.max_length or 20]

    # --- fields -------------------------------------------------------------------------------------------------------

    def _write_over(self, entry: Entry, row: Any, scope: Scope) -> None:
        for name, declared in entry.fields.items():
            field = row._meta.get_field(name)
            if not declared.kind.is_personal or declared.erase == "keep" or field.is_relation or field.choices:
                continue
            value, mark = self._value(field)
            if mark is None:
                continue
            setattr(row, name, value)
            try:
                with transaction.atomic(), released(scope.subject_ids):
                    models.Model.save_base(row, force_update=True, update_fields=[name])
            except Exception as error:  # noqa: BLE001 - told to the test, which knows which fields are bound
                row.refresh_from_db()
                self.refused.append(f"{entry.model}.{name}: {type(error).__name__}")
            else:
                self.values[mark] = f"{entry.model}.{name}"

    def _value(self, field: Any) -> tuple[Any, str | None]:
        mark = f"qz{next(self._numbers)}xw"
        if isinstance(field, (SealedJSONField, models.JSONField)):
            return ({"x": mark} if field.default is dict else [mark]), mark
        if isinstance(field, SealedDateField):
            day = dt.date(1913, 2, 7) + dt.timedelta(days=next(self._numbers))
            return day, day.isoformat()
        if field.model._meta.label == "contacts.Phone" and field.name == "value":
            number = f"+420601777{next(self._numbers)}"
            return number, number
        if isinstance(field, (models.CharField, models.TextField)) and (field.max_length or 99) >= SHORTEST:
            text = f"{mark}@planted.example" if "Email" in type(field).__name__ else mark
            return text, mark
        return None, None


def _has_to_be_said(field: Any) -> bool:
    may_be_empty = field.null or (field.blank and field.empty_strings_allowed)
    made_by_itself = field.has_default() or may_be_empty or isinstance(field, models.AutoField)
    return not made_by_itself and field.name != "key"
