"""The proof that nothing is left: every table of the data map, every key, every sealed row and every file is asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from contacts.models import Contact, Subject
from gdpr_requests.erasure.scope import DESTROYED, Scope, cleared_fields, in_order, rows_of, staying
from privacy.datamap import Entry
from privacy.files import store
from privacy.models import Release, SubjectKey
from privacy.sealed import SealedModel


class ResidueFound(Exception):  # noqa: N818 - read as a sentence
    """Something of an erased person is still there. Names tables and counts only."""


def residue(scope: Scope) -> dict[str, int]:
    """What is still there of the card, by where it was found. Empty when the erasure is complete."""
    found = {entry.model: rows_of(entry, scope).count() + _by_subject(entry, scope) for entry in in_order()}
    found |= {entry.model: _not_cleared(entry, scope) for entry in staying() if cleared_fields(entry)}
    # The ways of the data map lead through these: asked by their own ids, a broken way can't hide a row.
    found["contacts.Contact"] += Contact.objects.filter(pk__in=scope.contact_ids).count()
    found["contacts.Subject"] += Subject.objects.filter(pk__in=scope.subject_ids).count()
    found["privacy.SubjectKey"] = _keys(scope)
    found["privacy.Release"] = Release.objects.filter(subject_id__in=scope.subject_ids).count()
    found |= _under_keys(scope.key_ids)
    return {name: count for name, count in found.items() if count}


def files_left(names: list[str]) -> int:
    """How many of these files still lie on the disk."""
    return sum((store.root / name).exists() for name in names)


def _by_subject(entry: Entry, scope: Scope) -> int:
    """Rows that hang on a subject, counted by its id alone: the join to the card would hide them."""
    way = entry.to_contact or ""
    if not way.endswith("subject__contact"):
        return 0
    rows: models.QuerySet[Any] = models.QuerySet(entry.get_model())
    return rows.filter(**{f"{way.removesuffix('__contact')}__in": scope.subject_ids}).count()


def _not_cleared(entry: Entry, scope: Scope) -> int:
    filled = models.Q()
    for name in cleared_fields(entry):
        # What may be NULL is emptied to NULL: a reference cannot be compared with ''.
        can_be_null = entry.get_model()._meta.get_field(name).null
        filled |= ~models.Q(**({f"{name}__isnull": True} if can_be_null else {name: ""}))
    return rows_of(entry, scope).filter(filled).count()


def _keys(scope: Scope) -> int:
    keys = models.Q(pk__in=scope.key_ids) | models.Q(subject_id__in=scope.subject_ids, retention_class__in=DESTROYED)
    return SubjectKey.objects.filter(keys).count()


def _under_keys(key_ids: list[UUID]) -> dict[str, int]:
    """Rows anywhere that are sealed under a key of the card, whether or not a way leads to them."""
    return {
        f"{model._meta.label} (sealed)": models.QuerySet(model).filter(key_id__in=key_ids).count()
        for model in apps.get_models()
        if issubclass(model, SealedModel)
    }


def demand_nothing_left(scope: Scope) -> dict[str, int | list[str]]:
    """Raise ResidueFound where anything is left, so that the erasure is rolled back; else what was asked."""
    left = residue(scope)
    if left:
        raise ResidueFound(f"Erasure incomplete: {', '.join(f'{name}: {count}' for name, count in left.items())}")
    # By name, so that it shows later which tables there were to ask at the time.
    asked = sorted(entry.model for entry in (*in_order(), *staying()))
    return {"tables": len(in_order()), "asked": asked, "rows": 0, "tokens": 0, "keys": 0}
