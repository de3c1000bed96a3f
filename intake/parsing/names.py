"""Splitting a whole name into its parts, with Czech titles and either order of first and last name."""

import re
from typing import NamedTuple

from intake.parsing.text import fold, words
from intake.parsing.titles import is_title, is_title_after, split_titles

_LEGAL_FORMS = re.compile(
    r"(?:^|[\s,])(?:s\.?\s?r\.?\s?o\.?|spol\.\s?s\s?r\.?\s?o\.?|a\.\s?s\.?|k\.\s?s\.|v\.\s?o\.\s?s\.|z\.\s?s\.|z\.\s?ú\.|"
    r"o\.\s?p\.\s?s\.|s\.\s?p\.|p\.\s?o\.|o\.\s?s\.|n\.\s?o\.|GmbH|AG|KG|OHG|e\.\s?V\.|Ltd\.?|Limited|LLC|L\.L\.C\.|Inc\.?|"
    r"Corp\.?|plc|SE|B\.V\.|S\.p\.A\.|Sp\.\s?z\s?o\.o\.|Kft\.?|družstvo|příspěvková organizace|SVJ)(?:$|[\s,])"
)
_PARTICLES = words("von van de der den del della di da du la le ze z zu zum zur bin ibn al el st")
# The commonest Czech and Slovak first names: they only decide which word is the first name when a list puts it last.
GIVEN_NAMES = words("""
    jiri jan petr josef pavel martin tomas jaroslav miroslav zdenek frantisek vaclav michal milan karel jakub lukas
    david vladimir ladislav ondrej roman stanislav marek radek daniel antonin vojtech filip adam miloslav matej ales
    jaromir libor dominik patrik jindrich vit vlastimil milos jozef rudolf oldrich simon lubos radim matyas viktor
    bohumil lubomir robert rostislav dalibor richard ivan stepan igor ludvik bohuslav alexandr kamil otakar arnost
    emil krystof denis samuel sebastian tadeas marian peter juraj stefan rastislav branislav maros andrej
    marie jana eva hana anna vera lenka alena katerina petra lucie jaroslava ludmila helena jitka martina jirina
    veronika zdenka michaela marketa monika tereza kristyna zuzana barbora ivana kamila adela klara dana
    iveta eliska natalie sarka pavla andrea renata olga iva romana simona vlasta irena daniela gabriela blanka nikola
    bozena marcela dagmar radka silvie aneta nela karolina denisa hedvika zaneta libuse milada stanislava
    vendula ivona magdalena dominika milena alzbeta jarmila kveta emilie sona linda zofie ester
    emma john james mary william thomas paul mark maria
""")


class NameParts(NamedTuple):
    """The parts of a person's name; every word of the whole name is in exactly one of them."""

    title_before: str = ""
    first_name: str = ""
    last_name: str = ""
    title_after: str = ""


def is_organisation(name: str) -> bool:
    """Whether the name carries a legal form, so that it is not a person's."""
    return _LEGAL_FORMS.search(name) is not None


def split_name(text: str) -> NameParts:
    """The parts of a whole name such as `Ing. Jan Novák, Ph.D.`, `Novák Jan` or `NOVÁK, Jan`."""
    before: list[str] = []
    after: list[str] = []
    names: list[list[str]] = []
    for number, part in enumerate(" ".join(text.split()).split(",")):
        words = part.split()
        if number and words and is_title(part):
            (after if is_title_after(part) else before).extend([" ".join(words)])
        elif words:
            leading, rest, trailing = split_titles(words)
            before += leading
            names.append(rest)
            after += [" ".join(trailing)] if trailing else []
    if not names:
        return NameParts(last_name=text.strip())
    return _assemble(" ".join(before), names, ", ".join(after))


def _assemble(before: str, names: list[list[str]], after: str) -> NameParts:
    if len(names) > 1:
        # A comma between names: the family name came first.
        given = ", ".join(" ".join(words) for words in names[1:])
        return NameParts(before, given, " ".join(names[0]), after)
    first, last = _order(names[0])
    return NameParts(before, " ".join(first), " ".join(last), after)


def _order(words: list[str]) -> tuple[list[str], list[str]]:
    if len(words) < 2:
        return [], words
    if _family_first(words):
        return words[1:], words[:1]
    for position, word in enumerate(words[1:], start=1):
        if word in _PARTICLES or word.casefold().endswith("ová"):
            return words[:position], words[position:]
    return words[:-1], words[-1:]


def _family_first(words: list[str]) -> bool:
    first, last = words[0], words[-1]
    if len(first) > 2 and first.isupper() and not last.isupper():
        return True
    if first.casefold().endswith("ová") and not last.casefold().endswith("ová"):
        return True
    return fold(last) in GIVEN_NAMES and fold(first) not in GIVEN_NAMES
