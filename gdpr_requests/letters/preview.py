"""A wording filled with an example, so that whoever edits it sees the letter. The example is nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext

from gdpr_requests.export.values import article_text, day_text
from gdpr_requests.letters.facts import About, right_text, values_of
from gdpr_requests.letters.rights_facts import as_list, copy_separately
from gdpr_requests.letters.templates import filled
from gdpr_requests.letters.text import Block, blocks
from gdpr_requests.models import LetterKind, LetterTemplate, RefusalGround

# The right behind each letter of the example; an access request for those that may follow any.
_RIGHTS = {
    LetterKind.RECTIFICATION: "rectification",
    LetterKind.ERASURE: "erasure",
    LetterKind.RESTRICTION: "restriction",
    LetterKind.PORTABILITY: "portability",
    LetterKind.OBJECTION: "objection",
    LetterKind.WITHDRAWAL: "withdrawal",
}
_WITHOUT_REQUEST = (LetterKind.INDIRECT, LetterKind.RESTRICTION_LIFT)


@dataclass(frozen=True)
class Preview:
    """The example as it would read."""

    subject: str
    blocks: list[Block]


def preview(kind: str, language: str, *, subject: str, body: str) -> Preview:
    """The wording as a letter to an example person; the company is the real one."""
    template = LetterTemplate(kind=kind, language=language, subject=subject, body=body)
    with translation.override(language):
        values = values_of(About(kind=kind, language=language, given=_example(kind)))
        wording = filled(template, values)
    return Preview(wording.subject, blocks(wording.body, language))


def _example(kind: str) -> dict[str, str]:
    today = timezone.localdate()
    request = {
        "number": f"Z-{today.year}-000012",
        "received": day_text(today - dt.timedelta(days=5)),
        "due": day_text(today + dt.timedelta(days=26)),
        "right": right_text(_RIGHTS.get(LetterKind(kind), "access")),
    }
    person = {"salutation": gettext("Dear Ms Example"), "person": gettext("Jane Example")}
    return {**person, **({} if kind in _WITHOUT_REQUEST else request), **_own(today)}


def _own(today: dt.date) -> dict[str, str]:
    """An example for whatever the kinds ask for."""
    data = gettext("name and identification, contact details")
    return {
        "needed": as_list([gettext("the number of a contract, an order or an invoice between us.")]),
        "reasons": gettext("We are searching an archive on paper as well."),
        "extended_due": day_text(today + dt.timedelta(days=87)),
        "searched": as_list([gettext("Jane Example"), "jane@example.com"]),
        "purposes": as_list([gettext("Contract: we deliver what was agreed. Kept for three years after it ends.")]),
        "categories": data,
        "recipients": as_list([gettext("accountant")]),
        "sources": as_list([gettext("A recommendation by someone else.")]),
        "corrected": gettext("last name"),
        "erased_on": day_text(today),
        "erased": as_list([gettext("The card") + ": 1", gettext("E-mail addresses") + ": 2"]),
        "kept": gettext("No law obliges us to keep anything."),
        "refusal_ground": f"{RefusalGround.UNFOUNDED.label} ({article_text(RefusalGround.UNFOUNDED.article)})",
        "outcome": gettext("From today we no longer use your data for direct marketing."),
        "copy": copy_separately(),
        "automated": gettext("No decision about you is made by automated means alone, and no profile is made of you."),
        "transfers": gettext("The data are not transferred to a country outside the European Economic Area."),
        "certificate": f"K-{today.year}-000012",
        "restricted_since": day_text(today - dt.timedelta(days=40)),
        "lifted_on": day_text(today + dt.timedelta(days=14)),
        "recipient": gettext("accountant"),
        "what_happened": gettext("We have erased all the data that we passed on to you."),
    }
