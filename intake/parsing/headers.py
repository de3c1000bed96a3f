"""What a header says, and which row of a file is the header."""

from collections.abc import Sequence
from typing import NamedTuple

from intake.parsing.shapes import Shape, shape_of
from intake.parsing.targets import Kind, Target
from intake.parsing.text import header_key
from intake.parsing.vocabulary import FILLERS, HEADERS, KIND_WORDS, PHONE_WORDS, WEAK_HEADERS

_VALUE_SHAPES = frozenset({Shape.EMAIL, Shape.URL, Shape.DATE, Shape.ICO, Shape.DIC, Shape.PHONE, Shape.POSTCODE})
# A title above the headers takes a row or two, never a page.
_PREAMBLE_ROWS = 5


class HeaderMeaning(NamedTuple):
    """What a header says: `confidence` from 0 (nothing) to 1; `number` is the 2 of `E-mail 2`."""

    target: Target
    kind: Kind | None
    number: str
    confidence: float


UNKNOWN = HeaderMeaning(Target.NOTE, None, "", 0.0)


def read_header(header: str) -> HeaderMeaning:
    """The meaning of one header, looked up whole first and then without the words that qualify it."""
    words = header_key(header).split()
    number = next((word for word in words if word.isdigit()), "")
    words = [word for word in words if not word.isdigit()]
    found = _look_up(words)
    if found:
        return HeaderMeaning(*found, number, 0.95)
    kind = next((KIND_WORDS[word] for word in words if word in KIND_WORDS), None)
    rest = [word for word in words if word not in KIND_WORDS]
    for remaining, confidence in ((rest, 0.9), ([word for word in rest if word not in FILLERS], 0.8)):
        found = _look_up(remaining)
        if found:
            return HeaderMeaning(found[0], found[1] or kind, number, confidence)
    weak = WEAK_HEADERS.get(" ".join(words))
    if weak:
        return HeaderMeaning(weak, None, number, 0.55)
    return _by_one_word(words, kind, number)


def _look_up(words: list[str]) -> tuple[Target, Kind | None] | None:
    name = " ".join(words)
    if name in HEADERS:
        return HEADERS[name], None
    phone = [word for word in words if word not in PHONE_WORDS]
    if len(phone) < len(words) and (not phone or HEADERS.get(" ".join(phone)) is Target.PHONE or phone == ["number"]):
        return Target.PHONE, next(PHONE_WORDS[word] for word in words if word in PHONE_WORDS)
    return None


def _by_one_word(words: list[str], kind: Kind | None, number: str) -> HeaderMeaning:
    """`E-mail pro faktury` is an e-mail if its values are; only such checkable targets are read from one word."""
    for word in words:
        target = Target.PHONE if word in PHONE_WORDS else HEADERS.get(word)
        if target in {Target.EMAIL, Target.PHONE}:
            return HeaderMeaning(target, PHONE_WORDS.get(word, kind), number, 0.6)
    return UNKNOWN


def find_header(records: Sequence[Sequence[str]]) -> int | None:
    """The index of the header among the first records, or None when the file starts with data.

    Without evidence the first row counts as data: a header shown as a person is seen at once in the preview, a person
    taken for a header would be lost.
    """
    if not records:
        return None
    widths = [sum(1 for cell in record if cell.strip()) for record in records]
    widest = max(set(widths), key=lambda width: (widths.count(width), width))
    for index, record in enumerate(records[: _PREAMBLE_ROWS + 1]):
        if _names_columns(record) and (index == 0 or widths[index] * 2 > widest):
            return index
        if widths[index] * 2 > widest:
            break
    return 0 if _differs_in_shape(records) else None


def _names_columns(record: Sequence[str]) -> bool:
    cells = [cell for cell in record if cell.strip()]
    known = sum(1 for cell in cells if len(cell) < 60 and read_header(cell).confidence >= 0.55)
    return known * 4 >= len(cells) > 0 and known > 0 and not any(shape_of(cell) in _VALUE_SHAPES for cell in cells)


def _differs_in_shape(records: Sequence[Sequence[str]]) -> bool:
    """Numbers, dates or e-mails below a row of plain words mean that the words are headers."""
    first, rest = records[0], records[1:]
    if not rest or any(shape_of(cell) not in {Shape.TEXT, Shape.EMPTY} for cell in first):
        return False
    for column, cell in enumerate(first):
        below = [shape_of(record[column]) for record in rest if column < len(record)]
        below = [shape for shape in below if shape is not Shape.EMPTY]
        if cell.strip() and below and all(shape is not Shape.TEXT for shape in below):
            return True
    return False
