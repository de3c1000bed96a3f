"""What each kind of letter may hold and where it belongs.

A placeholder has one name for each language of the wording: a Czech lawyer edits Czech templates by Czech names.
Inside the code there is only the English one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gdpr_requests.models import LetterKind as Kind


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`asked` marks what the system may not know: then the draft shows a gap to be filled in by hand."""

    name: str
    czech: str
    label: str | Promise
    asked: bool = False

    def called(self, language: str) -> str:
        """Its name in templates of that language."""
        return self.czech if language == "cs" else self.name


COMMON = (
    Placeholder("salutation", "osloveni", _("how the letter begins, without a comma")),
    Placeholder("person", "osoba", _("name of the person")),
    Placeholder("company", "spolecnost", _("name of the company"), asked=True),
    Placeholder("controller", "spravce", _("company with IČO and address"), asked=True),
    Placeholder("dpo", "poverenec", _("data protection officer")),
    Placeholder("contact_us", "kontakt", _("where to write or call about privacy"), asked=True),
    Placeholder("signature", "podpis", _("company and who handles the matter")),
    Placeholder("today", "dnes", _("day of the letter")),
    Placeholder("number", "cislo", _("number of the request")),
    Placeholder("right", "pravo", _("what the person asks for, with the article")),
    Placeholder("received", "prijato", _("day when the request came")),
    Placeholder("due", "lhuta", _("last day for the answer")),
    Placeholder("authority", "urad", _("supervisory authority with its address")),
    Placeholder("rights", "prava", _("rights of the person, as a list")),
)
_NEEDED = Placeholder("needed", "potrebujeme", _("what proves the identity"), asked=True)
_REASONS = Placeholder("reasons", "duvody", _("reasons in words"), asked=True)
_EXTENDED = Placeholder("extended_due", "nova_lhuta", _("last day after the extension"), asked=True)
_REFUSAL = Placeholder("refusal_ground", "duvod_odmitnuti", _("legal ground of the refusal"), asked=True)
_SEARCHED = Placeholder("searched", "hledano", _("by what it was searched"), asked=True)
_PURPOSES = Placeholder("purposes", "ucely", _("purposes with basis, period and recipients, as a list"))
_CATEGORIES = Placeholder("categories", "kategorie", _("categories of data"))
_RECIPIENTS = Placeholder("recipients", "prijemci", _("recipients of the data, as a list"))
_SOURCES = Placeholder("sources", "zdroje", _("where the data come from, as a list"), asked=True)
_AUTOMATED = Placeholder("automated", "automatizace", _("automated decisions"))
_TRANSFERS = Placeholder("transfers", "predavani", _("transfers to third countries"))
_COPY = Placeholder("copy", "kopie", _("how the copy of the data is handed over"))
_CORRECTED = Placeholder("corrected", "opravene", _("which data were corrected"), asked=True)
_ERASED_ON = Placeholder("erased_on", "vymazano_dne", _("day of the erasure"), asked=True)
_ERASED = Placeholder("erased", "vymazano", _("what was erased, as a list"), asked=True)
_KEPT = Placeholder("kept", "zustava", _("what the law keeps, until when and why, as a list"), asked=True)
_CERTIFICATE = Placeholder("certificate", "osvedceni", _("number of the certificate"))
_BLOCKED = Placeholder("blocked", "otisky", _("that hashes of the addresses stay, if they do"))
_SINCE = Placeholder("restricted_since", "omezeno_od", _("day since which processing is restricted"), asked=True)
_LIFTED = Placeholder("lifted_on", "omezeni_skonci", _("day when the restriction ends"), asked=True)
_OUTCOME = Placeholder("outcome", "vysledek", _("the answer in your own words"), asked=True)
_RECIPIENT = Placeholder("recipient", "prijemce", _("the recipient who is told"), asked=True)
_WHAT = Placeholder("what_happened", "co_se_stalo", _("what was corrected, erased or restricted"), asked=True)

OWN: dict[str, tuple[Placeholder, ...]] = {
    Kind.ACKNOWLEDGEMENT: (),
    Kind.IDENTITY: (_NEEDED,),
    Kind.EXTENSION: (_EXTENDED, _REASONS),
    Kind.REFUSAL: (_REFUSAL, _REASONS),
    Kind.NOT_FOUND: (_SEARCHED,),
    Kind.ACCESS: (_PURPOSES, _CATEGORIES, _RECIPIENTS, _SOURCES, _AUTOMATED, _TRANSFERS, _COPY),
    Kind.RECTIFICATION: (_CORRECTED, _RECIPIENTS),
    Kind.ERASURE: (_ERASED_ON, _ERASED, _KEPT, _CERTIFICATE, _BLOCKED, _RECIPIENTS),
    Kind.RESTRICTION: (_SINCE, _RECIPIENTS),
    Kind.RESTRICTION_LIFT: (_SINCE, _LIFTED, _REASONS),
    Kind.PORTABILITY: (_PURPOSES, _COPY),
    Kind.OBJECTION: (_OUTCOME,),
    Kind.WITHDRAWAL: (_OUTCOME,),
    Kind.ANSWER: (_OUTCOME,),
    Kind.RECIPIENTS: (_RECIPIENT, _WHAT),
    Kind.INDIRECT: (_PURPOSES, _CATEGORIES, _RECIPIENTS, _SOURCES, _AUTOMATED, _TRANSFERS),
}
# What may stand in a subject: an e-mail shows it to everybody on its way.
IN_SUBJECT = ("company", "number", "today", "received")
# Letters that make sense without a request.
FROM_CARD = (
    Kind.INDIRECT,
    Kind.ANSWER,
    Kind.ACCESS,
    Kind.PORTABILITY,
    Kind.RECTIFICATION,
    Kind.RESTRICTION,
    Kind.RESTRICTION_LIFT,
    Kind.OBJECTION,
    Kind.WITHDRAWAL,
    Kind.RECIPIENTS,
)
# Letters that answer a request: with one of them it may be closed.
ANSWERS = frozenset(
    {
        Kind.REFUSAL,
        Kind.NOT_FOUND,
        Kind.ACCESS,
        Kind.RECTIFICATION,
        Kind.ERASURE,
        Kind.RESTRICTION,
        Kind.PORTABILITY,
        Kind.OBJECTION,
        Kind.WITHDRAWAL,
        Kind.ANSWER,
    }
)


def placeholders_of(kind: str) -> tuple[Placeholder, ...]:
    """What may stand in the text of such a letter."""
    return (*OWN[kind], *COMMON)


def subject_placeholders() -> tuple[Placeholder, ...]:
    """What may stand in the subject of any letter."""
    return tuple(item for item in COMMON if item.name in IN_SUBJECT)


def names_of(items: tuple[Placeholder, ...], language: str) -> list[str]:
    return [item.called(language) for item in items]
