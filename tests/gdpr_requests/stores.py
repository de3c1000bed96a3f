"""Everything the system keeps, as text: for a search of what must not be there any more."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from contacts.models import Contact
from privacy.errors import SealError
from privacy.sealed import sealed_fields


def database_as_it_lies() -> str:
    """Every column of every table, as the database gives it."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            parts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(parts)


def database_opened() -> str:
    """Every row of every model with its sealed fields opened: what anybody with all the keys could read."""
    parts = []
    for model in apps.get_models(include_auto_created=True):
        for row in models.QuerySet(model):
            parts += [
                str(row.__dict__.get(field.attname))
                for field in model._meta.concrete_fields
                if field.name != "pk" and field not in sealed_fields(model)
            ]
            for field in sealed_fields(model):
                try:
                    parts.append(json.dumps(getattr(row, field.name), ensure_ascii=False, default=str))
                except SealError:
                    parts.append("(closed for ever)")
    return "\n".join(parts)


def disk() -> str:
    """Every file below MEDIA_ROOT and the ledger."""
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    files += [path for path in [Path(settings.ERASURE_LEDGER)] if path.exists()]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


def found_by(queries: Iterable[str]) -> list[str]:
    """Which of these searches find any card."""
    return [query for query in queries if Contact.objects.matching(query).exists()]
