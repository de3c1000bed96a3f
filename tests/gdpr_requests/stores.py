"""Everything the system keeps, as text: for a search of what must not be there any more."""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
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
            parts += [_column(value) for row in cursor.fetchall() for value in row]
    return "\n".join(parts)


def _column(value: Any) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


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
    ledger = Path(settings.ERASURE_LEDGER)
    return "\n".join([*_texts_below(Path(settings.MEDIA_ROOT)), *(_texts_of(ledger) if ledger.exists() else [])])


def everything_written() -> str:
    """Every file of the installation: its queue, cache, logs, pages, drafts of exports, the database."""
    return "\n".join([*_texts_below(Path(settings.VAR_DIR)), *_texts_below(Path(tempfile.gettempdir()))])


def _texts_below(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from _texts_of(path)


def _texts_of(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    yield str(path.name)
    yield content.decode("utf-8", "replace")
    # The cache keeps an expiry and then a compressed pickle.
    start = content.find(b"\x78\x9c")
    if path.suffix == ".djcache" and start >= 0:
        yield zlib.decompress(content[start:]).decode("utf-8", "replace")


def sessions() -> str:
    """What signed-in browsers left with us, opened."""
    return "\n".join(json.dumps(row.get_decoded(), ensure_ascii=False, default=str) for row in Session.objects.all())


def letters() -> str:
    """Every letter that was sent."""
    return "\n".join(message.message().as_string() for message in getattr(mail, "outbox", []))


def found_by(queries: Iterable[str]) -> list[str]:
    """Which of these searches find any card."""
    return [query for query in queries if Contact.objects.matching(query).exists()]


def where(values: Iterable[str], **more: str) -> dict[str, list[str]]:
    """In which store which of the values still are; `more` are stores of the test's own, such as its log."""
    stores = {
        "rows": database_as_it_lies(),
        "rows opened": database_opened(),
        "sessions": sessions(),
        "sealed files": disk(),
        "files": everything_written(),
        "letters": letters(),
        **more,
    }
    wanted = list(values)
    found = {name: [value for value in wanted if value in text] for name, text in stores.items()}
    found["search"] = found_by(wanted)
    return {name: hits for name, hits in found.items() if hits}
