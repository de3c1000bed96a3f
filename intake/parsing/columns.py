"""Guessing which field each column of a table belongs to. A person confirms or changes every guess."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.parsing.grid import Row
from intake.parsing.headers import UNKNOWN, HeaderMeaning, read_header
from intake.parsing.shapes import Shape, shape_of
from intake.parsing.targets import ADDRESS_PARTS, REPEATABLE, Kind, Target
from intake.parsing.text import header_key
from intake.parsing.titles import is_title

# Below this a guess is not offered and the column goes to the note.
ACCEPTED = 0.5

# Shapes that speak for a target, and how sure a column is that has nothing but them and no known header. A date may be
# anything (an order, a visit), so a shape alone never makes it a birthday.
_BY_SHAPE: dict[Shape, tuple[Target, float]] = {
    Shape.EMAIL: (Target.EMAIL, 0.9),
    Shape.URL: (Target.WEB, 0.8),
    Shape.ICO: (Target.ICO, 0.7),
    Shape.DIC: (Target.DIC, 0.7),
    Shape.PHONE: (Target.PHONE, 0.7),
    Shape.POSTCODE: (Target.POSTCODE, 0.55),
    Shape.DATE: (Target.BIRTH_DATE, 0.3),
}
# What the values of a target must look like, where it can be told at all.
_EXPECTED: dict[Target, frozenset[Shape]] = {
    Target.EMAIL: frozenset({Shape.EMAIL}),
    Target.PHONE: frozenset({Shape.PHONE, Shape.NUMBER, Shape.ICO, Shape.POSTCODE, Shape.DATE}),
    Target.BIRTH_DATE: frozenset({Shape.DATE, Shape.NUMBER, Shape.ICO}),
    Target.ICO: frozenset({Shape.ICO, Shape.NUMBER, Shape.PHONE, Shape.POSTCODE}),
}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where one column goes. `index` counts from 0; `group` tells apart several addresses of one kind."""

    index: int
    header: str
    target: Target
    kind: Kind | None = None
    group: str = ""
    confidence: float = 0.0

    @property
    def place(self) -> tuple[str, ...]:
        """What only one column may fill."""
        if self.target in ADDRESS_PARTS:
            return (self.target, self.kind or "", self.group)
        return (self.target,)


def guess_columns(headers: Sequence[str], rows: Sequence[Row]) -> list[ColumnMapping]:
    """One mapping for each column, in order, from the headers and from the values of some rows.

    A column that nothing is known about goes to the note, where its header and value are kept.
    """
    width = max([len(headers), *(len(row.cells) for row in rows)], default=0)
    guesses = []
    for index in range(width):
        header = headers[index] if index < len(headers) else ""
        values = [row.cells[index] for row in rows if index < len(row.cells) and row.cells[index].strip()]
        guesses.append(_guess(index, header, values))
    return _settle(_read_in_context(guesses, rows))


def _guess(index: int, header: str, values: Sequence[str]) -> ColumnMapping:
    shapes = Counter(shape_of(value) for value in values)
    meaning = read_header(header)
    confidence = _confirmed(meaning, shapes)
    if confidence < ACCEPTED:
        meaning, confidence = _from_shapes(shapes)
    target = meaning.target
    if header_key(header) == "title" and values:
        # In English exports `title` is a position as often as a degree: the values know.
        degrees = sum(is_title(value) for value in values)
        target, confidence = (Target.TITLE_BEFORE, 0.8) if degrees * 2 > len(values) else (Target.POSITION, 0.6)
    if confidence < ACCEPTED:
        return ColumnMapping(index, header, Target.NOTE)
    return ColumnMapping(index, header, target, meaning.kind, meaning.number, round(confidence, 2))


def _confirmed(meaning: HeaderMeaning, shapes: Counter[Shape]) -> float:
    """The header's confidence, lowered when the values do not look like it."""
    expected = _EXPECTED.get(meaning.target)
    if expected is None or not shapes:
        return meaning.confidence
    share = sum(shapes[shape] for shape in expected) / shapes.total()
    if meaning.confidence < 0.7:
        return meaning.confidence if share >= 0.5 else 0.0
    return meaning.confidence * (0.6 + 0.4 * share)


def _from_shapes(shapes: Counter[Shape]) -> tuple[HeaderMeaning, float]:
    if not shapes:
        return UNKNOWN, 0.0
    shape, count = shapes.most_common(1)[0]
    share = count / shapes.total()
    if shape not in _BY_SHAPE or share < 0.7:
        return UNKNOWN, 0.0
    target, confidence = _BY_SHAPE[shape]
    return HeaderMeaning(target, None, "", confidence), confidence * share


def _read_in_context(guesses: list[ColumnMapping], rows: Sequence[Row]) -> list[ColumnMapping]:
    """Some headers mean one thing alone and another beside others."""
    targets = {guess.target for guess in guesses}
    return [_with_neighbours(guess, targets, rows) for guess in guesses]


def _with_neighbours(guess: ColumnMapping, targets: set[Target], rows: Sequence[Row]) -> ColumnMapping:
    key = header_key(guess.header)
    if guess.target is Target.FIRST_NAME and Target.LAST_NAME not in targets and key in {"jmeno", "meno"}:
        return replace(guess, target=Target.FULL_NAME, confidence=0.8)
    if guess.target is Target.FULL_NAME and key == "name" and Target.FIRST_NAME in targets:
        # German lists say Vorname and Name; an English one with both names calls the company so.
        last = Target.ORGANISATION if Target.LAST_NAME in targets else Target.LAST_NAME
        return replace(guess, target=last, confidence=0.7)
    if guess.target is Target.STREET and Target.CITY not in targets and _mostly_whole_addresses(guess, rows):
        return replace(guess, target=Target.FULL_ADDRESS, confidence=0.8)
    return guess


def _mostly_whole_addresses(guess: ColumnMapping, rows: Sequence[Row]) -> bool:
    values = [row.cells[guess.index] for row in rows if guess.index < len(row.cells) and row.cells[guess.index].strip()]
    return sum("," in value or "\n" in value for value in values) * 2 > len(values)


def _settle(guesses: list[ColumnMapping]) -> list[ColumnMapping]:
    """Where two columns want the same single field, the surer one gets it and the other goes to the note."""
    best: dict[tuple[str, ...], ColumnMapping] = {}
    for guess in guesses:
        rival = best.get(guess.place)
        if rival is None or guess.confidence > rival.confidence:
            best[guess.place] = guess
    settled = []
    for guess in guesses:
        if guess.target in REPEATABLE or best[guess.place] is guess:
            settled.append(guess)
        else:
            settled.append(ColumnMapping(guess.index, guess.header, Target.NOTE))
    return _merge_street_lines(settled)


def _merge_street_lines(guesses: list[ColumnMapping]) -> list[ColumnMapping]:
    """`Address 1` and `Address 2` without a city of their own are two lines of one address, not two addresses."""
    towns = {(guess.kind, guess.group) for guess in guesses if guess.target in {Target.CITY, Target.POSTCODE}}
    if not any(group == "" for _kind, group in towns):
        return guesses
    return [
        replace(guess, group="") if guess.target is Target.STREET and (guess.kind, guess.group) not in towns else guess
        for guess in guesses
    ]


def plain_note(header: str) -> bool:
    """Whether a column is itself called a note, so that its values need no label."""
    meaning = read_header(header)
    return meaning.target is Target.NOTE and meaning.confidence > 0
