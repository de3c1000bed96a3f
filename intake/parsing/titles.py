"""Academic and other titles, and which side of a name they stand on."""

import re
from collections.abc import Sequence

from intake.parsing.text import words

_BEFORE = words(
    "ing ingarch mgr mgra mga bc bca mudr mddr mvdr judr phdr rndr pharmdr thdr thlic thmgr paeddr rcdr rsdr phmr rtdr "
    "doc prof dr drhc akad akadmal akadarch akadsoch diploming dipling mag et mr mrs ms miss mx sir pan pani sl "
    "slecna p herr frau plk pplk mjr kpt npor por gen genmjr brig"
)
_AFTER = words(
    "phd csc drsc dsc thd dis mba llm msc mpa bba ba ma bsc acca fcca cfa cpa artd mph euring llb frics mrics iwe drhc "
    "jr sr ml st esq ii iii iv md dba emba lld cma cisa pmp"
)
# These are names and words too, so they count only when written as a title: with a dot, or in capitals.
_NEEDS_FORM = words("ma ba st ml p md sl ms por gen brig ii iii iv dis mag doc sir pan")
_NEVER_DOTTED = words("pan pani slecna et")
_FOLDED = str.maketrans("áéíěčřšžýůúťďň", "aeiecrszyuutdn")
_LONGEST = 3


def title_key(text: str) -> str:
    """The title without dots, dashes, spaces, case and diacritics: `Ph.D.` and `ph. d.` agree."""
    return re.sub(r"[.\s-]+", "", text.casefold().translate(_FOLDED))


def is_title(text: str) -> bool:
    """Whether the text is one title or several and nothing else."""
    rest = text.replace(",", " ").split()
    while rest:
        length = _leading(rest, _BEFORE | _AFTER)
        if not length:
            return False
        rest = rest[length:]
    return bool(text.strip())


def is_title_after(text: str) -> bool:
    """Whether all of the text are titles that stand after a name."""
    rest = text.replace(",", " ").split()
    while rest:
        length = _leading(rest, _AFTER)
        if not length:
            return False
        rest = rest[length:]
    return True


def split_titles(name: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Titles before, the name, titles after. At least one word is always left as the name."""
    rest = [part for word in name for part in _unglue(word)]
    before: list[str] = []
    while len(rest) > 1 and (length := _leading(rest, _BEFORE)):
        if length >= len(rest) or (title_key(rest[0]) in _NEVER_DOTTED and rest[0][0].isupper() and len(rest) < 3):
            break  # Pan Tau is a name
        before += rest[:length]
        rest = rest[length:]
    after: list[str] = []
    while len(rest) > 1 and (length := _trailing(rest, _AFTER)):
        if length >= len(rest):
            break
        after = rest[-length:] + after
        rest = rest[:-length]
    return before, rest, after


def _leading(parts: Sequence[str], titles: frozenset[str]) -> int:
    for length in range(min(_LONGEST, len(parts)), 0, -1):
        if _counts(parts[:length], titles):
            return length
    return 0


def _trailing(parts: Sequence[str], titles: frozenset[str]) -> int:
    for length in range(min(_LONGEST, len(parts)), 0, -1):
        if _counts(parts[-length:], titles):
            return length
    return 0


def _counts(parts: Sequence[str], titles: frozenset[str]) -> bool:
    text = " ".join(parts)
    key = title_key(text)
    if key not in titles:
        return False
    if key not in _NEEDS_FORM or key in _NEVER_DOTTED or text.endswith("."):
        return True
    return any(char.isupper() for char in text[1:]) or (titles is _BEFORE and text.islower())


def _unglue(word: str) -> list[str]:
    """`Ing.Jan` is a title and a name written without a space."""
    title, _dot, name = word.partition(".")
    if len(name) > 1 and name[0].isupper() and title_key(word) not in _BEFORE | _AFTER and title_key(title) in _BEFORE:
        return [f"{title}.", *_unglue(name)]
    return [word]
