"""The end of what proves an erasure: ten years, the longest time for claims (Act 89/2012, § 636)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from audit.services import record
from consents.periods import add_months
from gdpr_requests.erasure import ledger
from gdpr_requests.models import ErasureItem, ErasureRun, RetainedRecord

YEARS = 10
# What was refused, or found nobody, proves little.
UNDONE_YEARS = 1


@transaction.atomic
def end_certificates() -> int:
    """Delete erasures ten years after they were made, with the addresses that answered 410 and their runs.

    One that the ledger still names stays: a backup may be older than it, and a replay would give a number again. So
    does one whose person a legal duty keeps something of. Raises LedgerBroken.
    """
    today = timezone.localdate()
    kept = RetainedRecord.objects.filter(item=OuterRef("pk"))
    over = ErasureItem.objects.filter(
        ~Exists(kept), state=ErasureItem.State.ERASED, erased_at__date__lt=add_months(today, -12 * YEARS)
    )
    ids = set(over.values_list("pk", flat=True))
    if ids:
        ids -= {entry.item_id for entry in ledger.named()}
    ErasureItem.objects.filter(pk__in=ids).delete()
    undone = ErasureItem.objects.filter(
        state__in=[ErasureItem.State.GONE, ErasureItem.State.REFUSED],
        touched_at__date__lt=add_months(today, -12 * UNDONE_YEARS),
    )
    count = len(ids) + undone.delete()[0]
    left = ErasureItem.objects.filter(run=OuterRef("pk"))
    ErasureRun.objects.filter(~Exists(left), requested_at__date__lt=add_months(today, -12 * UNDONE_YEARS)).delete()
    if count:
        record("erasure.certificates_ended", actor=None, detail={"certificates": count})
    return count
