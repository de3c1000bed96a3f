"""A data key that is not there: the person was erased, or something is badly wrong.

Only the ledger of erasures can tell. It stands above this room, so it is given to us at start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from privacy.errors import KeyErased, KeyMissing

logger = logging.getLogger(__name__)
_asked: list[Callable[[UUID], bool]] = []


def ask(is_key_of_erased: Callable[[UUID], bool]) -> None:
    """Let `is_key_of_erased` tell whether the ledger names a key. The last one given is asked."""
    _asked[:] = [is_key_of_erased]


def missing_key(key_id: UUID, where: str) -> KeyMissing:
    """The error for a row whose key is gone: KeyErased where the ledger names the key, else KeyMissing with an alarm.

    `where` names table and row. A ledger that cannot be read proves nothing, so it counts as an alarm too.
    """
    try:
        erased = any(is_erased(key_id) for is_erased in _asked)
    except Exception:
        logger.exception("the ledger of erasures could not be asked")
        erased = False
    if erased:
        return KeyErased(f"The person of {where} was erased")
    logger.critical("ALARM: the data key of %s is gone, and no erasure names it", where)
    return KeyMissing(f"The data key of {where} is gone")
