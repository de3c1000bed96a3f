"""A table read from a file: headers and rows of exact cell text, whatever the file was."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from intake.parsing.limits import Limits
from intake.parsing.problems import ImportProblem


class Row(NamedTuple):
    """One row. `number` counts from 1 as a spreadsheet shows it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Headers and rows. Iterating reads the rows anew each time, one by one, so a large file never sits in memory.

    `headers` are the first row's texts, or empty strings when the file has none. `preamble` are rows above the
    headers (a title, a date of export). `sheets` lists all sheets of a workbook, `sheet` names the one read.
    `encoding` and `delimiter` are what was found or chosen for a CSV.
    """

    headers: tuple[str, ...]
    has_header: bool
    preamble: tuple[Row, ...]
    source: Callable[[], Iterator[Row]]
    limits: Limits
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def rows(self) -> Iterator[Row]:
        """The rows of data: without the preamble, the header and blank rows.

        Raises ImportProblem while reading when a row breaks a limit or the file is damaged; call `check` first.
        """
        skipped = len(self.preamble) + self.has_header
        yield from islice(self.source(), skipped, None)

    def __iter__(self) -> Iterator[Row]:
        return self.rows

    def sample(self, count: int = 200) -> list[Row]:
        """The first rows, for guessing and for a preview."""
        return list(islice(self.rows, count))

    def check(self) -> int:
        """Read everything once and return the number of rows, so that nothing fails half-way later.

        Raises ImportProblem no_rows, too_many_rows or what reading raises.
        """
        count = 0
        for row in self.rows:
            count += 1
            if count > self.limits.rows:
                raise ImportProblem("too_many_rows", row=row.number, limit=self.limits.rows)
        if not count:
            raise ImportProblem("no_rows")
        return count


def checked_rows(numbered: Iterable[tuple[int, Iterable[str]]], limits: Limits) -> Iterator[Row]:
    """Rows without blank ones and without trailing blank cells; refuses what is beyond the limits."""
    for number, raw in numbered:
        cells = list(raw)
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        if len(cells) > limits.columns:
            raise ImportProblem("too_many_columns", row=number, limit=limits.columns)
        for column, cell in enumerate(cells, start=1):
            if len(cell) > limits.cell_chars:
                raise ImportProblem("cell_too_long", row=number, column=column, limit=limits.cell_chars)
        yield Row(number, tuple(cells))
