"""Where a text may speak of somebody else: places to look at before a copy leaves (Art. 15(4), 20(4)).

Marks are hints for a person who decides, so they rather show too much: an address, a number or a name that is not the
card's own. They are found by form only (a first name is known by its stem, so that Czech inflection does not hide it);
a text without marks may still speak of others, and the review shows every text for that reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from intake.parsing.names import GIVEN_NAMES
from privacy.blind_index import fold

# Endings that Czech puts behind a stem: "Janou", "Petrovi" of a first name, "Novákovými" of a surname.
ENDING_OF_GIVEN, ENDING_OF_ANY = 3, 5
SHORTEST_STEM = 3


class MarkKind(StrEnum):
    """What a place looks like."""

    EMAIL = "email"
    PHONE = "phone"
    BIRTH_NUMBER = "birth_number"
    ACCOUNT = "account"
    NAME = "name"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One place: `text[start:end]`."""

    start: int
    end: int
    kind: MarkKind


@dataclass(frozen=True)
class Own:
    """What belongs to the person themselves and is never marked."""

    emails: frozenset[str]
    digits: frozenset[str]
    stems: frozenset[str]

    @classmethod
    def of(cls, *, emails: Iterable[str], phones: Iterable[str], names: Iterable[str]) -> Own:
        """From the addresses, numbers and names (any words) of the card."""
        words = {fold(word) for name in names for word in re.findall(r"\w+", name)}
        return cls(
            emails=frozenset(email.casefold() for email in emails),
            digits=frozenset(_digits(phone) for phone in phones),
            stems=frozenset(stem for word in words for stem in _stems(word)),
        )

    def is_name(self, word: str) -> bool:
        folded = fold(word)
        return any(folded.startswith(stem) and len(folded) - len(stem) <= ENDING_OF_ANY for stem in self.stems)


def _stems(word: str) -> set[str]:
    """What stays of a folded name when it is inflected: "jana" → "jan"; "karel" → "karel" and "karl"."""
    stem = word[:-1] if word[-1:] in "aeiouy" else word
    stems = {stem, stem[:-2] + stem[-1] if stem[-2:-1] == "e" else stem}
    return {stem for stem in stems if len(stem) >= SHORTEST_STEM}


_PATTERNS: tuple[tuple[MarkKind, re.Pattern[str]], ...] = (
    (MarkKind.EMAIL, re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    (MarkKind.BIRTH_NUMBER, re.compile(r"(?<![\d/])\d{6}\s?/\s?\d{3,4}(?!\d)")),
    (
        MarkKind.ACCOUNT,
        re.compile(r"\b[A-Z]{2}\d{2}(?:\s?\d{4}){4,7}\b|(?<![\d-])(?:\d{1,6}-)?\d{2,10}/\d{4}(?!\d)"),
    ),
    (MarkKind.PHONE, re.compile(r"(?<![\d/.-])(?:\+|00)?\d(?:[ \u00a0-]?\d){8,13}(?![\d/])")),
)
_CAPITALISED = re.compile(r"\b[^\W\d_a-zà-öø-ÿ][\w'’-]+", re.UNICODE)
_NEXT = re.compile(r"[ \u00a0]+([^\W\d_][\w'’-]+)")
_GIVEN_STEMS = frozenset(stem for name in GIVEN_NAMES for stem in _stems(name))


def marks_in(text: str, own: Own) -> list[Mark]:
    """The places of the text that look like somebody else's data, in order, none overlapping another."""
    found: list[Mark] = []
    for mark in _candidates(text, own):
        if all(mark.end <= other.start or mark.start >= other.end for other in found):
            found.append(mark)
    return sorted(found)


def without(text: str, marks: Iterable[Mark], instead: str) -> str:
    """The text with each marked place replaced."""
    for mark in sorted(marks, reverse=True):
        text = text[: mark.start] + instead + text[mark.end :]
    return text


def _candidates(text: str, own: Own) -> Iterator[Mark]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not _is_own(kind, match[0], own):
                yield Mark(match.start(), match.end(), kind)
    yield from _names(text, own)


def _is_own(kind: MarkKind, value: str, own: Own) -> bool:
    if kind is MarkKind.EMAIL:
        return value.casefold().rstrip(".") in own.emails
    return kind is MarkKind.PHONE and any(_same_number(_digits(value), number) for number in own.digits)


def _names(text: str, own: Own) -> Iterator[Mark]:
    """A known first name, with the surname behind it where one stands there."""
    for match in _CAPITALISED.finditer(text):
        if not _is_given(match[0]) or own.is_name(match[0]):
            continue
        end = match.end()
        surname = _NEXT.match(text, end)
        if surname and surname[1][0].isupper():
            end = surname.end()
        yield Mark(match.start(), end, MarkKind.NAME)


def _is_given(word: str) -> bool:
    folded = fold(word)
    sizes = range(max(SHORTEST_STEM, len(folded) - ENDING_OF_GIVEN), len(folded) + 1)
    return any(folded[:size] in _GIVEN_STEMS for size in sizes)


def _digits(value: str) -> str:
    return re.sub(r"\D", "", value)


def _same_number(one: str, other: str) -> bool:
    """The same number with or without the country's code."""
    return bool(one) and bool(other) and (one.endswith(other[-9:]) and other.endswith(one[-9:]))
