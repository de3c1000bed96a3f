"""The one thing that lifts an objection or the trace of an erasure: the person's own confirmed opt-in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import record
from consents.models import Basis, Channel, EventKind, Purpose, Suppression
from consents.services.ledger import Evidence, record_event
from consents.services.suppression import all_digests, lift
from contacts.index import email_key, phone_key
from contacts.models import AddressToken, Contact

if TYPE_CHECKING:
    from accounts.models import User


def found_for(address: str) -> list[Suppression]:
    """What the block list holds of one address, under every key and in every spelling; oldest first."""
    rows = Suppression.objects.filter(digest__in=all_digests([address])).select_related("purpose")
    return list(rows.order_by("created_at"))


@transaction.atomic
def lift_by_opt_in(
    *, address: str, purpose: Purpose, evidence: Evidence, actor: User, occurred_at: dt.datetime | None = None
) -> int:
    """Record that the person at the address confirmed this consent themselves; returns how many entries are lifted.

    Every card that holds the address gets the confirmation in its ledger; an address on no card is only lifted. Raises
    ValidationError without evidence, and for a purpose that rests on something else than consent.
    """
    if purpose.basis != Basis.CONSENT:
        raise ValidationError(_("This purpose does not rest on consent."), code="basis")
    if not evidence.reference and evidence.file_id is None:
        raise ValidationError(
            _("Attach the evidence or say where it lies: without it the consent proves nothing."), code="evidence"
        )
    count = len(found_for(address))
    key = email_key(address) if "@" in address else phone_key(address)
    holders = AddressToken.objects.filter(digest=key).values("contact_id")
    for contact in Contact.objects.filter(pk__in=holders).order_by("pk"):
        record_event(
            contact=contact,
            purpose=purpose,
            kind=EventKind.CONFIRMED,
            evidence=evidence,
            actor=actor,
            channel=Channel.EMAIL if "@" in address else Channel.PHONE,
            address=address,
            occurred_at=occurred_at,
        )
    lift(addresses=[address], purpose=purpose, everything=True, actor=actor)
    record("suppression.opted_in", actor=actor, detail={"purpose": purpose.slug, "count": count})
    return count
