"""The end of the audit record's own period: the oldest rows go, and a signed checkpoint stays in their place."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from audit import anchor, chain
from audit.models import AuditCheckpoint, AuditEvent, AuditLink
from audit.services import record
from privacy import append_only


def prune(*, before: datetime, batch: int = 5000) -> int:
    """Delete linked events older than `before`, oldest first, in batches. Returns how many went.

    An event stays while anything older in the chain has to stay, so the chain is cut at one place only. Nothing is
    pruned that the anchor has not seen.
    """
    total = 0
    while True:
        done = _prune_batch(before, batch)
        total += done
        if done < batch:
            break
    if total:
        record("audit.pruned", actor=None, detail={"count": total})
    return total


@transaction.atomic
def _prune_batch(before: datetime, batch: int) -> int:
    chain.lock()
    pinned = anchor.read()
    if isinstance(pinned, str):
        return 0
    staying = AuditLink.objects.filter(event__at__gte=before).order_by("position").values_list("position", flat=True)
    end = staying.first()
    going = AuditLink.objects.filter(position__lte=pinned.position).order_by("position")
    if end is not None:
        going = going.filter(position__lt=end)
    links = list(going[:batch])
    if not links:
        return 0
    last = links[-1]
    with append_only.pruning():
        AuditLink.objects.filter(position__lte=last.position).delete()
        AuditEvent.objects.filter(pk__in=[link.event_id for link in links]).delete()
        AuditCheckpoint.objects.all().delete()
        AuditCheckpoint.objects.create(
            position=last.position, head=last.mac, mac=chain.checkpoint_mac(last.position, bytes(last.mac))
        )
    return len(links)
