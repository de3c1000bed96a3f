"""Phone numbers: E.164 where a number is certain, the written form always."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

# Regions a list most often comes from; asked only when the default does not fit, the strict ones first.
_CANDIDATES = ("CZ", "SK", "US", "DE", "AT", "PL", "HU", "GB", "FR", "IT", "ES", "NL")
# A national form of these two cannot be taken for the other's, and lists mix them.
_NEIGHBOURS = {"CZ": "SK", "SK": "CZ"}
_SEPARATORS = re.compile(r"[,;|\n]|\s/\s|\s(?:nebo|or|a|oder)\s")
_SLASH = re.compile(r"/")
_EXTENSION = re.compile(
    r"[\s,;]*(?:;ext=|ext\.?|x|kl\.?|klapka|linka|l\.|durchwahl)\s?[:.]?\s*(\d{1,7})\s*$", re.IGNORECASE
)
_LABEL = re.compile(r"^\s*(?:tel|mobil|mob|telefon|phone|fax|gsm|t|m)\s?[.:]+\s*", re.IGNORECASE)
_FEWEST_DIGITS = 3
_MOST_DIGITS = 20  # E.164 has 15; the rest leaves room for prefixes
_SAMPLE = 300
_LONGEST = 60
_SENTENCE = 500


class ReadPhone(NamedTuple):
    """A number as read: `e164` is empty when no numbering plan knows it; `extension` are digits."""

    typed: str
    e164: str = ""
    extension: str = ""


def read_phone(text: str, regions: Sequence[str]) -> ReadPhone | None:
    """The number in `text`, tried as a national number of each region in turn; None when it is no number at all."""
    typed = text.strip()
    if len(typed) > _LONGEST:
        return None
    extension = _EXTENSION.search(typed)
    number = _LABEL.sub("", typed[: extension.start()] if extension else typed)
    digits = sum(char.isdigit() for char in number)
    letters = sum(char.isalpha() for char in number)
    if not _FEWEST_DIGITS <= digits <= _MOST_DIGITS or letters:
        return None
    parsed = _valid(number, regions)
    ending = extension.group(1) if extension else ""
    if parsed is None:
        return ReadPhone(typed, "", ending)
    return ReadPhone(typed, _e164(parsed), ending)


def read_phones(text: str, regions: Sequence[str]) -> list[ReadPhone]:
    """All numbers of a cell that holds numbers and nothing else; empty when some part of it is not a number."""
    if len(text) > _SENTENCE:
        return []
    whole = read_phone(text, regions)
    if whole and whole.e164:
        return [whole]
    for separators, certain in ((_SEPARATORS, False), (_SLASH, True)):
        parts = [part for part in separators.split(text) if part.strip()]
        read = [phone for part in parts if (phone := read_phone(part, regions))]
        if (
            len(parts) > 1
            and len(read) == len(parts)
            and all(phone.e164 or (len(phone.typed) > 5 and not certain) for phone in read)
        ):
            return read
    return [whole] if whole else []


def find_phones(text: str, regions: Sequence[str]) -> list[ReadPhone]:
    """The certain numbers inside a sentence such as `777 123 456 (asistentka)`."""
    matches = PhoneNumberMatcher(text[:_SENTENCE], regions[0] if regions else None)
    return [ReadPhone(match.raw_string, _e164(match.number)) for match in matches]


def regions_to_try(country: str, default: str) -> tuple[str, ...]:
    """Region codes in the order of trust: the row's own country, the batch's region, its neighbour."""
    ordered = (country, default, _NEIGHBOURS.get(country or default, ""))
    return tuple(dict.fromkeys(region for region in ordered if region))


def guess_region(numbers: Iterable[str], default: str) -> str:
    """The region whose numbering plan fits the numbers written without a country code.

    A wrong region would turn a number into a stranger's, so `default` (with its neighbour) stays unless it fits hardly
    any of them and another region fits most.
    """
    national = [number for number in numbers if number.strip() and not number.strip().startswith(("+", "00"))][:_SAMPLE]
    if _fitting(national, regions_to_try("", default)) * 5 > len(national):
        return default
    fitting = {region: _fitting(national, [region]) for region in _CANDIDATES}
    # Loose plans fit almost any number, so a stricter one that fits nearly as many comes first.
    enough = max(0.7 * len(national), 0.8 * max(fitting.values()), 1)
    return next((region for region in _CANDIDATES if fitting[region] >= enough), default)


def _fitting(numbers: Sequence[str], regions: Sequence[str]) -> int:
    return sum(_valid(number, regions) is not None for number in numbers)


def usual_kind(phone: ReadPhone) -> str:
    """What a number is when nobody says: mobile where its numbering plan says so, else work."""
    if not phone.e164:
        return "work"
    mobile = phonenumbers.number_type(phonenumbers.parse(phone.e164)) == PhoneNumberType.MOBILE
    return "mobile" if mobile else "work"


def _valid(number: str, regions: Sequence[str]) -> PhoneNumber | None:
    for region in regions:
        try:
            parsed = phonenumbers.parse(number, region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return parsed
    return None


def _e164(number: PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
