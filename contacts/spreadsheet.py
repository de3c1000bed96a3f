"""Cells that a spreadsheet shows and never runs (CWE-1236)."""

from __future__ import annotations

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """The value as a CSV cell: text that begins like a formula gets an apostrophe in front, so it stays text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) and not _is_phone(text) else text


def _is_phone(text: str) -> bool:
    """ "+420…" and nothing else: digits can't do harm, and people need to see the number."""
    return text[0] == "+" and text[1:].isdigit()
