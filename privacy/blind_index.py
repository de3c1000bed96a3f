"""Search over sealed data: keyed digests of names, e-mails and phones, which tell equality and nothing else.

What such an index leaks all the same stands in docs/security.md. It holds names and addresses only, never notes.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress

from privacy.keys import system_key

SHORTEST, LONGEST = 2, 12
_DIGEST_BYTES = 16

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ŧ": "t",
        "ĸ": "k",
        "ɨ": "i",
        "ƀ": "b",
        "ȼ": "c",
        "ɇ": "e",
        "ǥ": "g",
        "ɉ": "j",
        "ɍ": "r",
        "ƶ": "z",
    }
)
_DROPPED = {"Mn", "Me", "Cf"}


def fold(text: str) -> str:
    """Lower-case words without diacritics, separated by single spaces: "Žofie O'Neil-Łoś" is "zofie o neil los"."""
    # Folding case can bring marks back (İ) and compatibility forms can bring capitals (℡), hence twice.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in text.translate(_LETTERS) if unicodedata.category(char) not in _DROPPED)
    return " ".join("".join(char if _in_word(char) else " " for char in plain).split())


def _in_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN" or unicodedata.category(char) == "Mc"


def name_tokens(names: Iterable[str]) -> set[int]:
    """Tokens of every prefix (2 to 12 letters) of every word of these names, as signed 64-bit numbers.

    A word in a script of its own (not Latin) is indexed from its first character on.
    """
    prefixes: set[str] = set()
    for word in {word for name in names for word in fold(name).split()}:
        prefixes.update(word[:end] for end in range(_shortest(word), min(len(word), LONGEST) + 1))
    return {_token(prefix) for prefix in prefixes}


def query_tokens(query: str) -> list[int]:
    """One token for each word typed, to be found all together. Single Latin letters are passed over."""
    words = dict.fromkeys(word[:LONGEST] for word in fold(query).split() if len(word) >= _shortest(word))
    return [_token(word) for word in words]


def _shortest(word: str) -> int:
    return SHORTEST if word.isascii() else 1


def _token(prefix: str) -> int:
    digest = hmac.digest(system_key("index"), b"p:" + prefix.encode(), "sha256")
    return int.from_bytes(digest[:8], "big", signed=True)


def normalise_email(value: str) -> str:
    """The form in which two spellings of one address are equal: trimmed, lower case, the domain in ASCII (IDNA)."""
    value = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).strip().lower())
    local, at, domain = value.rpartition("@")
    if at and not domain.isascii():
        with suppress(UnicodeError):  # not a domain: it is compared as it is written
            domain = domain.encode("idna").decode()
    return f"{local}{at}{domain.rstrip('.')}"


def email_digest(value: str, *, key: str = "index", version: int | None = None) -> bytes:
    """16 bytes, equal for equal addresses. `key` is the system key: 'index', or 'suppression' for the block list."""
    return _digest(b"e:", normalise_email(value), key, version)


def phone_digest(e164: str, *, key: str = "index", version: int | None = None) -> bytes:
    """16 bytes, equal for equal numbers in international form ("+420 601 123 456" is "+420601123456")."""
    return _digest(b"t:", re.sub(r"[^0-9+]", "", unicodedata.normalize("NFKC", e164)), key, version)


def message_digest(mark: str) -> bytes:
    """16 bytes that tell the same message again. Keyed: a Message-ID that somebody knows must not be found here."""
    return _digest(b"m:", mark, "index", None)


def _digest(kind: bytes, value: str, key: str, version: int | None) -> bytes:
    return hmac.digest(system_key(key, version), kind + value.encode(), "sha256")[:_DIGEST_BYTES]
