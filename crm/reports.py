"""Counts of consents and grounds, and what ends in the coming year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents.models import Basis, Consent, LegalGround, State
from consents.periods import add_months
from contacts.collation import in_order
from contacts.models import Contact
from crm import formats
from crm.nav import url_or_empty

if TYPE_CHECKING:
    from accounts.models import User

MONTHS = 12


@dataclass(frozen=True)
class Card:
    """A way from the reports to a page of their own, for those who hold any of the permissions."""

    title: str | Promise
    text: str | Promise
    url_name: str
    icon: str
    permissions: tuple[str, ...]


#: In the order of the page. One whose address does not exist is left out.
CARDS: tuple[Card, ...] = (
    Card(
        _("Retention"),
        _("What ends in the next twelve months, and what no ground covers any more."),
        "gdpr_requests:retention",
        "clock",
        ("gdpr_requests.erase_in_bulk", "audit.view_auditevent"),
    ),
    Card(
        _("Breaches"),
        _("The register of breaches, their 72 hours and the notices (Art. 33 and 34)."),
        "gdpr_requests:breaches",
        "shield-exclamation",
        ("gdpr_requests.view_breach",),
    ),
    Card(
        _("Record of processing"),
        _("What you process, why, whose data, for how long and how they are protected (Art. 30)."),
        "gdpr_requests:processing",
        "document-text",
        ("gdpr_requests.view_inspectionpack",),
    ),
    Card(
        _("Information for people"),
        _("The public page that tells people how you handle their data (Art. 13 and 14)."),
        "gdpr_requests:privacy",
        "globe-alt",
        ("consents.view_purpose",),
    ),
    Card(
        _("Pack for an inspector"),
        _("Everything that an inspector asks for, in one file, and nothing about any contact."),
        "gdpr_requests:packs",
        "archive-box-arrow-down",
        ("gdpr_requests.view_inspectionpack",),
    ),
    Card(
        _("Objections"),
        _("What people object to, and the balance that answers it (Art. 21)."),
        "consents:objections",
        "hand-raised",
        ("consents.weigh_objection",),
    ),
    Card(
        _("Addresses to leave alone"),
        _("How many, why and until when; one address is looked up by its hash."),
        "consents:suppressions",
        "no-symbol",
        ("consents.manage_suppression",),
    ),
    Card(
        _("Erasures and certificates"),
        _("Who was erased when and why, by number only, each with the certificate that proves it (Art. 17)."),
        "gdpr_requests:erasures",
        "document-check",
        ("gdpr_requests.erase_contact", "audit.view_auditevent"),
    ),
    Card(
        _("What the law keeps"),
        _("Records that a legal duty keeps of people who were erased, and when they end."),
        "gdpr_requests:retained",
        "archive-box",
        ("audit.view_auditevent",),
    ),
    Card(
        _("Audit"),
        _("Who did what and who saw what, in a record that cannot be changed."),
        "crm:audit",
        "eye",
        ("audit.view_auditevent",),
    ),
)


def cards_for(user: User) -> list[tuple[Card, str]]:
    """The cards that this user may open, each with its address."""
    mine = [card for card in CARDS if any(user.has_perm(name) for name in card.permissions)]
    return [(card, url) for card in mine if (url := url_or_empty(card.url_name))]


@dataclass(frozen=True)
class Report:
    """`consents`: a row for each purpose with a count for each state; `grounds`: open ones by basis; `months`: ends."""

    states: list[str]
    consents: list[tuple[str, list[tuple[str, int]]]]
    grounds: list[tuple[str, int]]
    months: list[dict[str, Any]]


def report(user: User) -> Report:
    """The counts, over what the user may see."""
    seen = Contact.objects.visible_to(user).values("pk")
    consents = Consent.objects.filter(subject__contact__in=seen)
    grounds = LegalGround.objects.open().filter(subject__contact__in=seen)
    return Report(
        states=[str(state.label) for state in State],
        consents=_by_purpose(consents),
        grounds=_by_basis(grounds),
        months=_by_month(consents, grounds),
    )


def _by_purpose(consents: Any) -> list[tuple[str, list[tuple[str, int]]]]:
    counts: dict[str, Counter[str]] = {}
    for name, state, count in consents.values_list("purpose__name", "state").annotate(n=Count("pk")).order_by():
        counts.setdefault(name, Counter())[state] = count
    return [(name, [(str(state.label), counts[name][state]) for state in State]) for name in in_order(counts, str)]


def _by_basis(grounds: Any) -> list[tuple[str, int]]:
    counts = dict(grounds.order_by().values_list("basis").annotate(n=Count("pk")))
    return [(basis.value, counts.get(basis.value, 0)) for basis in Basis]


def _by_month(consents: Any, grounds: Any) -> list[dict[str, Any]]:
    today = timezone.localdate()
    first = today.replace(day=1)
    last = add_months(first, MONTHS)
    counts: Counter[dt.date] = Counter()
    for rows in (consents.filter(state=State.GIVEN), grounds):
        near = rows.filter(valid_until__gte=today, valid_until__lt=last).order_by()
        for month, count in near.values_list(TruncMonth("valid_until")).annotate(n=Count("pk")):
            counts[month] += count
    months = [add_months(first, number) for number in range(MONTHS)]
    return [
        {"label": date_format(month, "F Y"), "short": formats.short_month(month), "value": counts[month]}
        for month in months
    ]
