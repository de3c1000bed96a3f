"""What of the database is about one card: ids, keys, and the tables of the data map in the order of deletion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from django.db import models

from contacts.models import Contact, Subject
from gdpr_requests.export.collect import ids_of
from privacy.datamap import Entry, collect
from privacy.models import SubjectKey

# Keys that an erasure destroys. The `legal` key is the one thing that outlives it, with what the law keeps.
DESTROYED = (SubjectKey.RetentionClass.CARD, SubjectKey.RetentionClass.PROOF)


@dataclass(frozen=True)
class Scope:
    """One card as the database knows it."""

    contact_id: UUID
    contact_ids: list[UUID]
    subject_ids: list[UUID]
    key_ids: list[UUID]
    files: list[str]


def scope_of(contact: Contact) -> Scope:
    """Read the ids. The caller holds the locks that keep them true."""
    contact_ids = ids_of(contact)
    subject_ids = list(Subject.objects.filter(contact__in=contact_ids).order_by("pk").values_list("pk", flat=True))
    keys = SubjectKey.objects.filter(subject_id__in=subject_ids, retention_class__in=DESTROYED)
    return Scope(
        contact_id=contact.pk,
        contact_ids=contact_ids,
        subject_ids=subject_ids,
        key_ids=list(keys.values_list("pk", flat=True)),
        files=_files(contact_ids),
    )


def _files(contact_ids: list[UUID]) -> list[str]:
    """Sealed files of every table about the card: those on it, and copies that wait to be fetched."""
    names: list[str] = []
    for entry in collect().about_contacts():
        if any(field.name == "storage_name" for field in entry.get_model()._meta.concrete_fields):
            rows: models.QuerySet[Any] = models.QuerySet(entry.get_model())
            here = rows.filter(**{f"{entry.to_contact}__in": contact_ids}, storage_name__isnull=False)
            names += here.values_list("storage_name", flat=True)
    return names


def rows_of(entry: Entry, scope: Scope) -> models.QuerySet[Any]:
    """The rows of one table that are about the card, past every manager: nothing may be filtered out here."""
    return models.QuerySet(entry.get_model()).filter(**{f"{entry.to_contact}__in": scope.contact_ids})


def goes(entry: Entry) -> bool:
    """Whether rows of this table are deleted: those that only keep or clear fields stay."""
    return any(item.kind.is_personal and item.erase == "row" for item in entry.fields.values())


def cleared_fields(entry: Entry) -> list[str]:
    """Fields that are emptied while their row stays."""
    return [] if goes(entry) else entry.named(erase="clear")


@lru_cache(maxsize=1)
def in_order() -> tuple[Entry, ...]:
    """Tables whose rows go, those that refer to others first. Raises CycleError where tables refer in a circle."""
    going = {entry.get_model(): entry for entry in collect().about_contacts() if goes(entry)}
    sorter: TopologicalSorter[Any] = TopologicalSorter({model: set() for model in going})
    for model in going:
        for target in _targets(model):
            if target in going and target is not model:
                sorter.add(target, model)
    return tuple(going[model] for model in sorter.static_order())


def staying() -> list[Entry]:
    """Tables about contacts whose rows stay, for the reason that their fields give."""
    return [entry for entry in collect().about_contacts() if not goes(entry)]


def _targets(model: type[models.Model]) -> Iterable[Any]:
    return [field.related_model for field in model._meta.concrete_fields if field.is_relation]


def references_to(model: type[models.Model]) -> list[Any]:
    """Nullable columns anywhere that may point at rows of this table: other people's rows among them."""
    relations: list[Any] = model._meta.get_fields(include_hidden=True)
    return [
        relation.field
        for relation in relations
        if relation.auto_created
        and not relation.concrete
        and relation.is_relation
        and not getattr(relation, "many_to_many", False)
        and relation.field.null
        and relation.field.db_constraint
    ]
