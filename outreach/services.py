"""Exporting a mailing list: only what the gate let through leaves, and every card knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import Row, record, record_many
from consents.models import Purpose
from outreach.audience import Audience
from outreach.models import MailingList

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def record_export(*, purpose: Purpose, channel: str, audience: Audience, actor: User) -> MailingList:
    """Note that the list left the house, once for the list and once for each card on it (Art. 15(1)(c))."""
    exported = MailingList.objects.create(
        purpose=purpose,
        channel=channel,
        allowed=len(audience.allowed),
        refused=audience.refused_count,
        created_by=actor,
    )
    detail = {"purpose": purpose.slug, "channel": str(channel)}
    record("mailinglist.exported", actor=actor, target=exported, detail={**detail, "count": exported.allowed})
    record_many(
        "contact.on_mailinglist",
        actor=actor,
        rows=[Row(contact.pk, exported, (), detail) for contact, _address, _answer in audience.allowed],
    )
    return exported
