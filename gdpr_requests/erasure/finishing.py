"""After the commit of an erasure: files and sessions lose what they held, everything is asked once more."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.session_words import forget_words
from gdpr_requests.erasure import ledger
from gdpr_requests.erasure.residue import files_left, residue
from gdpr_requests.erasure.scope import Scope
from gdpr_requests.models import ErasureItem
from privacy.files import store

logger = logging.getLogger(__name__)


def finish(item: ErasureItem, scope: Scope) -> bool:
    """Delete the bytes, look once more, note that it was checked. Returns whether nothing is left. Safe to repeat."""
    _delete_bytes(scope.files)
    forget_words()
    left = residue(scope)
    files = files_left(scope.files)
    if left or files:
        logger.error("erasure %s is not complete: %s, %s files", item.pk, left, files)
        return False
    with transaction.atomic():
        unchecked = ErasureItem.objects.select_for_update().filter(pk=item.pk, checked_at__isnull=True)
        if not unchecked.exists():
            return True  # another process was here
        item.check_result |= {"files": 0}
        item.checked_at, item.unfinished = timezone.now(), {}
        item.save(update_fields=["checked_at", "check_result", "unfinished", "touched_at"])
        ledger.close(item.pk, ledger.DONE)
    return True


def finish_interrupted() -> int:
    """Do what `finish` could not do where the process died right after its commit. Safe to repeat."""
    open_items = list(ErasureItem.objects.filter(state=ErasureItem.State.ERASED, checked_at__isnull=True))
    for item in open_items:
        finish(item, _scope_of_erased(item))
    return len(open_items)


def _scope_of_erased(item: ErasureItem) -> Scope:
    return Scope(
        contact_id=item.contact_id,
        contact_ids=list(item.addresses.values_list("old_id", flat=True)),
        subject_ids=[UUID(pk) for pk in item.subject_ids],
        key_ids=[UUID(pk) for pk in item.unfinished.get("keys", [])],
        files=list(item.unfinished.get("files", [])),
    )


def _delete_bytes(names: Iterable[str]) -> None:
    for name in names:
        try:
            store.delete(name)
        except OSError:
            logger.exception("a file of an erased card could not be deleted; the sweep tries again")
