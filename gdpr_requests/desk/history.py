"""The history of a request: every step is written twice, for the desk and into the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from audit.services import record
from gdpr_requests.models import DataSubjectRequest, EventKind, RequestEvent

if TYPE_CHECKING:
    from accounts.models import User


def add_event(
    request: DataSubjectRequest, kind: EventKind, /, *, actor: User | None, **detail: int | str | UUID
) -> RequestEvent:
    """Write a step down, in the caller's transaction. `detail` holds codes, numbers and ids only."""
    event = RequestEvent.objects.create(
        request=request,
        kind=kind,
        actor_id=actor.pk if actor else None,
        detail={name: value if isinstance(value, int) else str(value) for name, value in detail.items()},
    )
    record(f"request.{kind.value}", actor=actor, contact_id=request.contact_id, target=request, detail=detail)
    return event
