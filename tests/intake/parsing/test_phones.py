"""Phone numbers: certain ones in E.164, all others as written."""

import pytest

from intake.parsing.phones import find_phones, guess_region, read_phones, regions_to_try, usual_kind

CZ = regions_to_try("", "CZ")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("777 123 456", ["+420777123456"]),
        ("+420777123456", ["+420777123456"]),
        ("00420 777 123 456", ["+420777123456"]),
        ("420777123456", ["+420777123456"]),
        ("tel.: 777.123.456", ["+420777123456"]),
        ("0905 123 456", ["+421905123456"]),
        ("777 123 456, 602 111 222", ["+420777123456", "+420602111222"]),
        ("777123456/602111222", ["+420777123456", "+420602111222"]),
        ("602 111 222 nebo 777 123 456", ["+420602111222", "+420777123456"]),
        ("+420 383 422 511 kl. 12", ["+420383422511"]),
        ("+1-418-656-9254;ext=102", ["+14186569254"]),
        ("905-222-1234", [""]),
        ("112", [""]),
        ("volat po 17h", []),
        ("", []),
        ("1" * 40, []),
    ],
)
def test_a_cell_of_numbers_is_read(text, numbers):
    assert [phone.e164 for phone in read_phones(text, CZ)] == numbers


def test_an_extension_is_told_from_the_number():
    assert [phone.extension for phone in read_phones("+420 383 422 511 linka 12", CZ)] == ["12"]


def test_a_number_inside_a_sentence_is_found():
    assert [phone.e164 for phone in find_phones("777 123 456 (asistentka)", CZ)] == ["+420777123456"]


def test_the_country_of_the_row_comes_before_that_of_the_file():
    assert regions_to_try("US", "CZ")[:2] == ("US", "CZ")
    assert [phone.e164 for phone in read_phones("937-552-0134", regions_to_try("US", "CZ"))] == ["+19375520134"]


def test_the_region_follows_the_numbers_only_when_they_deny_the_default():
    assert guess_region(["937-552-0134", "303-442-0101", "212-555-0101"], "CZ") == "US"
    assert guess_region(["777 123 456", "602111222", "0905 123 456"], "CZ") == "CZ"
    assert guess_region(["nic", ""], "CZ") == "CZ"
    assert guess_region(["+1 937 552 0134"] * 5, "CZ") == "CZ"


def test_a_mobile_is_known_by_its_number():
    assert [usual_kind(phone) for text in ("777 123 456", "383 422 511") for phone in read_phones(text, CZ)] == [
        "mobile",
        "work",
    ]
