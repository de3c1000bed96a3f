"""What an erasure decides of each field: it goes, or stays until a day, because of a provision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext

from consents.models import Basis, LegalGround
from gdpr_requests.erasure.plan import INDEX, KEEPING, Keeping, Plan
from gdpr_requests.erasure.scope import in_order
from gdpr_requests.export.values import category_label
from gdpr_requests.export.words import field_words, table_words
from privacy.datamap import Entry


@dataclass(frozen=True)
class Decision:
    """One category of data on this card: its fields in words, and the duties that keep it (none: it goes)."""

    label: str
    fields: list[str]
    keeping: list[Keeping]

    @property
    def until(self) -> dt.date | None:
        """The day on which the last duty lets go; None where the data go at once."""
        return max((keeping.until for keeping in self.keeping), default=None)


@dataclass(frozen=True)
class OfGround:
    """What the erasure does with one open ground."""

    ground: LegalGround
    words: str
    until: dt.date | None


def decisions_of(plan: Plan) -> list[Decision]:
    """Every category that the card really holds, in the order of the data map; kept ones after those that go."""
    fields: dict[str, list[str]] = {}
    there = {going.model for going in plan.going if going.count} - set(INDEX)
    for entry in in_order():
        if entry.get_model()._meta.label in there:
            for category, words in _fields(entry):
                fields.setdefault(category, []).append(words)
    found = [
        Decision(
            label=category_label(category),
            fields=list(dict.fromkeys(words)),
            keeping=[keeping for keeping in plan.keeping if category in keeping.categories],
        )
        for category, words in fields.items()
    ]
    return sorted(found, key=lambda decision: bool(decision.keeping))


def _fields(entry: Entry) -> list[tuple[str, str]]:
    """The exported fields of a table with their categories, in words: what the person would see in their copy."""
    model = entry.get_model()
    table = str(table_words(model))
    return [
        (entry.fields[name].category, f"{table}: {field_words(model._meta.get_field(name))}")
        for name in entry.named(export=True)
    ]


def grounds_of(plan: Plan) -> list[OfGround]:
    """What becomes of each ground that still stands."""
    kept = {keeping.ground.pk: keeping for keeping in plan.keeping}
    return [_of(ground, kept.get(ground.pk)) for ground in plan.grounds]


def _of(ground: LegalGround, keeping: Keeping | None) -> OfGround:
    if keeping:
        words = gettext("keeps %(data)s, because of %(provision)s (%(article)s)") % {
            "data": ", ".join(keeping.category_labels),
            "provision": keeping.because,
            "article": keeping.provision,
        }
        return OfGround(ground, words, keeping.until)
    if Basis(ground.basis) in KEEPING:
        return OfGround(ground, gettext("its period is over, so it keeps nothing"), None)
    return OfGround(ground, gettext("ends with the erasure and keeps nothing"), None)
