"""Opening a CSV or an XLSX as a table."""

from collections.abc import Iterator
from itertools import islice

from intake.parsing import delimited, workbook
from intake.parsing.detect import FileKind, check_size, detect_kind
from intake.parsing.encodings import decode
from intake.parsing.grid import Row, Table
from intake.parsing.headers import find_header
from intake.parsing.limits import DEFAULT_LIMITS, Limits
from intake.parsing.problems import ImportProblem

__all__ = ["Row", "Table", "open_table"]

_LOOKED_AT = 50


def open_table(
    data: bytes,
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    has_header: bool | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """The table in a file. What is not given is found out; what is given (a person's choice) is believed.

    Raises ImportProblem for a file that is not a table, is damaged or is beyond the limits. Rows are read only when
    the table is iterated; `Table.check` reads them all once.
    """
    kind = detect_kind(data, limits=limits) if not encoding else _kind_by_choice(data, limits)
    if kind is FileKind.XLSX:
        return _open_workbook(data, sheet, has_header, limits)
    if kind is not FileKind.CSV:
        raise ImportProblem("not_a_table")
    decoded = decode(data, encoding)
    if delimiter and (len(delimiter) != 1 or delimiter in '\r\n"'):
        raise ImportProblem("delimiter_invalid")
    dialect = delimited.find_dialect(decoded.text, delimiter)

    def read() -> Iterator[Row]:
        return delimited.read_rows(decoded.text, dialect, limits)

    preamble, headers = _split_header(list(islice(read(), _LOOKED_AT)), has_header)
    return Table(
        headers=headers.cells if headers else (),
        has_header=headers is not None,
        preamble=preamble,
        source=read,
        limits=limits,
        encoding=decoded.encoding,
        delimiter=dialect.delimiter,
    )


def _kind_by_choice(data: bytes, limits: Limits) -> FileKind:
    """With an encoding chosen by hand the file is a text; whether it can be read so, decoding will tell."""
    check_size(data, limits=limits)
    return FileKind.XLSX if data.startswith(b"PK\x03\x04") else FileKind.CSV


def _open_workbook(data: bytes, sheet: str, has_header: bool | None, limits: Limits) -> Table:
    book = workbook.Workbook(data, limits=limits)
    chosen = book.choose(sheet)

    def read() -> Iterator[Row]:
        return book.read_rows(chosen)

    preamble, headers = _split_header(list(islice(read(), _LOOKED_AT)), has_header)
    return Table(
        headers=headers.cells if headers else (),
        has_header=headers is not None,
        preamble=preamble,
        source=read,
        limits=limits,
        sheet=chosen,
        sheets=book.sheets,
    )


def _split_header(rows: list[Row], has_header: bool | None) -> tuple[tuple[Row, ...], Row | None]:
    """The rows above the header and the header."""
    index = find_header([row.cells for row in rows])
    if has_header is False or not rows:
        return (), None
    if index is None:
        return (), rows[0] if has_header else None
    return tuple(rows[:index]), rows[index]
