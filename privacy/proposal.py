"""The entry of the data map that a model probably wants: to be pasted, and read by whoever wrote the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import models

from privacy.datamap import DataMap
from privacy.sealed import SealedField

_WAY = 'Field(Kind.PERSONAL, "identity", export=False, because="The row\'s way to its card, which is exported.")'
_COLLEAGUE = 'Field(Kind.PERSONAL, "history", export=False, because="A colleague: the export says who by role.")'
_TEXTS = (models.CharField, models.TextField, models.JSONField)


def way_to_contact(model: type[models.Model], data_map: DataMap) -> str | None:
    """The ORM lookup from a model to the card, through the tables that are declared already; None where there is none.

    The card itself is the table that is found by its own id.
    """
    ways = {entry.model.lower(): str(entry.to_contact) for entry in data_map.about_contacts()}
    found = []
    for field in model._meta.local_concrete_fields:
        way = ways.get(_target(field).lower())
        if way:
            found.append(field.name if way in ("id", "pk") else f"{field.name}__{way}")
        elif field.name == "contact_id":
            found.append(field.name)
    return min(found, key=lambda lookup: lookup.count("__"), default=None)


def proposed_entry(model: type[models.Model], fields: Iterable[Any], data_map: DataMap) -> str:
    """`Entry(…),` for the model, in the form of the style guide."""
    way = way_to_contact(model, data_map)
    lines = {field.name: _field(field, way) for field in fields}
    return "\n".join([
        "Entry(",
        f'    "{model._meta.label}",',
        f"    to_contact={_quoted(way)},",
        "    fields={",
        *_pairs(lines),
        "    },",
        f'    ends="{"Deleted with its card." if way else "TODO: say when a row goes."}",',
        "),",
    ])  # fmt: skip


def _pairs(lines: Mapping[str, str]) -> list[str]:
    return [f'        "{name}": {proposal},' for name, proposal in lines.items()]


def _quoted(way: str | None) -> str:
    return f'"{way}"' if way else "None"


def _field(field: Any, way: str | None) -> str:
    if way and field.name == way.split("__")[0]:
        return _WAY
    if field.name.endswith("_by_id") or _target(field) == settings.AUTH_USER_MODEL:
        return _COLLEAGUE if way else "PLAIN"
    if isinstance(field, SealedField):
        return 'Field(Kind.IDENTIFYING, "identity")'
    if not way:
        return "PLAIN"
    category = "communication" if isinstance(field, _TEXTS) and not field.choices else "history"
    return f'Field(Kind.PERSONAL, "{category}")'


def _target(field: Any) -> str:
    """The table that a reference points at, "app_label.Model"; empty for any other field."""
    target = field.related_model
    return str(target._meta.label) if isinstance(target, type) else target or ""  # type: ignore[attr-defined]
