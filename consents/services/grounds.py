"""Opening and ending legal grounds (Art. 6). The form asks for what each basis demands; the database insists."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import Row, record, record_many
from consents.models import Basis, EndReason, LegalGround, Method, Purpose, StartEvent
from consents.services.start_events import counted_end, end_errors, last_contact_of
from contacts.models import Contact
from contacts.services.door import enter
from tasks.models import Task
from tasks.services import finish_tasks, finish_tasks_about

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
    ground = LegalGround(
        key=contact.key,
        subject_id=subject_id or contact.subject_id,
        purpose=purpose,
        created_by=actor,
        **{**defaults, **{name: value for name, value in values.items() if value not in (None, "")}},
    )
    if purpose.basis != Basis.CONSENT:
        counted = counted_end(ground)
        ground.has_own_end = ground.valid_until not in (None, counted)
        ground.valid_until = ground.valid_until or counted
    if ground.balancing_test is not None:
        # Of a test with several versions the one that was in force when the processing started.
        ground.balancing_test = ground.balancing_test.version_of(ground.valid_from)
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
    errors |= end_errors(ground)
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def open_ground(*, contact: Contact, purpose: Purpose, actor: User | None, **values: Any) -> LegalGround:
    """Record a ground on the card. Raises ValidationError as `build_ground`."""
    enter(contact, actor)
    if purpose.start_event == StartEvent.LAST_CONTACT:
        since = values.get("valid_from") or timezone.localdate()
        last = last_contact_of(contact.pk)
        values["event_on"] = last if last and last > since else None
    ground = build_ground(contact=contact, purpose=purpose, actor=actor, **values)
    ground.save(force_insert=True)
    record(
        "ground.opened",
        actor=actor,
        contact_id=contact.pk,
        target=ground,
        detail={"purpose": purpose.slug, "basis": str(ground.basis)},
    )
    withdraw_proposals([contact.pk], actor=actor)
    return ground


def withdraw_proposals(contact_ids: Collection[uuid.UUID], *, actor: User | None) -> int:
    """Close the proposals to erase these cards where a ground stands again."""
    covered = Exists(LegalGround.objects.open().filter(subject__contact=OuterRef("contact")))
    proposals = Task.objects.open().filter(kind=Task.Kind.NO_GROUND, contact_id__in=list(contact_ids))
    return finish_tasks(proposals.filter(covered), outcome=Task.Outcome.CANCELLED, actor=actor)


@transaction.atomic
def end_ground(*, ground: LegalGround, reason: str, actor: User | None, at: dt.datetime | None = None) -> LegalGround:
    """End a ground, say why, and close the tasks about it. Ending one that has ended changes nothing.

    Raises ValidationError for a legal obligation before its last day: only a mistake or another ground ends it early.
    """
    if is_owed_to_law(ground) and reason in (EndReason.NO_LONGER_NEEDED, EndReason.OBJECTION):
        raise ValidationError(
            _("The law demands these data until %(day)s."), code="law", params={"day": ground.valid_until}
        )
    end_grounds([ground], reason=reason, actor=actor, at=at)
    ground.refresh_from_db(fields=["ended_at", "end_reason"])
    return ground


def is_owed_to_law(ground: LegalGround) -> bool:
    """Whether a legal obligation still stands on the ground: nobody's wish ends it (Art. 17(3)(b))."""
    is_duty = ground.basis == Basis.LEGAL_OBLIGATION and ground.ended_at is None
    return is_duty and ground.valid_until is not None and ground.valid_until >= timezone.localdate()


@transaction.atomic
def end_grounds(
    grounds: Sequence[LegalGround], *, reason: str, actor: User | None, at: dt.datetime | None = None
) -> int:
    """End those of the grounds that still stand, at the given moment (now by default); returns how many.

    The grounds come with their subject. Each is recorded, and the tasks about it are closed.
    """
    rows = LegalGround.objects.filter(pk__in=[ground.pk for ground in grounds], ended_at__isnull=True)
    standing = set(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    LegalGround.objects.filter(pk__in=standing).update(ended_at=at or timezone.now(), end_reason=reason)
    ended = [ground for ground in grounds if ground.pk in standing]
    detail = {"reason": str(reason)}
    events = [Row(contact_id=ground.subject.contact_id, target=ground, detail=detail) for ground in ended]
    record_many("ground.ended", actor=actor, rows=events)
    finish_tasks(Task.objects.filter(about_id__in=standing), outcome=Task.Outcome.ENDED, actor=actor)
    return len(ended)


@transaction.atomic
def prolong_ground(*, ground: LegalGround, valid_until: dt.date, actor: User) -> LegalGround:
    """Move the end of a ground that still stands, within what its purpose allows; its tasks are closed as renewed."""
    enter(Contact.objects.get(subjects=ground.subject_id), actor)
    ground = (
        LegalGround.objects.select_related("subject", "purpose", "balancing_test").select_for_update().get(pk=ground.pk)
    )
    if ground.ended_at is not None:
        raise ValidationError(_("This ground has ended: record a new one."), code="ended")
    ground.valid_until = valid_until
    ground.has_own_end = valid_until != counted_end(ground)
    check_ground(ground)
    ground.save(update_fields=["valid_until", "has_own_end"])
    record("ground.prolonged", actor=actor, contact_id=ground.subject.contact_id, target=ground, fields=["valid_until"])
    finish_tasks_about(about_id=ground.pk, outcome=Task.Outcome.RENEWED, actor=actor)
    return ground
