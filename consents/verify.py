"""Whether the consent ledger is what was recorded: each subject's chain, link by link (Art. 5(2), 7(1))."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from consents.models import ConsentEvent
from consents.services.ledger import chain_mac


@dataclass(frozen=True)
class Verdict:
    """`broken` holds the first event of each subject at which its chain does not hold."""

    events: int
    broken: tuple[uuid.UUID, ...]

    @property
    def ok(self) -> bool:
        return not self.broken


def verify_consents(subject_ids: Collection[uuid.UUID] | None = None) -> Verdict:
    """Walk all chains once, or those of these subjects.

    Finds an event that was changed, put in, exchanged, or taken out before another one. It cannot see that the newest
    events of a subject, or all of them, are missing: the audit's own chain names each of them.
    """
    count, subject, sequence, mac = 0, None, 0, ""
    broken: dict[uuid.UUID, uuid.UUID] = {}
    rows = ConsentEvent.objects.order_by("subject_id", "sequence")
    if subject_ids is not None:
        rows = rows.filter(subject_id__in=subject_ids)
    for event in rows.iterator(chunk_size=2000):
        count += 1
        if event.subject_id != subject:
            subject, sequence, mac = event.subject_id, 0, ""
        follows = event.sequence == sequence + 1 and hmac.compare_digest(chain_mac(event, mac), event.mac)
        if not follows:
            broken.setdefault(event.subject_id, event.pk)
        sequence, mac = event.sequence, event.mac
    return Verdict(events=count, broken=tuple(broken.values()))
