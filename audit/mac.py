"""The seal of one event: an HMAC over its canonical bytes, under the system key `audit`."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC
from typing import Any

from audit.models import AuditEvent
from privacy.keys import system_key


def canonical(event: AuditEvent) -> bytes:
    """The same bytes for the same event on both databases: sorted keys, UTC, no floats."""
    content: dict[str, Any] = {
        "uid": str(event.uid),
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_id and str(event.actor_id),
        "action": event.action,
        "target": [event.target_type, event.target_id],
        "contact": event.contact_id and str(event.contact_id),
        "fields": event.fields,
        "detail": event.detail,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def event_mac(event: AuditEvent) -> bytes:
    """32 bytes that only this installation can make."""
    return hmac.new(system_key("audit"), b"event:" + canonical(event), hashlib.sha256).digest()
