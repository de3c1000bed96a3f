"""A slip in an e-mail address put right: the same mailbox, so what was said of it goes along (Art. 5(1)(d), 7(1))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import record
from consents.models import Basis, Consent, EventKind, Suppression
from consents.projection import address_digest
from consents.services.ledger import Evidence, record_event
from consents.services.suppression import all_digests, suppress
from contacts.models import Contact, EmailAddress
from contacts.services.channels import correct_channel

if TYPE_CHECKING:
    from accounts.models import User

# More letters than that are no slip of the pen but another address, which needs a consent of its own.
LETTERS = 4


@transaction.atomic
def correct_typo(*, email: EmailAddress, value: str, method: str, reason: str, actor: User) -> int:
    """Correct a mistyped e-mail; returns how many consents, given for the mistyped one, now name the right one.

    An ordinary correction carries nothing: it may well be another mailbox. Here somebody says that it is the same one,
    and how they know (`reason`, kept in the ledger). Objections and withdrawals of the address go along too. Raises
    ValidationError for what is no slip, or no reason.
    """
    contact, old = email.contact, email.value
    if not reason.strip():
        raise ValidationError({"reason": _("Say how you know that it is the same mailbox.")})
    if not 0 < distance(old.casefold(), value.casefold()) <= LETTERS:
        raise ValidationError({"value": _("That is no slip of the pen: correct it as a new address.")})
    held = list(
        Consent.objects.of_contacts([contact.pk])
        .filter(address_digest=address_digest(old), purpose__basis=Basis.CONSENT)
        .select_related("purpose")
        .order_by("pk")
    )
    correct_channel(channel=email, values={"value": value}, actor=actor)
    _block_too(old, value, actor)
    for consent in held:
        record_event(
            contact=contact,
            purpose=consent.purpose,
            kind=EventKind.CORRECTED,
            evidence=Evidence(method=method, reference=reason),
            actor=actor,
            channel=consent.channel,
            address=value,
            subject_id=consent.subject_id,
        )
    record("contact.typo_corrected", actor=actor, contact_id=contact.pk, target=email, detail={"count": len(held)})
    return len(held)


def names_it(contact: Contact, address: str) -> int:
    """How many consents of the card were given for this very address."""
    return Consent.objects.of_contacts([contact.pk]).filter(address_digest=address_digest(address)).count()


def _block_too(old: str, value: str, actor: User) -> None:
    """What is refused at the mistyped address is refused at the right one, as long and for the same reason."""
    for row in Suppression.objects.filter(digest__in=all_digests([old])).select_related("purpose"):
        suppress(
            addresses=[value],
            scope=row.scope,
            reason=row.reason,
            actor=actor,
            purpose=row.purpose,
            ends_on=row.ends_on,
            is_named=row.is_named,
        )


def distance(one: str, other: str) -> int:
    """How many letters have to be changed, added or left out to make the one the other (Levenshtein)."""
    before = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(other, 1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (a != b)))
        before = now
    return before[-1]
