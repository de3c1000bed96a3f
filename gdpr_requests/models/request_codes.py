"""The codes that the register of requests speaks in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Right(models.TextChoices):
    """What a person may ask for."""

    ACCESS = "access", _("access to the data")
    RECTIFICATION = "rectification", _("correction")
    ERASURE = "erasure", _("erasure")
    RESTRICTION = "restriction", _("restriction of processing")
    OBJECTION = "objection", _("objection")
    PORTABILITY = "portability", _("a copy to take elsewhere")
    WITHDRAWAL = "withdrawal", _("withdrawal of consent")
    COMPLAINT = "complaint", _("complaint")

    @property
    def article(self) -> str:
        """The provision of the GDPR behind the right."""
        return {
            "access": "15",
            "rectification": "16",
            "erasure": "17",
            "restriction": "18",
            "objection": "21",
            "portability": "20",
            "withdrawal": "7(3)",
            "complaint": "12(2)",
        }[self.value]


class Channel(models.TextChoices):
    """How the request reached us. No form is prescribed: every way counts, and the clock starts with it."""

    EMAIL = "email", _("by e-mail")
    WEB = "web", _("on the web")
    PHONE = "phone", _("by phone")
    PAPER = "paper", _("on paper")
    IN_PERSON = "in_person", _("in person")
    DATA_BOX = "data_box", _("by data box")


class RequestState(models.TextChoices):
    """Where a request stands. The last three are closed, each with a written answer."""

    NEW = "new", pgettext_lazy("state of a request", "new")
    IDENTITY = "identity", pgettext_lazy("state of a request", "waiting for proof of identity")
    WORKING = "working", pgettext_lazy("state of a request", "being worked on")
    ANSWERED = "answered", pgettext_lazy("state of a request", "answered")
    REFUSED = "refused", pgettext_lazy("state of a request", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a request", "taken back by the person")


CLOSED = ("answered", "refused", "withdrawn")


class IdentityMethod(models.TextChoices):
    """How we know that it is them. The least that suffices is enough; copies of papers are never asked for."""

    KNOWN_ADDRESS = "known_address", _("they wrote from an address that stands on the card")
    CALL_BACK = "call_back", _("we called back the number that stands on the card")
    LINK = "link", _("they opened a link sent to the address on the card")
    KNOWN_PERSON = "known_person", _("a colleague knows them in person")
    SIGNATURE = "signature", _("recognised electronic signature")
    DATA_BOX = "data_box", _("it came from their own data box")
    QUESTIONS = "questions", _("they answered a question only they can answer")
    PAPER_SHOWN = "paper_shown", _("they showed their identity card; no copy was made")
    NOT_NEEDED = "not_needed", _("no proof is needed: nothing is disclosed or changed")


class RefusalGround(models.TextChoices):
    """Why a request may be refused: grounds that stand in the GDPR, no others."""

    UNFOUNDED = "unfounded", _("the request is manifestly unfounded")
    EXCESSIVE = "excessive", _("the requests are excessive, in particular because they repeat")
    NOT_IDENTIFIED = "not_identified", _("we can't identify the person")
    OTHERS = "others", _("it would harm the rights of others")
    ACCURATE = "accurate", _("the data are accurate and complete")
    NO_REASON = "no_reason", _("none of the reasons for erasure applies")
    EXPRESSION = "expression", _("freedom of expression and information")
    LEGAL_DUTY = "legal_duty", _("a legal obligation or a task in the public interest")
    PUBLIC_HEALTH = "public_health", _("public health")
    ARCHIVING = "archiving", _("archiving, research or statistics")
    CLAIMS = "claims", _("legal claims")
    NO_CONDITION = "no_condition", _("none of the conditions for restriction applies")
    NOT_PORTABLE = "not_portable", _("the data are not held by consent or contract, or were not given by the person")
    COMPELLING = "compelling", _("compelling legitimate grounds prevail")

    @property
    def article(self) -> str:
        """The provision of the GDPR that allows the refusal."""
        return _ARTICLES[self.value]

    @property
    def rights(self) -> tuple[str, ...]:
        """The rights that may be refused on this ground."""
        return _RIGHTS.get(self.value, tuple(Right.values))

    @property
    def keeps(self) -> bool:
        """Whether refusing means keeping data (Art. 17(3)): then which, and until when, has to be said."""
        return self.article.startswith("17(3)")


_ARTICLES = {
    "unfounded": "12(5)(b)",
    "excessive": "12(5)(b)",
    "not_identified": "11(2)",
    "others": "15(4)",
    "accurate": "16",
    "no_reason": "17(1)",
    "expression": "17(3)(a)",
    "legal_duty": "17(3)(b)",
    "public_health": "17(3)(c)",
    "archiving": "17(3)(d)",
    "claims": "17(3)(e)",
    "no_condition": "18(1)",
    "not_portable": "20(1)",
    "compelling": "21(1)",
}
_RIGHTS: dict[str, tuple[str, ...]] = {
    "others": ("access", "portability"),
    "accurate": ("rectification",),
    "no_reason": ("erasure",),
    "expression": ("erasure",),
    "legal_duty": ("erasure",),
    "public_health": ("erasure",),
    "archiving": ("erasure",),
    "claims": ("erasure",),
    "no_condition": ("restriction",),
    "not_portable": ("portability",),
    "compelling": ("objection",),
}


class EventKind(models.TextChoices):
    """What can happen to a request."""

    OPENED = "opened", _("recorded")
    ASSIGNED = "assigned", _("given to a colleague")
    ASKED = "asked", _("proof of identity asked for")
    IDENTIFIED = "identified", _("identity checked")
    LINKED = "linked", _("card found")
    WORKED = "worked", _("done what was asked for")
    NOTED = "noted", _("note changed")
    LETTER = "letter", _("letter sent")
    EXTENDED = "extended", _("extended by two months")
    REFUSED = "refused", pgettext_lazy("event of a request", "refused")
    ANSWERED = "answered", pgettext_lazy("event of a request", "answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("event of a request", "taken back by the person")
    REMINDED = "reminded", _("reminder")
    ESCALATED = "escalated", _("passed on to the data protection officer")
