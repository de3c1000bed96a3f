"""PDF by typst: templates are files, data are JSON, and nothing is ever put into a template's text."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).resolve().parent / "typst"
# Tagged for screen readers (ISO 14289-1), with all fonts inside.
STANDARDS: list[Any] = ["ua-1"]

# What the font inside typst (Libertinus) can show, tried character by character: Latin, Greek, Cyrillic, signs.
_SHOWN = re.compile(
    "[\n -~\u00a0-\u036f\u0384-\u04ff\u1e00-\u1fff\u2010-\u2027\u2030-\u2040\u2042\u2044-\u2052\u2054-\u205e"
    "\u2070-\u20bf\u2100-\u211e\u2120\u2122\u2124\u2126-\u2151\u2153-\u2184\u2190-\u22ff\u2500-\u25ff]"
)

# What most texts are made of: these need no look at each character.
_PLAIN = re.compile("[\n -~\u00a0-\u024f\u2010-\u2027\u20ac]*")


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `template` ("summary.typ") filled with `data`.

    A character that the font does not know (an emoji, Chinese) is written as its code, U+9673: an accessible PDF must
    not contain blank boxes. The HTML and JSON beside it hold the character itself.
    """
    inputs = {"data": json.dumps(shown(data), ensure_ascii=False)}
    made = typst.compile(
        TEMPLATES / template, format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, ignore_system_fonts=True
    )
    return bytes(made)


def shown(value: Any) -> Any:
    """The same data with every character that cannot be printed replaced by its code."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value)
        return text if _PLAIN.fullmatch(text) else "".join(c if _is_shown(c) else _code(c) for c in text)
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shown(item) for item in value]
    return value


def _is_shown(char: str) -> bool:
    # Code points that Unicode leaves unassigned stand in the middle of the blocks.
    return _SHOWN.fullmatch(char) is not None and (char == "\n" or unicodedata.category(char)[0] != "C")


def _code(char: str) -> str:
    # Control characters and soft marks carry nothing that could be read.
    if char == "\t":
        return " "
    return "" if ord(char) < 32 or char in "\u200b\u200c\u200d\u2060\ufeff\u00ad\r" else f"[U+{ord(char):04X}]"
