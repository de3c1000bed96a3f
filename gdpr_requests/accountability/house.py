"""Processing that follows from the law and from the system itself, beside the purposes that the company sets.

Its periods are read from the settings they are kept by, so that what is published is what is done.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from accounts.models import Installation
from consents.periods import length_text
from consents.services.suppression import kept_months

DAYS_OF_MONTH = 30.4


@dataclass(frozen=True)
class HouseProcessing:
    """One of them, in the language that was active. `article` is the letter-and-number code of its lawful basis."""

    code: str
    name: str
    description: str
    people: str
    article: str
    basis: str
    reference: str
    data: str
    period: str


def house_processing() -> list[HouseProcessing]:
    """What every installation does, whatever its purposes."""
    duty = gettext("legal obligation")
    anybody = gettext("people whose data we hold or held, and people who turn to us with a request")
    return [
        HouseProcessing(
            code="requests",
            name=gettext("Answering requests about personal data"),
            description=gettext("We record what you asked for, how we verified who you are, and what we answered."),
            people=anybody,
            article="6(1)(c)",
            basis=duty,
            reference=gettext("GDPR, Art. 12 and 15 to 22, Art. 5(2)"),
            data=gettext("name, address for the answer, the request and the answer"),
            period=gettext("%(length)s after the request is closed, as long as claims about the answer can be made.")
            % {"length": length_text(12 * Installation.current().request_years)},
        ),
        HouseProcessing(
            code="block-list",
            name=gettext("Addresses that we leave alone"),
            description=gettext(
                "When you object to offers or have your data erased, we keep a keyed hash of your address, so that "
                "nobody writes to you again by mistake. The address can't be read from it."
            ),
            people=gettext("people who objected to offers or had their data erased"),
            article="6(1)(c)",
            basis=duty,
            reference=gettext("GDPR, Art. 21(3)"),
            data=gettext("a keyed hash of the e-mail address or phone number"),
            period=gettext("%(length)s from the objection or erasure.") % {"length": length_text(kept_months())},
        ),
        HouseProcessing(
            code="access-record",
            name=gettext("Record of who worked with personal data"),
            description=gettext(
                "We record which colleague saw or changed whose data and when. The record names fields, never values."
            ),
            people=gettext("people whose data we hold, and our colleagues"),
            article="6(1)(c)",
            basis=duty,
            reference=gettext("GDPR, Art. 5(2) and 32"),
            data=gettext("internal numbers of the person and of the colleague, time, kind of action"),
            period=gettext("%(length)s, then it is deleted.") % {"length": _audit_length()},
        ),
    ]


def _audit_length() -> str:
    return str(length_text(round(settings.AUDIT_RETENTION_DAYS / DAYS_OF_MONTH)))
