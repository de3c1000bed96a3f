"""What is wrong with the catalogues: out of date, untranslated, fuzzy, or a translation that does not fit its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from tools.messages.catalogues import PLURAL_COUNT, extracted, load, po_path, rendered, updated
from tools.messages.sources import ROOT, rooms

NAMED = re.compile(r"%\(\w[\w.|:]*\)[sdf]")
POSITIONAL = re.compile(r"(?<!%)(?:%%)*(%[sdf])")
BRACED = re.compile(r"(?<!\{)\{(\w*)(?:[!:][^{}]*)?\}(?!\})")
LOOSE = re.compile(r"(?<![\w.%)(/])[kvszouKVSZOU] (?=[\w%„({])|\b(?:čl\.|č\.|odst\.|§) (?=[\d%{])|s\. r\. ?o\.|\d Sb\.")
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b")


def problems(root: Path = ROOT) -> list[str]:
    """Every problem of every catalogue, each one line that names the room and the text."""
    found = [f"{room}: {line}" for room in rooms(root) for line in room_problems(room, root)]
    return found + list(_contradictions(root))


def room_problems(room: str, root: Path = ROOT) -> Iterator[str]:
    """The problems of one room's catalogue."""
    path = po_path(room, root)
    if not extracted(room, root):
        if path.exists():
            yield "the catalogue has no texts any more: run `make messages`"
        return
    if not path.exists() or path.read_text(encoding="utf-8") != rendered(updated(room, root)):
        yield "the catalogue and the source differ: run `make messages`"
    for message in load(room, root):
        if message.id:
            yield from (f"{_first(message)!r}: {line}" for line in message_problems(message))


def message_problems(message: Message) -> Iterator[str]:
    """The problems of one message, without its room."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if message.fuzzy:
        yield "fuzzy"
    if not forms or not all(forms):
        yield "not translated"
        return
    if message.pluralizable and len(forms) != PLURAL_COUNT:
        yield f"has {len(forms)} plural forms, Czech needs {PLURAL_COUNT}"
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    for form in forms:
        yield from _misfits(sources, form)
        if LOOSE.search(form):
            # ČSN 01 6910: a one-letter preposition, „čl.“, „§“ and the like stay on the line of what they belong to.
            yield f"needs a non-breaking space in {form!r}"


def _misfits(sources: list[str], form: str) -> Iterator[str]:
    """Placeholders and tags must be the same; where the forms of the source differ, any of them may be followed."""
    if all(_placeholders(form) != _placeholders(source) for source in sources):
        yield f"placeholders differ in {form!r}"
    if all(_tags(form) != _tags(source) for source in sources):
        yield f"HTML tags differ in {form!r}"
    if all(_edges(form) != _edges(source) for source in sources):
        yield f"white space at the edges differs in {form!r}"


def _placeholders(text: str) -> list[str]:
    return sorted(NAMED.findall(text) + POSITIONAL.findall(text) + [f"{{{name}}}" for name in BRACED.findall(text)])


def _tags(text: str) -> list[str]:
    return sorted(TAG.findall(text))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _contradictions(root: Path) -> Iterator[str]:
    """Django merges all catalogues into one: a text with two translations would show whichever was loaded last."""
    known: dict[tuple[str | None, str], tuple[str, object]] = {}
    for room in rooms(root):
        catalogue: Catalog = load(room, root)
        for message in catalogue:
            if not message.id or not message.string:
                continue
            key = (message.context, _first(message))
            other, string = known.setdefault(key, (room, message.string))
            if string != message.string:
                yield f"{room}: {key[1]!r} is translated otherwise in {other}; give one of them a context"
