"""What the blind index looks for: the keyed hashes of addresses, numbers and typed queries."""

from __future__ import annotations

import re
import uuid

import phonenumbers
from django.conf import settings

from privacy import blind_index

_PHONE_SHAPE = re.compile(r"^[+\d][\d\s().\-/]{5,}$")


def phone_e164(text: str, region: str | None = None) -> str:
    """The number as E.164, or "" where it can't be read as one."""
    try:
        number = phonenumbers.parse(text, region or settings.PHONENUMBER_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_key(value: str) -> uuid.UUID:
    return uuid.UUID(bytes=blind_index.email_digest(value))


def phone_key(value: str) -> uuid.UUID:
    """The digest of a number; one that can't be read is hashed as its digits."""
    return uuid.UUID(bytes=blind_index.phone_digest(phone_e164(value) or re.sub(r"\D", "", value)))


def number_key(value: str) -> uuid.UUID:
    """The digest of a registration number (IČO, DIČ), apart from phones by its prefix."""
    return uuid.UUID(bytes=blind_index.phone_digest("no:" + re.sub(r"\W", "", value).upper()))


def digests_of_query(query: str) -> list[uuid.UUID]:
    """What a typed query could mean as a whole address: e-mail, phone or registration number."""
    text = query.strip()
    if "@" in text:
        return [email_key(text)]
    keys = []
    if _PHONE_SHAPE.match(text):
        keys.append(phone_key(text))
    compact = re.sub(r"\s", "", text)
    if re.fullmatch(r"(?:[A-Za-z]{2})?\d{8,10}", compact):
        keys.append(number_key(compact))
    return keys


def tokens_of_query(query: str) -> list[int]:
    return [] if "@" in query else blind_index.query_tokens(query)
