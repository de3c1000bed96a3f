"""Codes of countries and languages from their names in the languages our lists are written in."""

import re
from functools import cache

from babel import Locale

from intake.parsing.record import LANGUAGES
from intake.parsing.text import fold

_LANGUAGES = ("cs", "sk", "en", "de")
_ALIASES = {
    "cr": "CZ",
    "ceska republika": "CZ",
    "czech republic": "CZ",
    "czechia": "CZ",
    "cze": "CZ",
    "tschechien": "CZ",
    "sr": "SK",
    "slovenska republika": "SK",
    "svk": "SK",
    "usa": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "spojene staty americke": "US",
    "uk": "GB",
    "england": "GB",
    "great britain": "GB",
    "velka britanie": "GB",
    "anglie": "GB",
    "nsr": "DE",
    "deu": "DE",
    "aut": "AT",
    "pol": "PL",
}


def country_code(name: str) -> str:
    """The ISO 3166-1 alpha-2 code; empty when the name is not known."""
    if len(name) > 60:
        return ""
    return _countries().get(fold(" ".join(name.split())), "")


def language_code(name: str) -> str:
    """The code of a language that a card can be written in, from its name, code or locale; empty when it is another."""
    folded = fold(name.strip())[:60]
    code = re.split(r"[-_]", folded)[0]
    return code if code in LANGUAGES else _languages().get(folded, "")


@cache
def _countries() -> dict[str, str]:
    codes = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                codes[fold(name)] = code
                codes[code.lower()] = code
    return {**codes, **_ALIASES}


@cache
def _languages() -> dict[str, str]:
    return {fold(str(Locale(language).languages[code])): code for language in _LANGUAGES for code in sorted(LANGUAGES)}
