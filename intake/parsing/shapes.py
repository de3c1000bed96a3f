"""What a value looks like, whatever its column is called."""

import re
from enum import StrEnum

from stdnum.cz import dic

from intake.parsing.dates import looks_like_date

_EMAIL = re.compile(r"[^\s@<>;,]+@[^\s@<>;,]+\.[^\s@<>;,.]{2,}")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s()./-]{9,22}")
_DIC = re.compile(r"(?:CZ|SK|DE|AT|PL|HU)\s?\w{8,12}")
_POSTCODE = re.compile(r"\d{3} \d{2}|\d{5}")
_NUMBER = re.compile(r"[-+]?[\d\s.,]*\d\s*[%€$]?")
# Longer values are prose, and looking for patterns in them would take long.
_LONGEST = 300


class Shape(StrEnum):
    """A form that can be told from the value alone."""

    EMAIL = "email"
    URL = "url"
    DATE = "date"
    ICO = "ico"
    DIC = "dic"
    POSTCODE = "postcode"
    PHONE = "phone"
    NUMBER = "number"
    TEXT = "text"
    EMPTY = "empty"


def shape_of(value: str) -> Shape:
    """The most telling shape of the value; eight digits are an IČO only with a right checksum."""
    value = value.strip()
    if len(value) > _LONGEST:
        return Shape.TEXT
    if not value:
        return Shape.EMPTY
    if _EMAIL.search(value):
        return Shape.EMAIL
    if _URL.fullmatch(value):
        return Shape.URL
    if looks_like_date(value):
        return Shape.DATE
    if is_ico(value):
        return Shape.ICO
    return _looser_shape(value)


def _looser_shape(value: str) -> Shape:
    if _DIC.fullmatch(value):
        return Shape.DIC
    if _POSTCODE.fullmatch(value):
        return Shape.POSTCODE
    if _PHONE.fullmatch(value) and 9 <= sum(char.isdigit() for char in value) <= 15:
        return Shape.PHONE
    if _NUMBER.fullmatch(value):
        return Shape.NUMBER
    return Shape.TEXT


def is_ico(value: str) -> bool:
    """Whether the value is a Czech IČO: eight digits, the last one a checksum."""
    digits = value.replace(" ", "")
    return len(digits) == 8 and digits.isascii() and dic.is_valid(digits)
