"""Exporting a mailing list: only what the gate let through leaves, and every card knows of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.services import Row, record, record_many
from consents.models import Purpose
from outreach.audience import Audience
from outreach.models import MailingList

if TYPE_CHECKING:
    from accounts.models import User

# Three years, the general limitation of claims.
KEPT = dt.timedelta(days=1096)


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


@transaction.atomic
def end_old_lists(*, at: dt.datetime | None = None) -> int:
    """Delete the counts of lists exported three years ago; returns how many. Safe to repeat."""
    count, _rows = MailingList.objects.filter(created_at__lt=(at or timezone.now()) - KEPT).delete()
    if count:
        record("mailinglist.ended", actor=None, detail={"count": count})
    return count
