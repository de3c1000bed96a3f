"""Reading CSV: the standard library's reader, made strict, with the place of every fault named."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal

from intake.parsing.grid import Row, checked_rows
from intake.parsing.headers import find_header
from intake.parsing.limits import Limits
from intake.parsing.problems import ImportProblem

if TYPE_CHECKING:
    from _csv import Reader

# Asked in this order when several fit equally well.
_COMMON = (";", "\t", "|", ",")
# Never a delimiter by guess: they stand inside names, numbers, addresses and dates. A person may still choose them.
_INSIDE_VALUES = frozenset("\"'@.-_+()/& \r\n\\")
_SEP_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_SAMPLE_ROWS = 200
_MOST_CANDIDATES = 20
_SAMPLE_CHARS = 1_000_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV is written. `quoted` is false where quotation marks are ordinary characters."""

    delimiter: str
    quoted: bool = True
    # A space after each delimiter, before the quotation mark.
    spaced: bool = False
    # `sep=;` is Excel's own instruction, not a row.
    skipped_lines: int = 0


def find_dialect(text: str, delimiter: str = "") -> Dialect:
    """The dialect of the text; with `delimiter` given only quoting is looked at."""
    declared = _SEP_LINE.match(text)
    if declared and not delimiter:
        return replace(_with_quoting(text[declared.end() :], declared.group(1)), skipped_lines=1)
    return _with_quoting(text, delimiter or _best_delimiter(text) or _unused_delimiter(text))


def read_rows(text: str, dialect: Dialect, limits: Limits) -> Iterator[Row]:
    """The rows of the text.

    Raises ImportProblem naming the row, and where it can be told the column: broken_quotes, cell_too_long,
    too_many_columns.
    """
    return checked_rows(_numbered(text, dialect, limits), limits)


def _numbered(text: str, dialect: Dialect, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    stream = io.StringIO(text, newline="")
    for _unused in range(dialect.skipped_lines):
        stream.readline()
    reader = _reader(stream, dialect)
    number = 0
    while True:
        start_line = reader.line_num
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            line = start_line + dialect.skipped_lines
            raise _located(error, number, _rest_from_line(text, line), dialect, limits) from None
        if cells is None:
            return
        yield number + dialect.skipped_lines, cells


def _reader(stream: io.StringIO, dialect: Dialect) -> Reader:
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE
    return csv.reader(
        stream, delimiter=dialect.delimiter, quoting=quoting, strict=True, skipinitialspace=dialect.spaced
    )


def _rest_from_line(text: str, line: int) -> str:
    stream = io.StringIO(text, newline="")
    for _unused in range(line):
        stream.readline()
    return stream.read()


def _located(error: csv.Error, number: int, rest: str, dialect: Dialect, limits: Limits) -> ImportProblem:
    """The reader does not say where it stopped, so the failed record is walked once by hand."""
    row = number + dialect.skipped_lines
    column = _faulty_column(rest, dialect, limits.cell_chars)
    if "field limit" in str(error):
        return ImportProblem("cell_too_long", row=row, column=column, limit=limits.cell_chars)
    return ImportProblem("broken_quotes", row=row, column=column)


def _faulty_column(record: str, dialect: Dialect, longest: int) -> int:
    """The number of the field that is too long or whose quotation mark is not properly closed."""
    separator = re.escape(dialect.delimiter)
    plain = rf"[^{separator}\r\n]*"
    quoted = rf'"[^"]*(?:""[^"]*)*"(?={separator}|\r|\n|\Z)|(?!"){plain}'
    pattern = re.compile(quoted if dialect.quoted else plain)
    column, position = 1, 0
    while True:
        match = pattern.match(record, position)
        if not match or match.end() - match.start() > longest:
            return column
        position = match.end()
        if record[position : position + 1] != dialect.delimiter:
            return column
        position += 1
        column += 1


def _sample(text: str, dialect: Dialect) -> list[list[str]] | None:
    """The first records that are not blank, or None when the text cannot be read so."""
    head = text[:_SAMPLE_CHARS]
    records: list[list[str]] = []
    try:
        records.extend(record for record in islice(_reader(io.StringIO(head, newline=""), dialect), _SAMPLE_ROWS))
    except csv.Error:
        # A sample that was cut may end inside a quoted cell.
        if len(head) == len(text):
            return None
    return [record for record in records if any(record)] or None


def _with_quoting(text: str, delimiter: str) -> Dialect:
    """Quoted, unless quotation marks make no sense and plain splitting gives rows of one width."""
    quoted = Dialect(delimiter, spaced=_is_spaced(text, delimiter))
    if '"' not in text or _reads_whole(text, quoted):
        return quoted
    plain = Dialect(delimiter, quoted=False)
    records = _sample(text, plain) or []
    widths = {len(record) for record in records}
    return plain if len(widths) == 1 and widths.pop() > 1 and not _mostly_quoted(records) else quoted


def _mostly_quoted(records: list[list[str]]) -> bool:
    """Whether most cells that begin with a quotation mark end with one: then the file is quoted and one is wrong."""
    marked = [cell for record in records for cell in record if cell.startswith('"')]
    return sum(len(cell) > 1 and cell.endswith('"') for cell in marked) * 2 > len(marked)


def _is_spaced(text: str, delimiter: str) -> bool:
    return f'{delimiter} "' in text and f'{delimiter}"' not in text


def _reads_whole(text: str, dialect: Dialect) -> bool:
    try:
        for _record in _reader(io.StringIO(text, newline=""), dialect):
            pass
    except csv.Error as error:
        return "field limit" in str(error)
    return True


def _best_delimiter(text: str) -> str:
    """The character that cuts most records into the same number of fields, the first record among them."""
    first_line = text.lstrip("\r\n")[:_SAMPLE_CHARS].splitlines()[:1]
    signs = Counter(char for char in "".join(first_line) if not char.isalnum() and char not in _INSIDE_VALUES)
    rare = [char for char, _count in signs.most_common(_MOST_CANDIDATES)]
    best, best_share = "", 0.45
    for candidate in (*_COMMON, *(char for char in rare if char not in _COMMON)):
        share = _agreement(text, candidate)
        if candidate not in _COMMON and share < 1:
            continue
        if share > best_share:
            best, best_share = candidate, share
    return best


def _agreement(text: str, delimiter: str) -> float:
    """The share of records as wide as the header; 0 when the character cuts nothing or only some of the rows."""
    quoted = Dialect(delimiter, spaced=_is_spaced(text, delimiter))
    records = _sample(text, quoted) or _sample(text, Dialect(delimiter, quoted=False))
    if not records:
        return 0
    widths = [len(record) for record in records]
    width = max(set(widths), key=lambda value: (widths.count(value), value == widths[0], value))
    if width < 2:
        return 0
    # Rows above the header may be narrower; a narrow header over wide rows means that the character is in the values.
    if widths[0] != width and widths[find_header(records) or 0] != width:
        return 0
    return widths.count(width) / len(widths)


def _unused_delimiter(text: str) -> str:
    """A single column has no delimiter; any character that does not occur keeps its values whole."""
    return next((char for char in (*_COMMON, "\x1f", "\x1e") if char not in text), "\x1f")
