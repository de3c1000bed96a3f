"""Which encoding a text is in, decided for Central European files.

A general detector guesses by language models and is often wrong on a short list of Czech names; here the question is
narrow (UTF-8, UTF-16, Windows-1250, ISO-8859-2, rarely a DOS or Macintosh page), so evidence decides it: byte order
marks, the strictness of UTF-8, the places of zero bytes, and whether the letters make sense where they stand.
"""

import codecs
import re
from dataclasses import dataclass

from intake.parsing.problems import ImportProblem

# What a person may choose by hand, as Python names them.
ENCODINGS = ("utf-8", "utf-16", "cp1250", "iso8859-2", "cp1252", "cp852", "mac_latin2")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The pages that are asked first; the others must be clearly better.
_USUAL = ("cp1250", "iso8859-2")
_RARE = ("cp852", "mac_latin2")

_LETTERS = {
    **dict.fromkeys("áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", 3.0),
    **dict.fromkeys("ľĺŕôäĽĹŔÔÄöüßÖÜ", 2.0),
    **dict.fromkeys("ąćęłńśźżőűëçâĄĆĘŁŃŚŹŻŐŰËÇÂ", 0.5),
}
_SIGNS = frozenset("„“”‚‘’–—…€§°«»©®™\xa0×·•‰")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
# Enough letters to decide; more would only take time.
_SCORED = 20_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding it was in (a Python codec name)."""

    text: str
    encoding: str


def decode(data: bytes, encoding: str = "") -> Decoded:
    """The text of `data`, without a byte order mark.

    With `encoding` given (a person's choice) only that one is tried. Raises ImportProblem: encoding_mismatch,
    encoding_mixed with the line, encoding_unknown, null_bytes with the line.
    """
    if encoding:
        decoded = Decoded(_decode_as(data, encoding), encoding)
    else:
        found = detect_encoding(data)
        decoded = Decoded(_decode_as(data, found), found)
    position = decoded.text.find("\0")
    if position >= 0:
        raise ImportProblem("null_bytes", row=_line_of(decoded.text, position))
    return decoded


def detect_encoding(data: bytes) -> str:
    """The Python name of the encoding. Raises ImportProblem encoding_mixed or encoding_unknown."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    wide = _utf16_without_mark(data)
    if wide:
        return wide
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        _refuse_damaged_utf8(data)
        return _single_byte_page(data)
    return "utf-8"


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        raise ImportProblem("encoding_mismatch", encoding=encoding) from None


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _utf16_without_mark(data: bytes) -> str:
    """Czech text in UTF-16 has a high byte of 0 or 1 in most places, and only in every second one."""
    if len(data) < 4 or len(data) % 2:
        return ""
    halves = (data[0::2], data[1::2])
    pairs = len(halves[0])
    low = [(half.count(0) + half.count(1)) / pairs for half in halves]
    if max(low) < 0.5 or min(low) > 0.1:
        return ""
    return "utf-16-be" if low[0] > low[1] else "utf-16-le"


def _refuse_damaged_utf8(data: bytes) -> None:
    """Text that is UTF-8 but for a few bytes must not be read as something else: every letter would come out wrong."""
    lenient = data.decode("utf-8", errors="surrogateescape")
    bad = re.findall(r"[\udc80-\udcff]", lenient)
    good = len(_NON_ASCII.findall(lenient)) - len(bad)
    if good >= 4 * len(bad):
        raise ImportProblem("encoding_mixed", row=_line_of(lenient, lenient.index(bad[0])))


def _single_byte_page(data: bytes) -> str:
    scores = {name: score for name in (*_USUAL, *_RARE) if (score := _score(data, name)) is not None}
    usual = [name for name in _USUAL if name in scores]
    rare = [name for name in _RARE if name in scores]
    best = max(usual, key=lambda name: scores[name], default="")
    unusual = max(rare, key=lambda name: scores[name], default="")
    if unusual and scores[unusual] > 1.5 and (not best or scores[best] < 0.5):
        return unusual
    if not best:
        raise ImportProblem("encoding_unknown")
    return best


def _score(data: bytes, encoding: str) -> float | None:
    """How much sense the letters make, on average; None when the bytes are not of this page at all."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    total, count = 0.0, 0
    for match in _NON_ASCII.finditer(text):
        position = match.start()
        total += _plausibility(text[position - 1 : position], match.group(), text[position + 1 : position + 2])
        count += 1
        if count == _SCORED:
            break
    return total / max(count, 1)


def _plausibility(before: str, char: str, after: str) -> float:
    """What one character says for the page: a letter that fits its word is good, a sign inside a word is not."""
    between_letters = before.isalpha() and after.isalpha()
    if char in _LETTERS:
        alone = not before.isalpha() and not after.isalpha()
        breaks_case = (char.isupper() and before.islower()) or (char.islower() and after.isupper())
        return -3.0 if breaks_case else -1.0 if alone else _LETTERS[char]
    if char in _SIGNS:
        return -3.0 if between_letters else 1.0
    if char < "\xa0":
        return -6.0
    return -3.0 if between_letters else -1.0
