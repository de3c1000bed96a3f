"""Small helpers for comparing words."""

import re
import unicodedata

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[\W_]+")
_LETTER_DIGIT = re.compile(r"(?<=[^\W\d])(?=\d)")


def fold(text: str) -> str:
    """The text without case and diacritics: `Příjmení` and `PRIJMENI` are the same."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def header_key(header: str) -> str:
    """A column's header as plain words: `E-mail 1 - Value`, `email1Value` and `EMAIL_1_VALUE` agree."""
    spaced = _LETTER_DIGIT.sub(" ", _CAMEL.sub(" ", header))
    words = _NOT_WORD.sub(" ", fold(spaced)).strip()
    return re.sub(r"\be mail", "email", words)


def one_line(text: str) -> str:
    """The text with its line breaks turned into commas, for fields that hold a single line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "".join(line if number == 0 else _joint(lines[number - 1]) + line for number, line in enumerate(lines))


def _joint(line: str) -> str:
    return " " if line.endswith(",") else ", "


def words(text: str) -> frozenset[str]:
    """The words of a list written as prose, which reads better than a page of quoted ones."""
    return frozenset(text.split())
