"""What backups need every night."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.schedules import crontab

from gdpr_requests.backup import archive
from gdpr_requests.backup.compaction import let_entries_end
from gdpr_requests.erasure.ledger_file import LedgerBroken

logger = logging.getLogger(__name__)


@shared_task(name="gdpr_requests.end_ledger_entries")
def end_ledger_entries() -> int:
    """Let backups go whose time is over, prove the ledger against the database, let its oldest entries end."""
    archive.prune()
    try:
        return let_entries_end()
    except LedgerBroken as problem:
        logger.critical("%s Run `manage.py replay_erasures`; nothing will start until it is right.", problem)
        return 0


SCHEDULE: dict[str, dict[str, Any]] = {
    "gdpr-end-ledger-entries": {"task": "gdpr_requests.end_ledger_entries", "schedule": crontab(hour=3, minute=20)},
}
