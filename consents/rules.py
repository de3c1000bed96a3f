"""The rules by which the gate answers, and how it says them to people."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Rule(StrEnum):
    """Why the gate said what it said. Those in ALLOWING open it, every other one keeps it shut."""

    CONSENT = "consent"
    EXISTING_CUSTOMER = "existing_customer"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTEREST = "legitimate_interest"

    UNKNOWN = "unknown"
    RESTRICTED = "restricted"
    PURPOSE_INACTIVE = "purpose_inactive"
    CHANNEL_NOT_COVERED = "channel_not_covered"
    NO_ADDRESS = "no_address"
    SUPPRESSED = "suppressed"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    EXPIRED = "expired"
    WEAK = "weak"
    RENEW = "renew"
    PENDING = "pending"
    OTHER_ADDRESS = "other_address"
    NO_CONSENT = "no_consent"
    PUBLIC_SOURCE = "public_source"
    OTHER_PRODUCT = "other_product"
    NOT_A_CUSTOMER = "not_a_customer"
    NOT_FROM_SALE = "not_from_sale"
    GROUND_ENDED = "ground_ended"
    NO_GROUND = "no_ground"
    HALTED = "halted"


ALLOWING = frozenset(
    {
        Rule.CONSENT,
        Rule.EXISTING_CUSTOMER,
        Rule.CONTRACT,
        Rule.LEGAL_OBLIGATION,
        Rule.VITAL_INTERESTS,
        Rule.PUBLIC_TASK,
        Rule.LEGITIMATE_INTEREST,
    }
)

TEXTS: dict[Rule, str | Promise] = {
    Rule.CONSENT: _("consent: %(purpose)s"),
    Rule.EXISTING_CUSTOMER: _("existing customer, similar goods: %(purpose)s"),
    Rule.CONTRACT: _("contract: %(purpose)s"),
    Rule.LEGAL_OBLIGATION: _("legal obligation: %(purpose)s"),
    Rule.VITAL_INTERESTS: _("vital interests: %(purpose)s"),
    Rule.PUBLIC_TASK: _("public interest: %(purpose)s"),
    Rule.LEGITIMATE_INTEREST: _("legitimate interest: %(purpose)s"),
    Rule.UNKNOWN: _("the contact was not found"),
    Rule.RESTRICTED: _("processing is restricted"),
    Rule.PURPOSE_INACTIVE: _("the purpose is no longer in use"),
    Rule.CHANNEL_NOT_COVERED: _("the purpose does not use this channel"),
    Rule.NO_ADDRESS: _("no address on the card"),
    Rule.SUPPRESSED: _("the address is on the list of those to leave alone"),
    Rule.OBJECTED: _("the person objected"),
    Rule.WITHDRAWN: _("the consent was withdrawn"),
    Rule.REFUSED: _("the consent was refused"),
    Rule.EXPIRED: _("the consent has expired"),
    Rule.WEAK: _("the consent has no evidence of its own"),
    Rule.RENEW: _("what we do has changed: the consent must be renewed"),
    Rule.PENDING: _("the consent has not been confirmed yet"),
    Rule.OTHER_ADDRESS: _("the consent was given for another address"),
    Rule.NO_CONSENT: _("no consent was given"),
    Rule.PUBLIC_SOURCE: _("the address was found in a public source"),
    Rule.OTHER_PRODUCT: _("a different product than the one they bought"),
    Rule.NOT_A_CUSTOMER: _("they have not bought anything similar"),
    Rule.NOT_FROM_SALE: _("the address was not got with a sale"),
    Rule.GROUND_ENDED: _("the ground has ended"),
    Rule.NO_GROUND: _("no ground for this purpose"),
    Rule.HALTED: _("the person objected: halted until the balance is recorded"),
}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the gate answered: the rule, and the record that proves it (`evidence_id`, a consent or ground)."""

    rule: Rule
    purpose_id: uuid.UUID | None = None
    purpose_name: str = ""
    channel: str = ""
    evidence_id: uuid.UUID | None = None
    until: dt.date | None = None

    @property
    def allowed(self) -> bool:
        return self.rule in ALLOWING

    @property
    def reason(self) -> str:
        """The rule in words, with the last day where there is one."""
        text = str(TEXTS[self.rule]) % {"purpose": self.purpose_name}
        if self.allowed and self.until:
            return gettext("%(reason)s, until %(day)s") % {
                "reason": text,
                # Translators: a date format of Django; the parts of a date stay on one line.
                "day": date_format(self.until, gettext("j M Y")).replace(" ", "\N{NO-BREAK SPACE}"),
            }
        return text
