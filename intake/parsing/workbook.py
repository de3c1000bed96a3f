"""Reading XLSX row by row, with the text of each cell as a person sees it."""

import datetime
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.workbook.workbook import Workbook as OpenpyxlWorkbook

from intake.parsing.grid import Row, checked_rows
from intake.parsing.limits import Limits
from intake.parsing.problems import ImportProblem

# Its warnings quote values of cells, which must not end up in a log.
warnings.filterwarnings("ignore", module=r"openpyxl\.")

AnyCell = Cell | MergedCell | ReadOnlyCell | EmptyCell
# Only these parts are read row by row; all others are held in memory whole.
_STREAMED = re.compile(r"xl/worksheets/[^/]+\.xml")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
# In a number format: quoted text, an escaped character, a colour or locale, space of a character's width, filling.
_DECORATION = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')
_PLACES = re.compile(r"\+?[0#?][0#? ()/-]*")
_MOST_PARTS = 10_000
_CHUNK = 1 << 20


class Workbook:
    """An XLSX file. `sheets` are the names of its worksheets in their order."""

    def __init__(self, data: bytes, *, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        has_formulas = _inspect_parts(data, limits)
        self._values = _open(data, values=True)
        # A formula that was never computed has no value: then its text is better than nothing.
        self._formulas = _open(data, values=False) if has_formulas else None
        self.sheets: tuple[str, ...] = tuple(sheet.title for sheet in self._values.worksheets)

    def choose(self, sheet: str) -> str:
        """The sheet asked for, or the first one that is not empty. Raises ImportProblem sheet_missing or no_rows."""
        if sheet:
            if sheet not in self.sheets:
                raise ImportProblem("sheet_missing")
            return sheet
        for name in self.sheets:
            if next(self.read_rows(name), None) is not None:
                return name
        raise ImportProblem("no_rows")

    def read_rows(self, sheet: str) -> Iterator[Row]:
        """The rows of one sheet, numbered as the spreadsheet numbers them."""
        return checked_rows(self._numbered(sheet), self._limits)

    def _numbered(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        values = _rows_of(self._values, sheet)
        formulas = _rows_of(self._formulas, sheet) if self._formulas else iter(())
        for number, (row, written) in enumerate(zip_longest(values, formulas, fillvalue=()), start=1):
            texts = [cell_text(cell) for cell in row]
            for index, cell in enumerate(written[: len(texts)]):
                texts[index] = texts[index] or cell_text(cell)
            yield number, texts


def _open(data: bytes, *, values: bool) -> OpenpyxlWorkbook:
    try:
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
    except Exception:  # noqa: BLE001 - a damaged workbook makes openpyxl raise whatever it stumbles over
        raise ImportProblem("xlsx_broken") from None


def _inspect_parts(data: bytes, limits: Limits) -> bool:
    """Refuse a ZIP bomb and an XML bomb before anything is unpacked whole; tell whether there are formulas.

    The sizes that a ZIP declares are binding: reading stops at them and then the checksum fails.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            whole = sum(part.file_size for part in parts)
            held = max((part.file_size for part in parts if not _STREAMED.fullmatch(part.filename)), default=0)
            if whole > limits.unpacked_bytes or held > limits.part_bytes or len(parts) > _MOST_PARTS:
                raise ImportProblem("archive_too_big")
            return sum(_inspect_part(archive, part) for part in parts) > 0
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, zlib.error):
        raise ImportProblem("xlsx_broken") from None


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    has_formula, tail = False, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            window = tail + chunk
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in window:
                raise ImportProblem("xlsx_broken")  # no program writes one; it is how entities are smuggled in
            has_formula = has_formula or bool(_STREAMED.fullmatch(part.filename) and _FORMULA.search(window))
            tail = chunk[-40:]
    return has_formula


def _rows_of(book: OpenpyxlWorkbook, sheet: str) -> Iterator[tuple[AnyCell, ...]]:
    worksheet = book[sheet]
    # The dimensions that a file declares are often wrong; the cells themselves are counted instead.
    worksheet.reset_dimensions()
    rows = iter(worksheet.iter_rows())
    while True:
        try:
            row = next(rows, None)
        except Exception:  # noqa: BLE001 - a damaged sheet makes openpyxl raise whatever it stumbles over
            raise ImportProblem("xlsx_broken") from None
        if row is None:
            return
        yield row


def cell_text(cell: AnyCell) -> str:
    """The text of a cell: dates in ISO form, whole numbers without a decimal point, zeros as their format shows."""
    value: Any = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(_unescape, value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value, cell.number_format or "General")
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(getattr(value, "text", value))


def _unescape(match: re.Match[str]) -> str:
    """XLSX writes control characters as _x000D_; a carriage return adds nothing to the line feed after it."""
    char = chr(int(match.group(1), 16))
    return "" if char in "\r\0" else char


def number_text(value: float, number_format: str) -> str:
    """The number as text: never `777123456.0`, and `00118` where the format is `00000`."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        value = int(value)
    if isinstance(value, float):
        return f"{value:.15g}"
    shown = number_format.split(";", maxsplit=1)[0]
    pattern = _DECORATION.sub(lambda match: match.group(1) or match.group(2) or "", shown)
    # Only whole numbers in fixed places (00000, ### ### ###); a condition in brackets would need computing.
    if value < 0 or "[<" in shown or not _PLACES.fullmatch(pattern):
        return str(value)
    return _fill(pattern, str(value))


def _fill(pattern: str, digits: str) -> str:
    """The digits put into the places of the pattern from the right."""
    filled: list[str] = []
    rest = list(digits)
    for char in reversed(pattern):
        if char not in "0#?":
            filled.append(char)
        elif rest:
            filled.append(rest.pop())
        elif char == "0":
            filled.append("0")
    return "".join(rest) + "".join(reversed(filled)).strip()
