"""CSV: any delimiter, quotes, line breaks in cells, and faults with their place."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.parsing.limits import Limits
from intake.parsing.problems import ImportProblem
from intake.parsing.table import open_table


def read(text: str | bytes, **options):
    table = open_table(text.encode() if isinstance(text, str) else text, **options)
    return table.headers, [row.cells for row in table]


@pytest.mark.parametrize("delimiter", [*",;\t|:^~#!*§", "\x1f"])
def test_any_single_character_delimits(delimiter):
    lines = ["Jméno|Město|E-mail", "Jana|Plzeň|jana@drevo.example", "Řehoř|Ústí nad Labem|r@posta.example"]
    table = open_table("\n".join(lines).replace("|", delimiter).encode())
    assert table.delimiter == delimiter
    assert table.headers == ("Jméno", "Město", "E-mail")
    assert [row.cells for row in table] == [tuple(line.split("|")) for line in lines[1:]]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_works(ending):
    assert read(ending.join(["Jméno;Město", "Jana;Brno", "Eva;Písek"])) == (
        ("Jméno", "Město"),
        [("Jana", "Brno"), ("Eva", "Písek")],
    )


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    table = open_table('Jméno;Poznámka\nJana;"dva\nřádky"\n\nEva;x\n'.encode())
    assert [tuple(row) for row in table] == [(2, ("Jana", "dva\nřádky")), (4, ("Eva", "x"))]


def test_a_comma_inside_cells_does_not_split_a_single_column():
    assert read("Adresa\nPraha, Dlouhá 1\nBrno, Krátká 2\n") == (
        ("Adresa",),
        [("Praha, Dlouhá 1",), ("Brno, Krátká 2",)],
    )


def test_excels_own_instruction_is_not_a_row():
    table = open_table(b"sep=|\nA;1|B\nx|y\n", has_header=True)
    assert (table.delimiter, table.headers, [tuple(row) for row in table]) == ("|", ("A;1", "B"), [(3, ("x", "y"))])


def test_a_title_above_the_headers_is_kept_apart():
    table = open_table("Export z 1. 1. 2026\n\nJméno;E-mail\nJana;j@x.cz\nEva;e@x.cz\n".encode())
    assert [row.cells for row in table.preamble] == [("Export z 1. 1. 2026",)]
    assert table.headers == ("Jméno", "E-mail")


def test_quotation_marks_that_are_mere_characters_stay():
    assert read('Jméno;Firma\nJana;"U Lva" s.r.o.\nEva;X\n')[1] == [("Jana", '"U Lva" s.r.o.'), ("Eva", "X")]


def test_a_space_before_the_quotation_mark_is_forgiven():
    assert read('Jméno, Firma\nJana, "Lev, s.r.o."\n')[1] == [("Jana", "Lev, s.r.o.")]


def test_a_file_without_headers_loses_no_row():
    table = open_table("Jan;Novák;777123456\nPetr;Malý;602111222\n".encode())
    assert (table.has_header, table.headers, table.check()) == (False, (), 2)


def test_unknown_headers_are_told_from_the_numbers_below_them():
    assert open_table("Kód;Obchodník;Obrat\nA;Petr;12000\nB;Jana;3\n".encode()).headers == (
        "Kód",
        "Obchodník",
        "Obrat",
    )


def test_a_person_may_decide_about_headers_encoding_and_delimiter():
    table = open_table("a b\nč d".encode("cp1250"), encoding="cp1250", delimiter=" ", has_header=True)
    assert (table.headers, [row.cells for row in table]) == (("a", "b"), [("č", "d")])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Jméno;Pozn\nJana;" + "x" * 10_000_000, ImportProblem("cell_too_long", row=2, column=2, limit=131_072)),
        ('Jméno;Pozn\nJana;"' + "x" * 10_000_000 + '"', ImportProblem("cell_too_long", row=2, column=2, limit=131_072)),
        ('Jméno;Pozn\n"Jana";"x"\n"Eva";"nikdy', ImportProblem("broken_quotes", row=3, column=2)),
        ('Jméno;Pozn\nJana;"a"b;c\nEva;y', ImportProblem("broken_quotes", row=2, column=2)),
        ("Jméno;Pozn\n", ImportProblem("no_rows")),
    ],
    ids=["long", "long and quoted", "never closed", "closed too early", "no rows"],
)
def test_a_fault_is_named_with_its_place(text, problem):
    with pytest.raises(ImportProblem) as caught:
        open_table(text.encode()).check()
    assert caught.value == problem


def test_rows_and_columns_have_limits():
    text = b"a;b;c\n" + b"1;2;3\n" * 4
    with pytest.raises(ImportProblem) as rows:
        open_table(text, limits=Limits(rows=3)).check()
    with pytest.raises(ImportProblem) as columns:
        open_table(text, limits=Limits(columns=2))
    assert (rows.value.code, columns.value.code) == ("too_many_rows", "too_many_columns")


def test_a_delimiter_must_be_one_character():
    with pytest.raises(ImportProblem) as caught:
        open_table(b"a;b", delimiter=";;")
    assert caught.value.code == "delimiter_invalid"


# What UTF-16 and the reader both keep: no controls but line breaks, no halves of a character, no invisible marks.
CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn"]) | st.sampled_from('\n;,\t|"'), max_size=30
)
LATIN = st.text(st.sampled_from('ěščřžýáíéůúďťňóĚŠČŘŽÝÁÍÉ abcXYZ0123456789@.;,\t|"\n-'), max_size=30)


def written(rows: list[list[str]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def stripped(rows: list[list[str]]) -> list[tuple[str, ...]]:
    """Rows as they come back: blank ones and blank cells at the end say nothing."""
    widths = [max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0) for row in rows]
    return [tuple(row[:width]) for row, width in zip(rows, widths, strict=True) if width]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(";,\t|"))
def test_every_cell_comes_back_in_every_unicode_encoding(rows, delimiter):
    text = written([["Jméno", "E-mail"], *rows], delimiter)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        table = open_table(text.encode(encoding), delimiter=delimiter, has_header=True)
        assert [row.cells for row in table] == stripped(rows)


@given(st.lists(st.lists(LATIN, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(";,\t|"))
def test_every_cell_comes_back_when_the_page_is_given(rows, delimiter):
    text = written([["Jméno", "Příjmení"], *rows], delimiter)
    for encoding in ("cp1250", "iso8859-2"):
        table = open_table(text.encode(encoding), encoding=encoding, delimiter=delimiter, has_header=True)
        assert [row.cells for row in table] == stripped(rows)
