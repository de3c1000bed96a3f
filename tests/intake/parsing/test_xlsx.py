"""XLSX: the text of a cell as a person sees it, and files that would harm."""

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from intake.parsing.limits import Limits
from intake.parsing.problems import ImportProblem
from intake.parsing.table import open_table
from intake.parsing.workbook import number_text
from tests.intake.parsing.files import sample


def book(*rows: list[Any], formats: dict[str, str] | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    for cell, number_format in (formats or {}).items():
        workbook.active[cell].number_format = number_format
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (777123456, "General", "777123456"),
        (420777123456.0, "General", "420777123456"),
        (777123456, "### ### ###", "777 123 456"),
        (118, "00000000", "00000118"),
        (11800, "000 00", "118 00"),
        (1234567890123, "0", "1234567890123"),
        (1.1, "General", "1.1"),
        (0.1 + 0.2, "General", "0.3"),
        (0.15, "0%", "0.15"),
        (-5, "00000", "-5"),
        (5551234, "[<=9999999]###-####;(###) ###-####", "5551234"),
        (1500, '# ##0 "Kč"', "1500"),
    ],
)
def test_numbers_look_as_their_format_says_and_never_gain_a_decimal_point(value, number_format, text):
    assert number_text(value, number_format).replace(" Kč", "").replace("1 500", "1500") == text


def test_dates_are_iso_and_other_types_are_plain():
    rows = open_table(
        book(
            ["Narození", "Kdy", "V kolik", "Ano", "Nic", "Text"],
            [dt.date(1980, 11, 24), dt.datetime.fromisoformat("2026-01-02T03:04"), dt.time(12, 30), True, None, "007"],
        )
    ).sample()
    assert rows[0].cells == ("1980-11-24", "2026-01-02 03:04:00", "12:30:00", "TRUE", "", "007")


def test_a_formula_gives_its_result_and_one_never_computed_its_text():
    data = book(["Jméno", "Součet", "Bez výsledku"], ["Jana", "=1+1", "=A2"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    sheet = sheet.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
        b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
    )
    rows = open_table(repacked(data, "xl/worksheets/sheet1.xml", sheet)).sample()
    assert rows[0].cells == ("Jana", "2", "=A2")


def test_text_that_looks_like_a_formula_stays_text():
    table = open_table(sample("zakaznici.xlsx"))
    assert next(iter(table)).cells[-1] == "=SUMA(1)"


def test_the_first_sheet_with_rows_is_read_and_all_are_listed():
    table = open_table(sample("zakaznici.xlsx"))
    assert (table.sheet, table.sheets) == ("Zákazníci", ("Přehled", "Zákazníci"))
    assert [row.cells for row in table.preamble] == [("Export ze starého systému",)]
    assert [row.number for row in table] == [4, 5]


def test_a_sheet_may_be_chosen():
    workbook = openpyxl.Workbook()
    workbook.active.append(["x", "y"])
    workbook.create_sheet("Druhý").append(["E-mail"])
    workbook["Druhý"].append(["jana@drevo.example"])
    assert [row.cells for row in open_table(saved(workbook), sheet="Druhý")] == [("jana@drevo.example",)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (saved(openpyxl.Workbook()), "no_rows"),
        (book(["x"])[:-200], "xlsx_broken"),
        (repacked(book(["x"]), "xl/workbook.xml", b"<nonsense>"), "xlsx_broken"),
        (repacked(book(["x"]), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"), "xlsx_broken"),
        (
            repacked(book(["x"]), "xl/styles.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><styleSheet/>'),
            "xlsx_broken",
        ),
    ],
    ids=["empty", "cut off", "nonsense", "unclosed", "entities"],
)
def test_a_damaged_workbook_is_refused_in_words(data, code):
    with pytest.raises(ImportProblem) as caught:
        open_table(data).check()
    assert caught.value.code == code


def test_a_bomb_is_not_unpacked():
    bomb = repacked(book(["x"]), "xl/styles.xml", b"0" * 2_000_000)
    with pytest.raises(ImportProblem) as caught:
        open_table(bomb, limits=Limits(part_bytes=1_000_000))
    assert caught.value.code == "archive_too_big"


def test_an_unknown_sheet_is_a_problem():
    with pytest.raises(ImportProblem) as caught:
        open_table(book(["x"]), sheet="Jiný")
    assert caught.value.code == "sheet_missing"
