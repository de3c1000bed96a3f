"""Free words of colleagues without anybody's name in them: what leaves with the pack names no contact.

The breach register asks to name nobody, and people do so all the same. Whatever looks like an e-mail, a phone or a
number of a person, and every capitalised word that the search index knows as the beginning of somebody's name, is
replaced. It takes out too much rather than too little.
"""

from __future__ import annotations

import re

from contacts.models import NameToken
from privacy.blind_index import query_tokens

MASK = "[…]"
_ADDRESS = re.compile(r"\S+@\S+")
# Phones, numbers of people and firms, accounts: five digits and more, however they are grouped. Days and hours stay.
_DAY = r"\d{1,2}\.[ \u00a0]?\d{1,2}\.[ \u00a0]?\d{4}(?:[ \u00a0]\d{1,2}:\d{2})?|\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2})?"
_NUMBER = re.compile(rf"(?P<day>(?<!\d)(?:{_DAY})(?!\d))|\+?\d(?:[\s\u00a0/().-]?\d){{4,}}")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
# A name in another case ends otherwise: „Řehořové“ is found by „Řehoř“. Shorter stems would find everybody.
ENDING, SHORTEST_STEM = 2, 4


def redacted(text: str) -> str:
    """The text with everything that may name somebody replaced by „[…]“."""
    plain = _NUMBER.sub(_unless_day, _ADDRESS.sub(MASK, text))
    known = _known({word for word in _WORD.findall(plain) if word[0].isupper()})
    return _WORD.sub(lambda match: MASK if match[0] in known else match[0], plain)


def _unless_day(match: re.Match[str]) -> str:
    return match["day"] or MASK


def _known(words: set[str]) -> set[str]:
    """Those of the words that are, or may be a form of, somebody's name."""
    tokens = {word: _tokens(word) for word in words}
    wanted = {token for found in tokens.values() for token in found}
    held = set(NameToken.objects.filter(token__in=wanted).values_list("token", flat=True).distinct())
    return {word for word, found in tokens.items() if held & found}


def _tokens(word: str) -> set[int]:
    stems = [word, word[:-ENDING]] if len(word) - ENDING >= SHORTEST_STEM else [word]
    return {token for stem in stems for token in query_tokens(stem)}
