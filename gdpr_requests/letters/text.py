"""The wording of letters: placeholders in braces, and the three shapes a text has.

A line that begins with "# " is a heading, lines that begin with "- " are a list, everything else is paragraphs parted
by empty lines. It reads well as it stands, which is how an e-mail shows it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
# What a colleague has to write in the place of: „[[doplňte: důvody]]“.
_GAP = re.compile(r"\[\[[^\[\]]*\]\]")
# Czech keeps these on one line with the word that follows.
_CZECH_SHORT = re.compile(r"(?<![^\s(„–-])((?:[ksvzouaiKSVZOUAI]|čl\.|odst\.|písm\.|č\.|§{1,2}|tj\.|např\.) )(?=\S)")
_CZECH_DAY = re.compile(r"(\d{1,2}\.) (\d{1,2}\.) (\d{4})")
NBSP = "\N{NO-BREAK SPACE}"


@dataclass
class Block:
    """One part of a letter: a heading, a paragraph (`lines`) or a list (`lines` are its items)."""

    kind: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def placeholders_in(text: str) -> list[str]:
    """The names in braces, each once, in the order of the text."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))


def demand_known(text: str, allowed: Collection[str]) -> None:
    """Raise ValidationError for a placeholder that this letter does not have, or a brace that stands alone."""
    errors = [_unknown(name, allowed) for name in placeholders_in(text) if name not in allowed]
    rest = _PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        words = _("A brace stands alone. A placeholder is written in a pair of them, on one line.")
        errors.append(ValidationError(words, code="brace"))
    if errors:
        raise ValidationError(errors)


def _unknown(name: str, allowed: Collection[str]) -> ValidationError:
    near = get_close_matches(name.strip().lower(), allowed, n=1)
    if near:
        words = _("There is no placeholder {%(name)s} in this letter. Did you mean {%(near)s}?")
        return ValidationError(words % {"name": name, "near": near[0]}, code="unknown")
    words = _("There is no placeholder {%(name)s} in this letter. Those that may be used are listed beside it.")
    return ValidationError(words % {"name": name}, code="unknown")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in.

    What has nothing to say is left out: a paragraph or a line whose placeholders are all empty, and a heading with
    nothing under it.
    """
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return _tidy([part for paragraph in paragraphs if (part := _paragraph(paragraph, values))])


def _paragraph(text: str, values: Mapping[str, str]) -> str:
    if _says_nothing(text, values):
        return ""
    lines = [line for line in text.split("\n") if not _says_nothing(line, values)]
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), "\n".join(lines)).strip()


def _says_nothing(text: str, values: Mapping[str, str]) -> bool:
    names = _PLACEHOLDER.findall(text)
    return bool(names) and not any(values.get(name) for name in names)


def _tidy(paragraphs: list[str]) -> str:
    following = [*paragraphs[1:], "# "]
    kept = [
        part
        for part, after in zip(paragraphs, following, strict=True)
        if not (part.startswith("# ") and "\n" not in part and after.startswith("# "))
    ]
    return "\n\n".join(kept)


def gaps_in(text: str) -> list[str]:
    """The places that a colleague still has to fill in by hand."""
    return _GAP.findall(text)


def gap(what: str) -> str:
    """A place to be filled in by hand: „[[doplňte: důvody]]“."""
    words = _("fill in: %(what)s")
    return f"[[{words % {'what': what}}]]"


def blocks(text: str, language: str = "") -> list[Block]:
    """The parts of a filled text, in the typography of its language."""
    return list(_blocks(in_print(text) if language == "cs" else text))


def _blocks(text: str) -> Iterator[Block]:
    block = Block("")
    for line in [*text.splitlines(), ""]:
        kind = _kind(line)
        if block.lines and (kind != block.kind or kind == "heading"):
            yield block
            block = Block("")
        if kind:
            block.kind = kind
            block.lines.append(line[2:].strip() if kind != "text" else line.strip())


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    return {"# ": "heading", "- ": "list"}.get(line[:2], "text")


def in_print(text: str) -> str:
    """Czech as it is set: prepositions, abbreviations and days stay on the line of what they belong to."""
    text = _CZECH_DAY.sub(rf"\1{NBSP}\2{NBSP}\3", text)
    # Twice, for two short words in a row: „a v úterý“.
    for _round in range(2):
        text = _CZECH_SHORT.sub(lambda match: match[1][:-1] + NBSP, text)
    return text


def in_mail(text: str) -> str:
    """The text as an e-mail shows it: headings without their mark, spaces that any reader knows."""
    lines = (line[2:].upper() if line.startswith("# ") else line for line in text.splitlines())
    return "\n".join(lines).replace(NBSP, " ") + "\n"
