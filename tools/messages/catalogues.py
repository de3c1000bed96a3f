"""Read, bring up to date, write and compile the catalogues.

A catalogue holds no dates and no line numbers and is sorted by its texts, so that two branches which touch different
texts merge without a conflict. Nothing is ever guessed: a text that changed loses its translation.
"""

from __future__ import annotations

import os
import tempfile
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import generate_po, read_po

from tools.messages.sources import ROOT, Text, files_of, rooms, texts_of

LANGUAGE = "cs"
PLURAL_COUNT = 3
HEADER = """\
msgid ""
msgstr ""
"Language: cs\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2);\\n"

"""


def po_path(room: str, root: Path = ROOT) -> Path:
    """Where the Czech catalogue of a room stands."""
    return root / room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def extracted(room: str, root: Path = ROOT) -> list[Text]:
    """Every text of a room once. A text used with and without a plural counts as one with a plural."""
    found: dict[tuple[str | None, str], Text] = {}
    for path in files_of(room, root):
        for context, text in texts_of(path):
            key = (context, text if isinstance(text, str) else text[0])
            if key not in found or not isinstance(text, str):
                found[key] = (context, text)
    return [text for text in found.values() if text[1]]


def load(room: str, root: Path = ROOT) -> Catalog:
    """The catalogue as it stands in the file; an empty one where there is none."""
    path = po_path(room, root)
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, ignore_obsolete=True, abort_invalid=True)


def updated(room: str, root: Path = ROOT) -> Catalog:
    """The catalogue of exactly the texts in the source, with the translations that the file holds for them."""
    old, new = load(room, root), Catalog(locale=LANGUAGE)
    for context, text in extracted(room, root):
        known = old.get(text, context)
        kept = known if known is not None and known.id == text and not known.fuzzy else None
        new.add(
            text,
            kept.string if kept else "",
            context=context,
            user_comments=known.user_comments if known else (),
        )
    return new


def rendered(catalogue: Catalog) -> str:
    """The text of a catalogue file: header, then the messages sorted by msgid, one line each."""
    catalogue = _sorted(catalogue)
    return HEADER + "".join(generate_po(catalogue, no_location=True, omit_header=True, ignore_obsolete=True, width=0))


def _sorted(catalogue: Catalog) -> Catalog:
    ordered = Catalog(locale=LANGUAGE)
    for message in sorted((m for m in catalogue if m.id), key=_sort_key):
        ordered.add(message.id, message.string, context=message.context, user_comments=message.user_comments)
    return ordered


def _sort_key(message: Message) -> tuple[str, str, str]:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return text.casefold(), text, message.context or ""


def update(room: str, root: Path = ROOT) -> bool:
    """Write the catalogue of a room; True if the file changed. A room without texts has no file."""
    path = po_path(room, root)
    if not extracted(room, root):
        existed = path.exists()
        path.unlink(missing_ok=True)
        return existed
    text = rendered(updated(room, root))
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def compile_stale(root: Path = ROOT) -> list[str]:
    """Compile every catalogue whose binary file is missing or older; the rooms compiled.

    Safe to run from several processes at once: readers only ever see whole files.
    """
    done = []
    for room in rooms(root):
        source = po_path(room, root)
        if not source.exists():
            source.with_suffix(".mo").unlink(missing_ok=True)
            continue
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        buffer = BytesIO()
        write_mo(buffer, load(room, root))
        _replace(target, buffer.getvalue())
        done.append(room)
    return done


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".mo-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, target)
