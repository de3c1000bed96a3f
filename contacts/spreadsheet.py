"""Cells that a spreadsheet shows and never runs (CWE-1236)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

# What a spreadsheet takes for a formula, full-width twins included, and what it drops before looking.
_FORMULA = tuple("=+-@＝＋－＠")
_DROPPED_AT_START = tuple("\t\r\n\x0b\x0c")
_BLANKS = " \u00a0\u200b\u200e\u200f\ufeff"


def safe_cell(value: object) -> str:
    """The value as a CSV cell: text that begins like a formula gets an apostrophe in front, so it stays text."""
    text = "" if value is None else str(value)
    if text.startswith(_DROPPED_AT_START) or text.lstrip(_BLANKS).startswith(_FORMULA):
        return text if _is_phone(text) else f"'{text}"
    return text


def _is_phone(text: str) -> bool:
    """ "+420…" and nothing else: digits can't do harm, and people need to see the number."""
    return text[0] == "+" and text[1:].isascii() and text[1:].isdigit()


class _Echo:
    """A file that hands back what is written, so that a table is never whole in memory or on disk."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The rows as CSV (RFC 4180, semicolons as Czech spreadsheets expect), each cell made safe."""
    writer = csv.writer(_Echo(), delimiter=";")
    # Spreadsheets know UTF-8 by its mark only.
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def download(file_name: str, rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """The rows as a file to keep. `file_name` holds no personal value: it stays in the browser's history."""
    answer = StreamingHttpResponse(lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer["Cache-Control"] = "no-store"
    return answer
