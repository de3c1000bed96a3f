"""Who may be written to for a purpose: the gate's answers, added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from consents.gate import may_contact_each
from consents.models import Basis, Consent, LegalGround, Purpose
from consents.rules import TEXTS, Decision, Rule
from contacts.models import Contact
from privacy.sealed import SealedQuerySet

if TYPE_CHECKING:
    from accounts.models import User


@dataclass
class Audience:
    """The contacts who may be written to, each with the address and the answer, and why the others may not."""

    allowed: list[tuple[Contact, str, Decision]] = field(default_factory=list)
    refused: Counter[Rule] = field(default_factory=Counter)

    @property
    def refused_count(self) -> int:
        return sum(self.refused.values())

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """The refusals in words, most frequent first."""
        return [(str(TEXTS[rule]), count) for rule, count in self.refused.most_common()]


def audience(*, user: User, purpose: Purpose, channel: str) -> Audience:
    """Ask the gate for every contact that the user may see. Two addresses that are the same go out once."""
    result = Audience()
    everyone = Contact.objects.visible_to(user)
    candidates = _candidates(everyone, purpose)
    sent: set[str] = set()
    for contact, address, answer in _answers(candidates, purpose, channel):
        if not answer.allowed:
            result.refused[answer.rule] += 1
        elif address.casefold() not in sent:
            sent.add(address.casefold())
            result.allowed.append((contact, address, answer))
    others = everyone.count() - candidates.count()
    if others:
        result.refused[Rule.NO_CONSENT if purpose.basis == Basis.CONSENT else Rule.NO_GROUND] += others
    return result


def _answers(
    candidates: SealedQuerySet[Contact], purpose: Purpose, channel: str
) -> Iterator[tuple[Contact, str, Decision]]:
    return may_contact_each(candidates.order_by("pk").iterator(chunk_size=500), purpose, channel=channel)


def _candidates(contacts: SealedQuerySet[Contact], purpose: Purpose) -> SealedQuerySet[Contact]:
    """Those on whom the gate can say anything but "nothing was ever recorded for this purpose"."""
    consent = Consent.objects.filter(subject__contact=OuterRef("pk"), purpose=purpose)
    ground = LegalGround.objects.filter(subject__contact=OuterRef("pk"))
    if purpose.existing_customer:
        return contacts.filter(Exists(ground.filter(Q(basis=Basis.CONTRACT) | Q(purpose=purpose))) | Exists(consent))
    return contacts.filter(Exists(ground.filter(purpose=purpose)) | Exists(consent))
