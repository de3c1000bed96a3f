"""Which right somebody means, from the words of their message. A proposal for the form, which a colleague confirms.

No form is prescribed for a request: people write "delete me", seldom "I exercise my right under Article 17".
"""

from __future__ import annotations

import re

from gdpr_requests.models import Right
from privacy.blind_index import fold

# Folded words (no capitals, no diacritics), the narrower meaning first: who wants to be deleted mostly also asks what
# is held, and threatens with a complaint.
_WORDS: dict[Right, tuple[str, ...]] = {
    Right.PORTABILITY: (
        r"prenositelnost|prenest .{0,40}(udaje|data)|strojove citeln",
        r"portab|machine readable|transfer my",
    ),
    Right.RESTRICTION: (
        r"omez\w* .{0,30}zpracovan|omezte",
        r"restrict\w* .{0,30}processing|restriction of",
    ),
    Right.WITHDRAWAL: (
        r"odvol\w* .{0,40}souhlas|souhlas .{0,40}odvol|stahuji .{0,20}souhlas",
        r"withdr[ae]w\w* .{0,40}consent",
    ),
    Right.ERASURE: (
        r"smaz|vymaz|odstran|zapomen|zlikvid",
        r"\bdelet|\beras|\bremove (me|my|all)|forget me|forgotten",
    ),
    Right.OBJECTION: (
        r"namitk|namitam|neposilejte|nevolejte|neobtezujte|nepreji si|neprejeme si|odhlas",
        r"\bobject|unsubscribe|stop (sending|calling|writing|contacting)|opt out",
    ),
    Right.RECTIFICATION: (
        r"\boprav|nespravn|aktualiz|zmenil\w* .{0,20}(jmeno|adres|telefon|mail|prijmeni)",
        r"\bcorrect|rectif|(wrong|outdated) .{0,20}(name|address|phone|data)|update my",
    ),
    Right.ACCESS: (
        r"jake .{0,30}(udaje|data|informace)|kopi[ie] .{0,30}(udaj|dat)|vypis .{0,20}udaj|co o mne",
        r"pristup .{0,20}(k udaj|k dat|k osob|ke)",
        r"access|which data|what .{0,30}(data|information)|copy of .{0,20}(my|the) .{0,20}data",
    ),
    Right.COMPLAINT: (r"stiznost|stezuj", r"\bcomplain"),
}
_PATTERNS = {right: re.compile("|".join(words)) for right, words in _WORDS.items()}
_LONGEST = 20_000


def right_in(subject: str, body: str) -> Right | None:
    """The right that the words name: those of the subject count before those of the text. None where none is named."""
    own = "\n".join(line for line in body[:_LONGEST].splitlines() if not line.lstrip().startswith(">"))
    for text in (subject, own):
        folded = fold(text)
        for right, pattern in _PATTERNS.items():
            if pattern.search(folded):
                return right
    return None


_CZECH = re.compile(r"[ěščřžýůťďň]|\b(prosim|dobry|dekuji|udaje|zadam|jsem|vas|mne)\b")


def language_of_text(text: str) -> str:
    """ "cs" or "en", by letters and words that only one of them has."""
    lowered = text[:_LONGEST].lower()
    return "cs" if _CZECH.search(lowered) or _CZECH.search(fold(lowered)) else "en"
