"""Opening and ending legal grounds (Art. 6). The form asks for what each basis demands; the database insists."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import record
from consents.models import Basis, LegalGround, Method, Purpose
from consents.periods import last_day
from contacts.models import Contact

if TYPE_CHECKING:
    from accounts.models import User

# The fields that each basis demands beside purpose, source, method and period (law.md, the table of the six bases).
REQUIRED: dict[str, tuple[str, ...]] = {
    Basis.CONSENT: (),
    Basis.CONTRACT: ("reference",),
    Basis.LEGAL_OBLIGATION: ("statute",),
    Basis.VITAL_INTERESTS: ("vital_whose", "vital_why_no_consent"),
    Basis.PUBLIC_TASK: ("public_task", "public_act"),
    Basis.LEGITIMATE_INTEREST: ("balancing_test",),
}


def build_ground(
    *, contact: Contact, purpose: Purpose, actor: User | None, subject_id: uuid.UUID | None = None, **values: Any
) -> LegalGround:
    """An unsaved ground with the purpose's own defaults filled in. Raises ValidationError for what its basis lacks."""
    start = values.get("valid_from") or timezone.localdate()
    defaults: dict[str, Any] = {
        "basis": purpose.basis,
        "source": contact.source,
        "method": Method.IN_PERSON,
        "valid_from": start,
        "statute": purpose.legal_reference if purpose.basis == Basis.LEGAL_OBLIGATION else "",
        "balancing_test_id": purpose.balancing_test_id if purpose.basis == Basis.LEGITIMATE_INTEREST else None,
    }
    if purpose.basis != Basis.CONSENT:
        defaults["valid_until"] = last_day(start, purpose.retention_months)
    ground = LegalGround(
        key=contact.key,
        subject_id=subject_id or contact.subject_id,
        purpose=purpose,
        created_by=actor,
        **{**defaults, **{name: value for name, value in values.items() if value not in (None, "")}},
    )
    check_ground(ground)
    return ground


def check_ground(ground: LegalGround) -> None:
    """Raise ValidationError, by field, where the ground lacks what its basis demands or its period is not finite."""
    errors: dict[str, Any] = {
        name: _("This basis needs it.")
        for name in REQUIRED[ground.basis]
        if not getattr(ground, f"{name}_id" if name == "balancing_test" else name)
    }
    test = ground.balancing_test if ground.basis == Basis.LEGITIMATE_INTEREST else None
    if test and test.dated > ground.valid_from:
        errors["balancing_test"] = _("The balancing test must be dated before the processing starts.")
    if test and test.outcome != test.Outcome.PREVAILS:
        errors["balancing_test"] = _("This balancing test came out against us: it carries no ground.")
    if ground.valid_until:
        longest = last_day(ground.valid_from, ground.purpose.retention_months)
        if ground.valid_until < ground.valid_from:
            errors["valid_until"] = _("The end must not come before the start.")
        elif ground.valid_until > longest and ground.purpose.start_event == "collected":
            errors["valid_until"] = _("The purpose allows a shorter period.")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def open_ground(*, contact: Contact, purpose: Purpose, actor: User | None, **values: Any) -> LegalGround:
    """Record a ground on the card. Raises ValidationError as `build_ground`."""
    ground = build_ground(contact=contact, purpose=purpose, actor=actor, **values)
    ground.save(force_insert=True)
    record(
        "ground.opened",
        actor=actor,
        contact_id=contact.pk,
        target=ground,
        detail={"purpose": purpose.slug, "basis": str(ground.basis)},
    )
    return ground


@transaction.atomic
def end_ground(*, ground: LegalGround, reason: str, actor: User | None, at: dt.datetime | None = None) -> LegalGround:
    """End a ground and say why. Ending one that has ended changes nothing."""
    if ground.ended_at is None:
        ground.ended_at = at or timezone.now()
        ground.end_reason = reason
        ground.save(update_fields=["ended_at", "end_reason"])
        record(
            "ground.ended",
            actor=actor,
            contact_id=ground.subject.contact_id,
            target=ground,
            detail={"reason": str(reason)},
        )
    return ground


@transaction.atomic
def prolong_ground(*, ground: LegalGround, valid_until: dt.date, actor: User) -> LegalGround:
    """Move the end of a ground that still stands, within what its purpose allows."""
    ground.valid_until = valid_until
    check_ground(ground)
    ground.save(update_fields=["valid_until"])
    record("ground.prolonged", actor=actor, contact_id=ground.subject.contact_id, target=ground, fields=["valid_until"])
    return ground
