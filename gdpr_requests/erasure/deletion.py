"""Deleting, table by table, each in one statement."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, models

from gdpr_requests.erasure.scope import Scope, cleared_fields, in_order, references_to, rows_of, staying
from gdpr_requests.letters.register import stay_with_requests
from privacy.datamap import Entry
from privacy.models import SubjectKey


def delete_rows(scope: Scope) -> dict[str, int]:
    """Delete every row about the card and return how many of each table. Append-only tables must be released.

    Past Django's cascades, which would load each row: the data map says which tables there are, and the database's own
    foreign keys refuse what it forgot.
    """
    counts = {}
    stay_with_requests(scope.contact_ids)
    for entry in in_order():
        _let_go(entry, scope)
        counts[entry.get_model()._meta.label] = rows_of(entry, scope)._raw_delete(DEFAULT_DB_ALIAS)
    for entry in staying():
        _clear(entry, scope)
    return {label: count for label, count in counts.items() if count}


def _let_go(entry: Entry, scope: Scope) -> None:
    """Other people's rows that point here (their employer, for example) point nowhere from now on."""
    for field in references_to(entry.get_model()):
        holders: models.QuerySet[Any] = models.QuerySet(field.model)
        # The ids are read first: SQLite and PostgreSQL both may not update a table that the condition reads.
        ids = list(rows_of(entry, scope).values_list("pk", flat=True))
        if ids:
            holders.filter(**{f"{field.name}__in": ids}).update(**{field.name: None})


def _clear(entry: Entry, scope: Scope) -> None:
    names = cleared_fields(entry)
    if names:
        model = entry.get_model()
        empty = {name: None if model._meta.get_field(name).null else "" for name in names}
        rows_of(entry, scope).update(**empty)


def destroy_keys(scope: Scope) -> int:
    """Destroy the keys of card and proof: what a copy elsewhere may hold of the card can't be read any more."""
    return SubjectKey.objects.filter(pk__in=scope.key_ids).delete()[0]
