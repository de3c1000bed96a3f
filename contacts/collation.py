"""Sorting as people expect it: Czech puts Ch after H and Č after C. The database can't: it holds ciphertext."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

import icu
from django.utils.translation import get_language

Item = TypeVar("Item")


@lru_cache(maxsize=8)
def _collator(language: str) -> icu.Collator:
    return icu.Collator.createInstance(icu.Locale(language))


def sort_key(text: str, language: str | None = None) -> bytes:
    """The key by which `text` sorts in the language (the reader's own by default; CLDR collation)."""
    key: bytes = _collator(language or get_language() or "cs").getSortKey(text)
    return key


def in_order(items: Iterable[Item], name: Callable[[Item], str]) -> list[Item]:
    """The items from A to Z by what `name` says of each; nameless ones come last."""
    return sorted(items, key=lambda item: (not name(item), sort_key(name(item))))
