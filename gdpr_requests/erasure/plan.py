"""What an erasure would do to one card: what goes, and what the law keeps, for which reason and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from consents.models import Basis, LegalGround
from contacts.models import Contact
from gdpr_requests.erasure.scope import Scope, in_order, rows_of, scope_of
from gdpr_requests.export.information import recipients_of_purpose
from gdpr_requests.export.values import article_text, category_label
from gdpr_requests.export.words import rank, table_words
from gdpr_requests.models import DataSubjectRequest
from privacy.datamap import Entry

# Art. 17(3)(b): a legal obligation, or a task in the public interest. Nothing else keeps data by itself.
KEEPING = {Basis.LEGAL_OBLIGATION: "17(3)(b)", Basis.PUBLIC_TASK: "17(3)(b)"}
# Grounds that stand but keep nothing against an erasure: whoever erases should know that they end with it.
ENDING = (Basis.CONTRACT, Basis.VITAL_INTERESTS, Basis.LEGITIMATE_INTEREST)
# Tables of the search index: told in one line, people don't know them.
INDEX = ("contacts.NameToken", "contacts.AddressToken")
# Tables that people would not recognise and that go with the card anyway.
INNER = ("contacts.Subject", "consents.Consent", *INDEX)


@dataclass(frozen=True)
class Going:
    """How many rows of one table go."""

    model: str
    label: str
    count: int


@dataclass(frozen=True)
class Keeping:
    """One duty that keeps some categories of data beyond the erasure, until its last day."""

    ground: LegalGround
    categories: list[str]
    until: dt.date
    because: str
    article: str

    @property
    def category_labels(self) -> list[str]:
        return [category_label(code) for code in self.categories]

    @property
    def provision(self) -> str:
        """Which exception of the GDPR lets it stay."""
        return article_text(self.article)

    def as_json(self) -> dict[str, Any]:
        """As the certificate keeps it: codes and the provision, nothing of the person."""
        return {
            "purpose": self.ground.purpose.slug,
            "name": self.ground.purpose.name,
            "categories": self.categories,
            "until": self.until.isoformat(),
            "because": self.because,
            "article": self.article,
        }


@dataclass(frozen=True)
class Plan:
    """The whole of it."""

    contact: Contact
    scope: Scope
    going: list[Going]
    keeping: list[Keeping]
    ending: list[LegalGround]
    grounds: list[LegalGround]
    recipients: list[str]
    requests: list[DataSubjectRequest]

    @property
    def total(self) -> int:
        return sum(item.count for item in self.going)

    @property
    def shown(self) -> list[Going]:
        """The tables that people know, in the order in which they read them."""
        known = [item for item in self.going if item.model not in INNER and item.count]
        return sorted(known, key=lambda item: rank(item.model))

    @property
    def register_provision(self) -> str:
        """Which exception lets the register of requests stay: it is proof against claims."""
        return article_text("17(3)(e)")

    @property
    def index_count(self) -> int:
        return sum(item.count for item in self.going if item.model in INDEX)


def plan_of(contact: Contact, *, on: dt.date | None = None) -> Plan:
    """Look at the card and say what erasing it today would do. Reads only."""
    scope = scope_of(contact)
    grounds = LegalGround.objects.filter(subject__contact__in=scope.contact_ids).select_related("purpose")
    open_grounds = list(grounds.open(on).order_by("valid_until"))
    return Plan(
        contact=contact,
        scope=scope,
        going=[_going(entry, scope) for entry in in_order()],
        keeping=[kept for ground in open_grounds if (kept := _keeping(ground, on or timezone.localdate()))],
        ending=[ground for ground in open_grounds if ground.basis in ENDING],
        grounds=open_grounds,
        recipients=sorted({name for ground in open_grounds for name in recipients_of_purpose(ground.purpose)}),
        requests=list(DataSubjectRequest.objects.filter(contact__in=scope.contact_ids).order_by("number")),
    )


def _going(entry: Entry, scope: Scope) -> Going:
    model = entry.get_model()
    return Going(model._meta.label, str(table_words(model)), rows_of(entry, scope).count())


def _keeping(ground: LegalGround, today: dt.date) -> Keeping | None:
    """What a ground keeps: only a duty, only its purpose's categories, only while its period still runs."""
    article = KEEPING.get(Basis(ground.basis))
    if article is None or ground.valid_until is None or ground.valid_until < today:
        return None
    because = ground.statute or " ".join(part for part in (ground.public_act, ground.public_task) if part)
    return Keeping(
        ground=ground,
        categories=[str(code) for code in ground.purpose.categories],
        until=ground.valid_until,
        because=because or ground.purpose.legal_reference or gettext("legal obligation"),
        article=article,
    )
