"""Rows into contacts: every value in its place, and none lost."""

import datetime as dt

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from contacts import models
from intake.parsing.columns import ColumnMapping, guess_columns
from intake.parsing.dates import parse_date
from intake.parsing.grid import Row
from intake.parsing.problems import REFUSING, ImportProblem
from intake.parsing.record import LANGUAGES, LONGEST, AddressValue, EmailValue, Note, ParsedContact, PhoneValue, cells
from intake.parsing.rows import BatchOptions, guess_options, parse_row, parse_rows
from intake.parsing.table import open_table
from intake.parsing.targets import ADDRESS_KINDS, EMAIL_KINDS, PHONE_KINDS, Kind, Target
from tests.intake.parsing.files import TABLES, sample


def parsed_file(name: str) -> list[tuple[Row, ParsedContact]]:
    table = open_table(sample(name))
    rows = table.sample()
    mapping = guess_columns(table.headers, rows)
    return list(zip(rows, parse_rows(rows, mapping, guess_options(rows, mapping)), strict=True))


def one(**values: str) -> ParsedContact:
    """The contact of one row whose columns are named by their targets."""
    targets = [Target(name) for name in values]
    mapping = [ColumnMapping(index, target.value.upper(), target) for index, target in enumerate(targets)]
    return parse_row(Row(2, tuple(values.values())), mapping, BatchOptions())


def squeezed(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def words_missing(row: Row, contact: ParsedContact) -> list[str]:
    """Cells of which something is not in the contact; a date counts as its day, a phone by its digits."""
    texts = list(cells(contact))
    everything = squeezed(" ".join(texts))

    def is_kept(cell: str) -> bool:
        date = parse_date(cell)
        if date and date.isoformat() in texts:
            return True
        # The national prefix of a phone is not a part of its international form.
        whole = squeezed(cell).removeprefix("0")
        return whole in everything or all(squeezed(word) in everything for word in cell.split())

    return [cell for cell in row.cells if not is_kept(cell)]


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_of_a_file_reappears_in_its_contact(name):
    read = parsed_file(name)
    assert [words_missing(row, contact) for row, contact in read] == [[]] * len(read)
    assert len(read) >= 2


def test_a_czech_row_fills_a_whole_card():
    assert parsed_file("zakaznici-1250.csv")[0][1] == ParsedContact(
        row=2,
        title_before="Ing.",
        first_name="Jiří",
        last_name="Žluťoučký",
        title_after="Ph.D.",
        organisation="Dřevo Šumava s.r.o.",
        ico="27074358",
        dic="CZ27074358",
        position="jednatel",
        birth_date=dt.date(1980, 11, 24),
        emails=[EmailValue("jiri@drevo.example", "work", primary=True)],
        phones=[
            PhoneValue("+420777123456", "777 123 456", "mobile", primary=True),
            PhoneValue("+420383422511", "+420 383 422 511", "work"),
        ],
        addresses=[AddressValue("Nádražní 12", "Vimperk", "385 01", "", "Česko", "work", primary=True)],
        tags=["VIP", "dřevo"],
        notes=[Note("Obchodník", "Petr Šťastný"), Note("", "Volat až po osmé,\nne v pátek.")],
    )


def test_the_same_table_in_another_encoding_gives_the_same_contacts():
    assert [contact for _row, contact in parsed_file("zakaznici-utf16.csv")] == [
        contact for _row, contact in parsed_file("zakaznici-1250.csv")
    ]


def test_american_numbers_are_american():
    phones = [phone.value for _row, contact in parsed_file("customers-us.csv") for phone in contact.phones]
    assert phones == ["+19375520134", "+19375520135", "+13034420101", "+13034420102"]


def test_what_is_not_valid_goes_to_the_note_with_a_remark():
    contact = one(last_name="Nová", email="jana(zavináč)x", phone="nemá", birth_date="3/4/75", ico="123", dic="XX1")
    assert {str(note) for note in contact.notes} == {
        "EMAIL: jana(zavináč)x", "PHONE: nemá", "BIRTH_DATE: 3/4/75", "ICO: 123", "DIC: XX1",
    }  # fmt: skip
    assert {(problem.code, problem.row, problem.column) for problem in contact.problems} == {
        ("email_invalid", 2, 2), ("phone_invalid", 2, 3), ("date_invalid", 2, 4), ("ico_invalid", 2, 5),
        ("dic_invalid", 2, 6),
    }  # fmt: skip
    assert not contact.refused


def test_a_number_of_no_known_plan_is_kept_as_written():
    contact = one(last_name="Nová", phone="905-222-1234")
    assert [phone.value for phone in contact.phones] == ["905-222-1234"]
    assert [problem.code for problem in contact.problems] == ["phone_unverified"]


def test_several_values_in_a_cell_are_all_taken():
    contact = one(last_name="Nová", email="Jana <jana@x.cz>; eva@x.cz", phone="777 123 456 (po osmé)", tag="a, b;a")
    assert [email.value for email in contact.emails] == ["jana@x.cz", "eva@x.cz"]
    assert [phone.value for phone in contact.phones] == ["+420777123456"]
    assert contact.tags == ["a", "b"]
    assert [str(note) for note in contact.notes] == [
        "EMAIL: Jana <jana@x.cz>; eva@x.cz",
        "PHONE: 777 123 456 (po osmé)",
    ]


def test_a_whole_address_is_taken_apart():
    (address,) = one(last_name="Nová", full_address="Dlouhá 5, zadní vchod, 400 01 Ústí nad Labem, Česko").addresses
    assert address == AddressValue(
        "Dlouhá 5, zadní vchod", "Ústí nad Labem", "400 01", "", "Česko", "work", primary=True
    )


def test_a_postcode_before_the_town_is_found():
    (address,) = one(last_name="Nová", city="110 00 Praha 1").addresses
    assert (address.postcode, address.city) == ("110 00", "Praha 1")


def test_a_company_has_no_person():
    assert (one(full_name="Dřevo s. r. o.").kind, one(organisation="Dřevo").kind, one(last_name="Nová").kind) == (
        "organisation",
        "organisation",
        "person",
    )


def test_a_row_with_nobody_in_it_is_refused_and_one_without_a_name_is_not():
    assert one(note="jen tak").refused
    nameless = one(email="jana@x.cz")
    assert ([problem.code for problem in nameless.problems], nameless.refused) == (["name_missing"], False)


def test_cells_beyond_the_headers_are_kept():
    contact = parse_row(Row(2, ("Nová", "x", "y")), [ColumnMapping(0, "Příjmení", Target.LAST_NAME)], BatchOptions())
    assert [note.text for note in contact.notes] == ["x", "y"]
    assert contact.problems == [ImportProblem("row_too_long", row=2, column=2)]


def test_a_value_too_long_for_its_field_is_kept_whole_in_the_note():
    contact = one(last_name="N" * 200, position="p" * 151)
    assert (contact.last_name, contact.position) == ("", "")
    assert [len(note.text) for note in contact.notes] == [200, 151]


def test_the_limits_and_kinds_are_those_of_the_card():
    renamed = {"organisation": (models.Contact, "organisation_name"), "tag": (models.Tag, "name")}
    renamed |= {"email": (models.EmailAddress, "value"), "phone": (models.Phone, "value")}
    renamed |= {name: (models.PostalAddress, name) for name in ("street", "city", "postcode", "region", "country")}
    fields = {name: renamed.get(name, (models.Contact, name)) for name in LONGEST}
    assert {name: model._meta.get_field(field).max_length for name, (model, field) in fields.items()} == LONGEST
    assert set(models.Contact.Language.values) == LANGUAGES
    assert set(models.EmailAddress.Kind.values) == EMAIL_KINDS
    assert set(models.Phone.Kind.values) == PHONE_KINDS
    assert set(models.PostalAddress.Kind.values) == ADDRESS_KINDS


def test_no_value_shows_in_the_form_that_logs_would_print():
    contact = one(last_name="Tajná", email="tajna(x)")
    assert "ajn" not in repr(contact)
    assert not any("ajn" in f"{problem!r} {problem}" for problem in contact.problems)


def test_a_problem_can_be_stored_and_read_back():
    problem = ImportProblem("cell_too_long", row=3, column=28, limit=10)
    assert ImportProblem.from_dict(problem.as_dict()) == problem
    with override("cs"):
        assert str(problem) == "řádek 3, sloupec AB: Hodnota je delší než 10 znaků."
    assert {"nothing_to_keep"} == REFUSING


VALUES = st.text(st.sampled_from("abcěščřž AB1234567890@.,;:/+-()<>\"'\n"), max_size=40)
SINGLE = [target for target in Target if target is not Target.NOTE]


@given(st.lists(st.tuples(st.sampled_from(SINGLE), VALUES), min_size=1, max_size=8))
def test_whatever_stands_in_a_cell_is_kept(columns):
    mapping = [ColumnMapping(index, f"H{index}", target) for index, (target, _value) in enumerate(columns)]
    row = Row(2, tuple(value for _target, value in columns))
    contact = parse_row(row, mapping, BatchOptions())
    everything = squeezed(" ".join([*cells(contact), *(phone.typed for phone in contact.phones)]))
    for target, value in columns:
        date = parse_date(value) if target is Target.BIRTH_DATE else None
        kept = squeezed(date.isoformat()) in everything if date else sorted_in(value, everything, target)
        assert kept, (target, len(value))


def sorted_in(value: str, everything: str, target: Target) -> bool:
    """Names and addresses may be put in another order, so each word is looked for by itself."""
    pieces = value.replace(",", " ").replace(";", " ").replace("/", " ").replace(".", " ").split()
    if target is Target.LANGUAGE and value.strip():
        return squeezed(value) in everything or any(code in everything for code in LANGUAGES)
    return all(squeezed(piece) in everything for piece in pieces)


def test_the_kind_of_a_column_reaches_the_channel():
    mapping = [
        ColumnMapping(0, "E-mail domů", Target.EMAIL, Kind.PRIVATE),
        ColumnMapping(1, "Ulice domů", Target.STREET, Kind.PRIVATE),
    ]
    contact = parse_row(Row(2, ("j@x.cz", "Dlouhá 1")), mapping, BatchOptions())
    assert (contact.emails[0].kind, contact.addresses[0].kind) == ("private", "home")
