"""Rows of a table into contacts, by a mapping that a person confirmed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from intake.parsing.addresses import split_address
from intake.parsing.codes import country_code
from intake.parsing.columns import ColumnMapping, plain_note
from intake.parsing.dates import DateOrder, guess_date_order
from intake.parsing.draft import Draft, Origin
from intake.parsing.grid import Row
from intake.parsing.phones import guess_region
from intake.parsing.problems import column_letters
from intake.parsing.record import AddressValue, ParsedContact
from intake.parsing.targets import ADDRESS_PARTS, Target

_PLAIN = {
    Target.TITLE_BEFORE: "title_before",
    Target.FIRST_NAME: "first_name",
    Target.LAST_NAME: "last_name",
    Target.TITLE_AFTER: "title_after",
    Target.SALUTATION: "salutation",
    Target.ORGANISATION: "organisation",
    Target.POSITION: "position",
}
_SPECIAL: dict[Target, Callable[[Draft, str, Origin], None]] = {
    Target.FULL_NAME: Draft.full_name,
    Target.MIDDLE_NAME: Draft.middle_name,
    Target.ICO: Draft.ico,
    Target.DIC: Draft.dic,
    Target.TAG: Draft.tags,
    Target.LANGUAGE: Draft.language,
}


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What holds for the whole file: the region of phones without a country code, and the order of 3/4/2026."""

    region: str = "CZ"
    date_order: DateOrder = DateOrder.UNKNOWN


def guess_options(rows: Sequence[Row], mapping: Sequence[ColumnMapping], *, region: str = "CZ") -> BatchOptions:
    """The options that the values of some rows speak for; `region` is the installation's own."""
    countries = Counter(map(country_code, _values(rows, mapping, Target.COUNTRY)))
    code, count = countries.most_common(1)[0] if countries else ("", 0)
    stated = code if count * 2 > len(rows) else ""
    return BatchOptions(
        region=stated or guess_region(_values(rows, mapping, Target.PHONE), region),
        date_order=guess_date_order(_values(rows, mapping, Target.BIRTH_DATE)),
    )


def parse_rows(rows: Iterable[Row], mapping: Sequence[ColumnMapping], options: BatchOptions) -> Iterator[ParsedContact]:
    """One contact for each row."""
    plan = _Plan(mapping)
    for row in rows:
        yield _parse_row(row, plan, options)


def parse_row(row: Row, mapping: Sequence[ColumnMapping], options: BatchOptions) -> ParsedContact:
    """The contact in one row. Every cell of it is in a field, a tag or a note of the result."""
    return _parse_row(row, _Plan(mapping), options)


class _Plan:
    """A mapping prepared once for many rows: origins, and columns in the order in which they must be read."""

    def __init__(self, mapping: Sequence[ColumnMapping]) -> None:
        # A middle name is put behind the first one, so it comes after it.
        self.columns = sorted(mapping, key=lambda column: (column.target is Target.MIDDLE_NAME, column.index))
        self.width = max((column.index + 1 for column in mapping), default=0)
        self.origins = {column.index: Origin(_label(column), column.index + 1) for column in mapping}


def _label(column: ColumnMapping) -> str | Promise:
    header = column.header.strip()
    if column.target is Target.NOTE and plain_note(header):
        return ""
    return header or column_name(column.index)


def column_name(index: int) -> Promise:
    """What a column without a header is called, from its position counted from 0."""
    return format_lazy("{} {}", _("Column"), column_letters(index + 1))


def _parse_row(row: Row, plan: _Plan, options: BatchOptions) -> ParsedContact:
    draft = Draft(row.number)
    addresses: dict[tuple[str, str], list[tuple[ColumnMapping, str]]] = {}
    for column in plan.columns:
        value = row.cells[column.index] if column.index < len(row.cells) else ""
        if not value.strip():
            continue
        if column.target in ADDRESS_PARTS:
            addresses.setdefault((column.kind or "", column.group), []).append((column, value))
        else:
            _put(draft, column, value, plan.origins[column.index], options)
    for parts in addresses.values():
        first = parts[0][0]
        draft.address(_assemble(parts), plan.origins[first.index], first.kind)
    _keep_extra_cells(draft, row, plan)
    return draft.finish(region=options.region)


def _put(draft: Draft, column: ColumnMapping, value: str, origin: Origin, options: BatchOptions) -> None:
    if column.target in _PLAIN:
        draft.text(_PLAIN[column.target], value, origin)
    elif column.target is Target.EMAIL:
        draft.emails(value, origin, column.kind)
    elif column.target is Target.PHONE:
        draft.phone(value, origin, column.kind)
    elif column.target is Target.BIRTH_DATE:
        draft.birth_date(value, origin, options.date_order)
    else:
        _SPECIAL.get(column.target, Draft.note)(draft, value, origin)


def _assemble(parts: Sequence[tuple[ColumnMapping, str]]) -> AddressValue:
    """Parts of one address; a whole address in one cell fills what has no column of its own."""
    texts: dict[Target, list[str]] = {}
    for column, value in parts:
        texts.setdefault(column.target, []).append(value.strip())
    whole = split_address("\n".join(texts.get(Target.FULL_ADDRESS, [])))
    street = _join(", ", whole.street, texts.get(Target.STREET, []))
    return AddressValue(
        street=_join(" ", street, texts.get(Target.HOUSE_NUMBER, [])),
        city=_join(", ", whole.city, texts.get(Target.CITY, [])),
        postcode=_join(", ", whole.postcode, texts.get(Target.POSTCODE, [])),
        region=_join(", ", whole.region, texts.get(Target.REGION, [])),
        country=_join(", ", whole.country, texts.get(Target.COUNTRY, [])),
    )


def _join(separator: str, found: str, texts: Sequence[str]) -> str:
    return separator.join(dict.fromkeys(text for text in (found, *texts) if text))


def _keep_extra_cells(draft: Draft, row: Row, plan: _Plan) -> None:
    extra = [(index, cell) for index, cell in enumerate(row.cells) if index >= plan.width and cell.strip()]
    for index, cell in extra:
        draft.note(cell, Origin(column_name(index), index + 1))
    if extra:
        draft.problem("row_too_long", extra[0][0] + 1)


def _values(rows: Sequence[Row], mapping: Sequence[ColumnMapping], target: Target) -> list[str]:
    indexes = [column.index for column in mapping if column.target is target]
    return [row.cells[index] for row in rows for index in indexes if index < len(row.cells)]
