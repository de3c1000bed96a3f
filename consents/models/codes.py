"""The codes that the ledger and the grounds speak in (GDPR, W3C DPV, ISO/IEC TS 27560)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """The six lawful bases of Art. 6(1)."""

    CONSENT = "consent", _("consent")
    CONTRACT = "contract", _("contract")
    LEGAL_OBLIGATION = "legal_obligation", _("legal obligation")
    VITAL_INTERESTS = "vital_interests", _("vital interests")
    PUBLIC_TASK = "public_task", _("public interest")
    LEGITIMATE_INTEREST = "legitimate_interest", _("legitimate interest")

    @property
    def letter(self) -> str:
        """The letter of Art. 6(1)."""
        return "abcdef"[list(type(self)).index(self)]


class Channel(models.TextChoices):
    """Ways a message reaches a person. ANY stands for a consent or objection that covers all of them."""

    ANY = "any", _("any channel")
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("phone")
    SMS = "sms", _("SMS")
    POST = "post", _("post")


class EventKind(models.TextChoices):
    """What can happen to a consent. The ledger only grows."""

    REQUESTED = "requested", _("asked for")
    GIVEN = "given", _("given")
    CONFIRMED = "confirmed", _("confirmed")
    RENEWED = "renewed", _("renewed")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    OBJECTED = "objected", _("objected")
    # The balance came out for us: processing that was halted by an objection goes on (Art. 21(1)).
    OVERRULED = "overruled", _("objection weighed, processing goes on")
    # A slip in the address was put right; it is the same mailbox, and what was said of it goes along.
    CORRECTED = "corrected", _("address corrected")


class State(models.TextChoices):
    """The state of a consent as its events add up."""

    REQUESTED = "requested", _("waiting for an answer")
    GIVEN = "given", _("valid")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    OBJECTED = "objected", _("objected")
    OVERRULED = "overruled", _("objection weighed, processing goes on")


class Method(models.TextChoices):
    """How a consent or its end reached us, or how data were collected."""

    WEB_FORM = "web_form", _("by web form")
    EMAIL = "email", _("by e-mail")
    PHONE = "phone", _("by phone")
    PAPER = "paper", _("on paper")
    IN_PERSON = "in_person", _("in person")
    IMPORT = "import", _("by import")
    SYSTEM = "system", _("by the system")


class DataCategory(models.TextChoices):
    """Categories of data a purpose covers; erasure removes what no open ground covers."""

    IDENTITY = "identity", _("name and identification")
    CONTACT = "contact", _("contact details")
    PROFESSIONAL = "professional", _("work and position")
    COMMUNICATION = "communication", _("communication and notes")
    CONTRACT = "contract", _("contract and orders")
    FINANCIAL = "financial", _("invoices and payments")
    PREFERENCES = "preferences", _("preferences and interests")
    DOCUMENTS = "documents", _("documents and files")
    HEALTH = "health", _("health")
    SPECIAL = "special", _("other special categories")


class StartEvent(models.TextChoices):
    """What starts the retention period of a purpose."""

    COLLECTED = "collected", _("the data were collected")
    CONSENT_GIVEN = "consent_given", _("the consent was given")
    CONTRACT_ENDED = "contract_ended", _("the contract ended")
    LAST_CONTACT = "last_contact", _("the last contact")
    ACCOUNTING_PERIOD_END = "accounting_period_end", _("the accounting period ended")


class EndReason(models.TextChoices):
    """Why a ground no longer stands."""

    CONSENT_ENDED = "consent_ended", _("the consent ended")
    PERIOD_OVER = "period_over", _("its period is over")
    NO_LONGER_NEEDED = "no_longer_needed", _("no longer needed")
    OBJECTION = "objection", _("the person objected")
    MISTAKE = "mistake", _("recorded by mistake")
    REPLACED = "replaced", _("replaced by another ground")
    IMPORT_UNDONE = "import_undone", _("the import was undone")
