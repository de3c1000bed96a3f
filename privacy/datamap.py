"""The words in which every app says what its tables are to a person. See docs/data-map.md.

An app's privacy.py holds `DATA_MAP`, a list of `Entry`. Export, erasure, the record of processing (Art. 30) and the
answer to a request for access (Art. 15) all read the same list, so that nobody can add a table the rights forget.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.apps import apps
from django.db import models


class Kind(StrEnum):
    """What a field is to a person."""

    IDENTIFYING = "identifying"  # tells who it is: name, address, number
    PERSONAL = "personal"  # says something about a person who is identified elsewhere
    SPECIAL = "special"  # Art. 9: health, belief, union membership …
    NONE = "none"  # not personal

    @property
    def is_personal(self) -> bool:
        return self is not Kind.NONE


Erase = Literal["row", "clear", "keep"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table.

    `category` names the data category that grounds cover ("" only where the kind is NONE). `export` says whether the
    person's copy shows it. `erase`: "row" goes with its row, "clear" is emptied while the row stays, "keep" stays for
    the lawful reason in `because`. `provided` says that the person gave it themselves, where their row meets the
    entry's `provided_if`: only that goes into a copy for transfer (Art. 20(1)).
    """

    kind: Kind
    category: str = ""
    export: bool = True
    erase: Erase = "row"
    because: str = ""
    provided: bool = False


#: A technical column that says nothing about anybody.
PLAIN = Field(Kind.NONE, export=False)


@dataclass(frozen=True)
class Entry:
    """One table.

    `model` is "app_label.ModelName". `to_contact` is the ORM lookup that, followed by `__in` and ids of cards, finds
    a person's rows ("contact", "subject__contact", "id" …), or None where the rows are not about contacts; then
    `because` says why, if any field is personal. `ends` tells in words when a row goes. `provided_if` are lookups
    that a row meets where the person themselves provided it; none means that every row was.
    """

    model: str
    to_contact: str | None
    fields: Mapping[str, Field]
    ends: str
    third_party: bool = False
    because: str = ""
    provided_if: Mapping[str, object] = field(default_factory=dict)

    def get_model(self) -> type[models.Model]:
        """The model class. Raises LookupError where there is none."""
        return apps.get_model(self.model)

    def named(self, *, export: bool | None = None, erase: Erase | None = None) -> list[str]:
        """Names of the fields with these properties, in the order declared."""
        return [
            name
            for name, item in self.fields.items()
            if (export is None or item.export == export) and (erase is None or item.erase == erase)
        ]


@dataclass(frozen=True)
class DataMap:
    """All entries of all installed apps."""

    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def entry_for(self, model: type[models.Model]) -> Entry:
        """The entry of a model. Raises LookupError where the map forgets it."""
        for entry in self.entries:
            if entry.model.lower() == model._meta.label_lower:
                return entry
        raise LookupError(f"{model._meta.label} is not in the data map")

    def about_contacts(self) -> list[Entry]:
        """The entries whose rows lead to a contact."""
        return [entry for entry in self.entries if entry.to_contact]


@lru_cache(maxsize=1)
def collect() -> DataMap:
    """Gather DATA_MAP of every installed app's privacy.py."""
    entries: list[Entry] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.privacy"
        if find_spec(name) is not None:
            entries += getattr(import_module(name), "DATA_MAP", ())
    return DataMap(tuple(entries))
