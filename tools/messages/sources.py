"""Find the texts in Python files and in Django templates, and say which room each file belongs to."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from babel.messages.extract import extract
from django.template.base import Lexer, Token, TokenType
from django.utils.text import unescape_string_literal
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parent.parent.parent
# The room that owns what stands above all rooms: the frame of every page, components, error pages.
TOP_ROOM = "crm"

#: A text as gettext looks it up: its context (or None), and the msgid, a pair where it has a plural.
Text = tuple[str | None, str | tuple[str, str]]

PYTHON_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
LITERAL = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
MARKED_LITERAL = re.compile(rf"_\(({LITERAL})\)")
LEADING_LITERAL = re.compile(rf"({LITERAL})(?:\||$)")


class UnfinishedBlock(ValueError):  # noqa: N818 - read as a sentence
    """A blocktranslate that holds another tag or never ends; Django would refuse it too."""


def rooms(root: Path = ROOT) -> list[str]:
    """The apps of the project, top first: the list that import-linter guards."""
    with (root / "pyproject.toml").open("rb") as file:
        return list(tomllib.load(file)["tool"]["importlinter"]["root_packages"])


def files_of(room: str, root: Path = ROOT) -> list[Path]:
    """The Python files and templates whose texts stand in the catalogue of `room`, in a stable order."""
    names = rooms(root)
    python = [p for p in (root / room).rglob("*.py") if "migrations" not in p.parts]
    own = [p for p in (root / room).rglob("templates/**/*") if p.is_file()]
    shared = [p for p in (root / "templates").rglob("*") if p.is_file() and _owner(p, root, names) == room]
    return sorted(python) + sorted(own) + sorted(shared)


def _owner(template: Path, root: Path, names: list[str]) -> str:
    folder = template.relative_to(root / "templates").parts[0]
    return folder if folder in names else TOP_ROOM


def texts_of(path: Path) -> Iterator[Text]:
    """Every text that a file marks for translation, in the order of the file."""
    if path.suffix == ".py":
        return python_texts(path)
    return template_texts(path.read_text(encoding="utf-8"), name=str(path))


def python_texts(path: Path) -> Iterator[Text]:
    """The literal arguments of gettext and its relatives; what is computed cannot be extracted and is left out."""
    with path.open("rb") as file:
        for _line, message, _comments, context in extract("python", file, keywords=PYTHON_KEYWORDS):
            yield context, (message[0], message[1]) if isinstance(message, tuple) else message


def template_texts(source: str, *, name: str = "template") -> Iterator[Text]:
    """The texts of `translate`, `blocktranslate` and `_("…")`, exactly as Django asks gettext for them."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        tag = token.contents.split(maxsplit=1)[0] if token.token_type is TokenType.BLOCK and token.contents else ""
        if tag == "comment":
            _skip_comment(tokens)
            continue
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            yield from ((None, _literal(found)) for found in MARKED_LITERAL.findall(token.contents))
        if tag in ("trans", "translate"):
            yield from _inline(token)
        elif tag in ("blocktrans", "blocktranslate"):
            yield _block(token, tokens, name)


def _skip_comment(tokens: Iterator[Token]) -> None:
    for token in tokens:
        if token.token_type is TokenType.BLOCK and token.contents == "endcomment":
            return


def _literal(quoted: str) -> str:
    # Django doubles percent signs before it asks gettext, so that they are no placeholders.
    return unescape_string_literal(quoted).replace("%", "%%")


def _context(bits: list[str]) -> str | None:
    """The literal after the word `context`; a computed one cannot be extracted."""
    for word, value in pairwise(bits):
        if word == "context" and value[:1] in "\"'":
            return unescape_string_literal(value)
    return None


def _inline(token: Token) -> Iterator[Text]:
    bits = token.split_contents()
    match = LEADING_LITERAL.match(bits[1]) if len(bits) > 1 else None
    if match:
        yield _context(bits[2:]), _literal(match[1])


def _block(opening: Token, tokens: Iterator[Token], name: str) -> Text:
    bits = opening.split_contents()
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type is TokenType.TEXT:
            parts[-1].append(token.contents.replace("%", "%%"))
        elif token.token_type is TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        elif token.contents.split()[:1] == ["plural"]:
            parts.append([])
        elif token.contents.strip() in ("endblocktrans", "endblocktranslate"):
            break
        else:
            raise UnfinishedBlock(f"{name}: {token.contents!r} stands inside blocktranslate")
    else:
        raise UnfinishedBlock(f"{name}: a blocktranslate is not closed")
    texts = ["".join(part) for part in parts]
    if "trimmed" in bits:
        texts = [trim_whitespace(text) for text in texts]
    return _context(bits[1:]), (texts[0], texts[1]) if len(texts) > 1 else texts[0]
