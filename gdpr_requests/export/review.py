"""Looking through a copy before it leaves: which texts and files may speak of others, and what becomes of them.

The right to a copy must not harm the rights of others (Art. 15(4), 20(4)); that is no reason to refuse all of it, so
every text is decided on its own: whole, without its marked places, or left out. Whatever is taken out says so where
it stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, pairwise

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import EmailAddress, Phone, StoredFile
from gdpr_requests.export.collect import Collected, Column, Record, Table
from gdpr_requests.export.marks import Mark, Own, marks_in, without
from gdpr_requests.export.values import Cell

# Shorter texts name nobody.
SHORTEST_TEXT = 4
FILES = StoredFile._meta.label


class Choice(TextChoices):
    """What becomes of one text or file."""

    WHOLE = "whole", _("leave it whole")
    MARKED = "marked", _("without the marked places")
    OUT = "out", _("leave it out")


class What(StrEnum):
    TEXT = "text"
    FILE = "file"


@dataclass(frozen=True)
class Place:
    """One text or file to be decided on. `id` names it in the form: random ids and a column, no value."""

    id: str
    what: What
    table: str
    heading: str
    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def proposed(self) -> Choice:
        return Choice.MARKED if self.marks else Choice.WHOLE

    @property
    def choices(self) -> list[Choice]:
        return [choice for choice in Choice if choice is not Choice.MARKED or self.marks]

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text cut at its marks: each piece, and whether it is marked."""
        edges = [0, *chain.from_iterable((mark.start, mark.end) for mark in self.marks), len(self.text)]
        cut = [(self.text[a:b], index % 2 == 1) for index, (a, b) in enumerate(pairwise(edges))]
        return [piece for piece in cut if piece[0]]


def places(collected: Collected) -> list[Place]:
    """Every text of the copy that somebody wrote, and every file; those with marks first."""
    own = own_of(collected)
    texts = [
        Place(
            _id(table.name, record.id, column.name), What.TEXT, table.name, _heading(table, column, record), text, marks
        )
        for table, record, column, text in _texts(collected)
        if (marks := tuple(marks_in(text, own))) or len(text) >= SHORTEST_TEXT
    ]
    files = [Place(_file_id(row), What.FILE, FILES, gettext("File"), row.name) for row in collected.files]
    return sorted([*texts, *files], key=lambda place: not place.marks)


def own_of(collected: Collected) -> Own:
    """What is the person's own: their names, the organisation's, their addresses and numbers."""
    card = collected.contact
    return Own.of(
        emails=[row.value for row in EmailAddress.objects.filter(contact=card)],
        phones=[row.value for row in Phone.objects.filter(contact=card)],
        names=[card.first_name, card.last_name, card.organisation_name],
    )


@dataclass
class Review:
    """What was decided, by the id of each place; called with a copy, it answers with what is left of it.

    A place that nobody decided on (it came up since) gets what is proposed. `left_out` counts what was taken out.
    """

    choices: Mapping[str, str]
    left_out: int = 0

    def __call__(self, collected: Collected) -> Collected:
        own = own_of(collected)
        tables = [
            replace(table, records=[self._record(table, record, own) for record in table.records])
            for table in collected.tables
        ]
        files = [row for row in collected.files if self._choice(_file_id(row)) != Choice.OUT]
        self.left_out += len(collected.files) - len(files)
        return replace(collected, tables=tables, files=files)

    def _choice(self, place: str) -> Choice | None:
        chosen = self.choices.get(place)
        return Choice(chosen) if chosen in Choice.values else None

    def _record(self, table: Table, record: Record, own: Own) -> Record:
        cells = dict(record.cells)
        for column in table.columns:
            text, choice = _text(column, cells[column.name]), self._choice(_id(table.name, record.id, column.name))
            if table.name == FILES and choice is not Choice.OUT:
                continue  # The name of a file stays with the file.
            left = _left(text, own, choice)
            if left != text:
                cells[column.name] = Cell(left, left)
                self.left_out += 1
        return replace(record, cells=cells)


def _left(text: str, own: Own, chosen: Choice | None) -> str:
    marks = marks_in(text, own) if text else []
    choice = chosen or (Choice.MARKED if marks else Choice.WHOLE)
    if choice is Choice.OUT and text:
        return gettext("[left out to protect the rights of others]")
    return text if choice is Choice.WHOLE else without(text, marks, gettext("[another person's data]"))


def _texts(collected: Collected) -> Iterable[tuple[Table, Record, Column, str]]:
    for table in (table for table in collected.tables if table.name != FILES):
        for record in table.records:
            for column in table.columns:
                text = _text(column, record.cells[column.name])
                if text:
                    yield table, record, column, text


def _text(column: Column, cell: Cell) -> str:
    """The words of a cell, or nothing: of a code, a day, a number or a reference there is nothing to decide."""
    return cell.text if column.is_free_text and isinstance(cell.data, str) else ""


def _heading(table: Table, column: Column, record: Record) -> str:
    when = next((record.cells[name].text for name in ("occurred_at", "created_at") if name in record.cells), "")
    return " · ".join(part for part in (table.label, column.label, when) if part)


def _file_id(row: StoredFile) -> str:
    return _id(FILES, str(row.pk), "name")


def _id(table: str, record: str, column: str) -> str:
    return f"{table}:{record}:{column}"
