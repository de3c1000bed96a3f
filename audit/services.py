"""The one way to write into the audit record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db import models
from django.utils import timezone

from audit.mac import event_mac
from audit.models import AuditEvent

_REFUSED = "An audit row holds names of fields, numbers, ids and short codes only, never values"
_ACTION = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_CODE = re.compile(r"[a-z0-9_.:-]{1,64}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,79}")


class Actor(Protocol):
    """A colleague; the audit needs only the id."""

    @property
    def pk(self) -> UUID: ...


Detail = Mapping[str, int | str | UUID]


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a batch: what it is about."""

    contact_id: UUID | None = None
    target: models.Model | None = None
    fields: Iterable[str] = ()
    detail: Detail | None = None


def record(
    action: str,
    *,
    actor: Actor | models.Model | None,
    contact_id: UUID | None = None,
    target: models.Model | None = None,
    fields: Iterable[str] = (),
    detail: Detail | None = None,
) -> AuditEvent:
    """Write one event in the caller's transaction (Art. 5(2), 32 GDPR).

    `action` reads "room.what_happened", as in "contact.email_changed". `actor` None is the system itself. `fields`
    are names of fields. `detail` holds numbers, ids and short codes (lower case, up to 64 characters). Anything else
    raises ValueError, so that no personal value can get in.
    """
    event = _event(action, actor, Row(contact_id, target, fields, detail))
    event.save(force_insert=True)
    return event


def record_many(action: str, *, actor: Actor | models.Model | None, rows: Iterable[Row]) -> int:
    """Write one event for each row in few statements, for batch jobs. Returns how many."""
    events = [_event(action, actor, row) for row in rows]
    AuditEvent.objects.bulk_create(events, batch_size=1000)
    return len(events)


def _event(action: str, actor: Actor | models.Model | None, row: Row) -> AuditEvent:
    if not _ACTION.fullmatch(action) or len(action) > 80:
        raise ValueError("An audit action reads 'room.what_happened'")
    event = AuditEvent(
        at=timezone.now(),
        actor_id=actor.pk if actor is not None else None,
        action=action,
        target_type=row.target._meta.label_lower if row.target is not None else "",
        target_id=str(row.target.pk) if row.target is not None else "",
        contact_id=row.contact_id,
        fields=_names(row.fields),
        detail=_codes(row.detail or {}),
    )
    event.mac = event_mac(event)
    return event


def _names(fields: Iterable[str]) -> list[str]:
    if isinstance(fields, str):
        raise ValueError("`fields` is a list of names")
    names = sorted(set(fields))
    if not all(isinstance(name, str) and _NAME.fullmatch(name) for name in names):
        raise ValueError(_REFUSED)
    return names


def _codes(detail: Detail) -> dict[str, int | str]:
    return {_name(name): _code(value) for name, value in detail.items()}


def _name(name: str) -> str:
    if not _CODE.fullmatch(name):
        raise ValueError(_REFUSED)
    return name


def _code(value: object) -> int | str:
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and _CODE.fullmatch(value):
        return str(value)
    raise ValueError(_REFUSED)
