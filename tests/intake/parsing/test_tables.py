"""Tables as companies keep them: any delimiter, old encodings, odd headers, and no value lost."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.parsing.columns import guess_columns
from intake.parsing.detect import FileKind, detect_kind
from intake.parsing.problems import ImportProblem
from intake.parsing.record import cells
from intake.parsing.rows import guess_options, parse_rows
from intake.parsing.table import open_table
from intake.parsing.targets import Target

CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy ĚŠČŘŽÝÁÍÉŮÚĎŤŇ „ano“"


def as_csv(rows: list[list[str]], delimiter: str = ";") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def contacts(data: bytes):
    table = open_table(data)
    sample = table.sample()
    mapping = guess_columns(table.headers, sample)
    return mapping, list(parse_rows(table, mapping, guess_options(sample, mapping)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
def test_czech_letters_survive_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    rows = [["jméno", "poznámka"], ["Řehoř", CZECH], ["Jana", "další " * 20]]
    table = open_table(as_csv(rows, delimiter).encode(encoding))
    assert table.headers == ("jméno", "poznámka")
    assert [list(row.cells) for row in table] == [["Řehoř", CZECH], ["Jana", ("další " * 20)]]


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1, max_size=30
).filter(lambda text: text.strip())


def plain(text: str) -> str:
    """White space and the commas that only part a name from its titles don't count."""
    return " ".join(text.replace(",", " ").split())


@settings(deadline=None)
@given(rows=st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=6))
def test_every_cell_of_any_table_is_in_a_field_or_a_note(rows: list[list[str]]) -> None:
    header = ["jméno", "velikost bot", "přezdívka psa"]
    try:
        _mapping, found = contacts(as_csv([header, *rows]).encode())
    except ImportProblem:
        return
    held = plain(" ".join("\n".join(cells(one)) for one in found))
    for row in rows:
        for cell in row:
            assert plain(cell) in held


@given(st.binary(max_size=4000))
def test_whatever_bytes_come_they_are_a_table_or_refused_in_words(data: bytes) -> None:
    try:
        table = open_table(data)
        table.check()
        mapping = guess_columns(table.headers, table.sample())
        list(parse_rows(table, mapping, guess_options(table.sample(), mapping)))
    except ImportProblem as refused:
        words = refused.message
    else:
        words = "read"
    assert words


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Jméno", Target.FIRST_NAME),
        ("Příjmení", Target.LAST_NAME),
        ("Firma", Target.ORGANISATION),
        ("IČO", Target.ICO),
        ("Mobil", Target.PHONE),
        ("E-mail", Target.EMAIL),
        ("PSČ", Target.POSTCODE),
        ("Datum narození", Target.BIRTH_DATE),
        ("Last Name", Target.LAST_NAME),
        ("Company Name", Target.ORGANISATION),
        ("Telefonnummer", Target.PHONE),
        ("Nachname", Target.LAST_NAME),
        ("číslo boty", Target.NOTE),
    ],
)
def test_a_header_says_where_its_column_goes(header: str, target: Target) -> None:
    assert guess_columns([header, "Příjmení" if target == Target.FIRST_NAME else "x"], [])[0].target == target


def test_values_say_what_a_silent_header_does_not() -> None:
    table = open_table(as_csv([["a", "b"], *[["jana@drevo.example", "+420 603 111 222"]] * 3]).encode())
    assert {column.target for column in guess_columns(table.headers, table.sample())} >= {Target.EMAIL, Target.PHONE}


def test_foreign_numbers_and_names_in_a_row_are_read() -> None:
    rows = [
        ["first_name", "last_name", "company_name", "city", "state", "zip", "phone1", "email", "web"],
        [
            "James",
            "Butt",
            "Benton, John B Jr",
            "New Orleans",
            "LA",
            "70116",
            "504-621-8927",
            "j@b.example",
            "http://b.example",
        ],
    ]
    _mapping, (james,) = contacts(as_csv(rows, ",").encode())
    assert (james.first_name, james.last_name, james.organisation) == ("James", "Butt", "Benton, John B Jr")
    assert [phone.value for phone in james.phones] == ["+15046218927"]
    assert "http://b.example" in james.note
    assert (james.addresses[0].city, james.addresses[0].region, james.addresses[0].postcode) == (
        "New Orleans",
        "LA",
        "70116",
    )


def test_czech_titles_are_told_from_names() -> None:
    _mapping, (one,) = contacts(as_csv([["celé jméno"], ["prof. MUDr. Jana Nováková, Ph.D."]]).encode())
    assert (one.title_before, one.first_name, one.last_name, one.title_after) == (
        "prof. MUDr.",
        "Jana",
        "Nováková",
        "Ph.D.",
    )


def test_a_workbook_keeps_leading_zeros_dates_and_formulas_as_shown() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["jméno", "PSČ", "narozen", "telefon", "vzorec"])
    import datetime as dt

    sheet.append(["Jana", "01234", dt.date(1990, 5, 1), 603111222, "=1+1"])
    data = io.BytesIO()
    book.save(data)
    assert detect_kind(data.getvalue()) is FileKind.XLSX
    row = next(iter(open_table(data.getvalue())))
    assert row.cells[:4] == ("Jana", "01234", "1990-05-01", "603111222")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7", "unsupported_kind"),
        (b"\x89PNG\r\n\x1a\n", "unsupported_kind"),
        (b"\x00\x01\x02" * 90, "binary_file"),
        (b"PK\x03\x04broken", "xlsx_broken"),
        ("jméno;x\nJana;".encode() + b"a" * 200_000, "cell_too_long"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(ImportProblem) as problem:
        open_table(data).check()
    assert problem.value.code == code
