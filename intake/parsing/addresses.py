"""Taking apart an address written in one cell."""

import re
from dataclasses import replace

from intake.parsing.codes import country_code
from intake.parsing.record import AddressValue

_POSTCODE_CITY = re.compile(r"(?:(?:CZ|SK)[- ]?)?(\d{3} ?\d{2})(?:\s+(\D.*))?")
_CITY_POSTCODE = re.compile(r"(\D.*?)\s+(\d{3} \d{2}|\d{5})")
_LONGEST = 500


def split_address(text: str) -> AddressValue:
    """The parts of `Vinohradská 12, 120 00 Praha 2, Česko`; what cannot be told apart stays in the street."""
    if len(text) > _LONGEST:
        return AddressValue(street=text)
    parts = [part.strip() for part in re.split(r"[,\n\r]+", text) if part.strip()]
    country = ""
    if len(parts) > 1 and country_code(parts[-1]):
        country = parts.pop()
    for position in range(len(parts) - 1, -1, -1):
        match = _POSTCODE_CITY.fullmatch(parts[position])
        if match:
            postcode, city = match.group(1), match.group(2) or ""
            break
        match = _CITY_POSTCODE.fullmatch(parts[position])
        if match and position:
            city, postcode = match.group(1), match.group(2)
            break
    else:
        city = parts.pop() if len(parts) == 2 else ""
        return AddressValue(street=", ".join(parts), city=city, country=country)
    rest = parts[:position] + parts[position + 1 :]
    if not city and len(rest) > 1:
        city = rest.pop()
    return AddressValue(street=", ".join(rest), city=city, postcode=postcode, country=country)


def with_postcode_from_city(address: AddressValue) -> AddressValue:
    """`110 00 Praha 1` in the city's column gives both, when the postcode has no column of its own."""
    match = _POSTCODE_CITY.fullmatch(address.city[:_LONGEST])
    if address.postcode or not match or not match.group(2):
        return address
    return replace(address, postcode=match.group(1), city=match.group(2))
