"""What a column means, from its header and from its values."""

import pytest

from intake.parsing.columns import guess_columns
from intake.parsing.grid import Row
from intake.parsing.headers import find_header
from intake.parsing.targets import Target


def guessed(headers: str, *rows: str) -> list[str]:
    """The guess as words: `phone:mobile`, `street/2`."""
    table = [Row(number, tuple(row.split("|"))) for number, row in enumerate(rows, start=2)]
    columns = guess_columns(headers.split("|"), table)
    kinds = [f":{column.kind.value}" if column.kind else "" for column in columns]
    groups = [f"/{column.group}" if column.group else "" for column in columns]
    return [f"{column.target.value}{kind}{group}" for column, kind, group in zip(columns, kinds, groups, strict=True)]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            "Titul|Jméno|Příjmení|Titul za|Firma|IČO|DIČ|Pozice|Datum narození",
            "title_before first_name last_name title_after organisation ico dic position birth_date",
        ),
        (
            "Křestní jméno|Příjmení|Společnost|E-mailová adresa|Telefonní číslo|Mobilní telefon|Fax",
            "first_name last_name organisation email phone phone:mobile phone:fax",
        ),
        (
            "first_name|last_name|company_name|address|city|county|state|zip|phone1|phone2|email|web",
            "first_name last_name organisation street city note region postcode phone/1 phone/2 email web",
        ),
        (
            "Given Name|Additional Name|Family Name|E-mail 1 - Value|Phone 1 - Value|Address 1 - Street|"
            "Address 1 - City|Organization Name|Organization Title|Birthday|Notes",
            "first_name middle_name last_name email/1 phone/1 street/1 city/1 organisation position birth_date note",
        ),
        (
            "First Name|Last Name|Company|Business Street|Business City|Business Postal Code|Home Street|Home City|"
            "Business Phone|Mobile Phone|E-mail Address|Job Title|Categories|Web Page",
            "first_name last_name organisation street:work city:work postcode:work street:private city:private "
            "phone:work phone:mobile email position tag web",
        ),
        ("Vorname|Name|Firma|Straße|PLZ|Ort|Land|Telefon|Handy|Geburtstag|Bemerkung",
         "first_name last_name organisation street postcode city country phone phone:mobile birth_date note"),
        ("Meno|Priezvisko|Spoločnosť|IČ DPH|Ulica|Mesto|PSČ|Krajina|Mobil|Poznámka",
         "first_name last_name organisation dic street city postcode country phone:mobile note"),
        ("Ulice|Č.p.|Obec|PSČ|Kraj|Stát|Jazyk|Štítky|Oslovení",
         "street house_number city postcode region country language tag salutation"),
        ("Fakturační ulice|Fakturační město|Dodací ulice|Dodací město",
         "street:billing city:billing street:delivery city:delivery"),
        ("Address 1|Address 2|City|Zip", "street street city postcode"),
        ("Pracovní e-mail|Soukromý e-mail|Telefon do práce", "email:work email:private phone:work"),
    ],
)  # fmt: skip
def test_headers_of_common_programs_are_understood(headers, expected):
    assert guessed(headers) == expected.split()


def test_values_speak_where_headers_do_not():
    rows = ["jana@drevo.example|777 123 456|27074358|https://drevo.example|24. 11. 2026|385 01|cokoli"]
    assert guessed("A|B|C|D|E|F|G", *rows * 3) == ["email", "phone", "ico", "web", "note", "postcode", "note"]


def test_a_date_alone_is_not_a_birthday():
    assert guessed("Poslední návštěva", "24. 11. 2026", "1. 2. 2025") == ["note"]


def test_a_header_that_its_values_deny_is_not_believed():
    assert guessed("E-mail odeslán", "ano", "ne") == ["note"]
    assert guessed("E-mail pro faktury", "jana@drevo.example") == ["email"]


def test_a_title_in_english_is_a_degree_or_a_position_as_its_values_are():
    assert guessed("Title", "Mr.", "Dr.") == ["title_before"]
    assert guessed("Title", "Sales manager", "CEO") == ["position"]


def test_a_lone_name_column_holds_whole_names():
    assert guessed("Jméno|E-mail", "Jana Nováková|j@x.cz") == ["full_name", "email"]


def test_an_address_in_one_cell_is_recognised():
    assert guessed("Adresa", "Nádražní 12, 385 01 Vimperk") == ["full_address"]


def test_of_two_columns_for_one_field_the_other_goes_to_the_note():
    assert guessed("Firma|Název") == ["organisation", "note"]


def test_nothing_is_ever_ignored():
    assert "ignore" not in Target.values
    assert guessed("Velikost bot|") == ["note", "note"]


@pytest.mark.parametrize(
    ("records", "index"),
    [
        ([["Jméno", "Město"], ["Jana", "Brno"]], 0),
        ([["Jana", "Nováková"], ["Petr", "Malý"]], None),
        ([["jana@x.cz"], ["petr@x.cz"]], None),
        ([["Seznam"], ["Jméno", "E-mail"], ["Jana", "j@x.cz"]], 1),
        ([["Kód", "Obrat"], ["A", "12"]], 0),
        ([], None),
    ],
)
def test_the_header_is_found(records, index):
    assert find_header(records) == index
