"""Objections (Art. 21): to marketing at once and for ever, to anything else halted until the balance is recorded."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import record
from consents.models import Basis, EndReason, EventKind, LegalGround, Method, Objection, Purpose
from consents.periods import add_months
from consents.services.evidence import seal_evidence
from consents.services.grounds import end_grounds
from consents.services.ledger import Evidence, record_event
from consents.services.orphans import propose_erasure
from contacts.models import Contact, Subject
from contacts.services.files import files_in_transaction
from tasks.assignees import privacy_officer
from tasks.models import Task
from tasks.services import create_tasks, finish_tasks_about

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User
    from consents.models import Consent

# What Art. 21(1) lets a person object to. A contract, a duty and a vital interest are not weighed; a consent is
# withdrawn.
WEIGHED = frozenset({Basis.LEGITIMATE_INTEREST, Basis.PUBLIC_TASK})


@transaction.atomic
def object_to_marketing(
    *,
    contact: Contact,
    actor: User | None,
    purpose: Purpose | None = None,
    method: str = Method.IN_PERSON,
    reference: str = "",
    occurred_at: dt.datetime | None = None,
) -> Consent:
    """Record an objection to marketing: absolute and at once, for every marketing purpose (Art. 21(2), (3)).

    `purpose` is the one the person spoke of, any of the marketing ones by default. Raises Purpose.DoesNotExist where
    the company has none.
    """
    named = purpose or Purpose.objects.filter(is_marketing=True).order_by("-is_active", "name").first()
    if named is None:
        raise Purpose.DoesNotExist
    return record_event(
        contact=contact,
        purpose=named,
        kind=EventKind.OBJECTED,
        evidence=Evidence(method=method, reference=reference),
        actor=actor,
        occurred_at=occurred_at,
    )


def may_be_objected_to(contact: Contact) -> list[Purpose]:
    """The purposes of the card that the person may object to and has not: those that rest on a weighing."""
    grounds = LegalGround.objects.open().filter(subject__contact=contact, basis__in=WEIGHED, halted_at__isnull=True)
    rows = grounds.filter(purpose__is_marketing=False).select_related("purpose").order_by("purpose__name")
    return list(dict.fromkeys(ground.purpose for ground in rows))


@files_in_transaction()
def object_to_processing(
    *,
    contact: Contact,
    purpose: Purpose,
    reason: str,
    actor: User | None,
    method: str = Method.IN_PERSON,
    reference: str = "",
    file: UploadedFile[Any] | None = None,
    occurred_at: dt.datetime | None = None,
    request_id: uuid.UUID | None = None,
) -> Objection:
    """Record an objection to a processing other than marketing: it is halted at once, and the officer gets the task.

    A second objection while the first is weighed is the same one. Raises ValidationError where the purpose rests on
    something that Art. 21 is not about.
    """
    if purpose.is_marketing or purpose.basis not in WEIGHED:
        raise ValidationError(_("This processing rests on something that is not weighed against an objection."))
    consent = record_event(
        contact=contact,
        purpose=purpose,
        kind=EventKind.OBJECTED,
        evidence=seal_evidence(contact=contact, actor=actor, method=method, reference=reference, file=file),
        actor=actor,
        occurred_at=occurred_at,
    )
    LegalGround.objects.filter(subject__contact=contact, purpose=purpose, ended_at__isnull=True).update(
        halted_at=timezone.now()
    )
    open_one = Objection.objects.filter(subject__contact=contact, purpose=purpose, outcome="").first()
    if open_one is not None:
        return open_one
    objection = Objection.objects.create(
        key=contact.key,
        subject_id=consent.subject_id,
        purpose=purpose,
        event_id=consent.last_event_id,
        request_id=request_id,
        reason=reason,
        raised_at=occurred_at or timezone.now(),
        recorded_by_id=actor.pk if actor else None,
    )
    detail = {"purpose": purpose.slug}
    record("objection.raised", actor=actor, contact_id=contact.pk, target=objection, detail=detail)
    _plan_balance(contact, objection, actor)
    return objection


def _plan_balance(contact: Contact, objection: Objection, actor: User | None) -> None:
    """The officer weighs it; the person is owed an answer within a month (Art. 12(3))."""
    day = add_months(timezone.localdate(objection.raised_at), 1)
    task = Task(
        key=contact.key,
        contact=contact,
        kind=Task.Kind.WEIGH,
        label=objection.purpose.name,
        about_id=objection.pk,
        assignee=privacy_officer(),
        due_on=day,
        not_after=day,
        period_key=f"weigh:{objection.pk}",
        created_by=actor,
    )
    create_tasks([task], actor=actor)


@transaction.atomic
def decide_objection(*, objection: Objection, outcome: str, decision: str, actor: User) -> Objection:
    """Record the balance: our compelling grounds prevail and the processing goes on, or it ends with its ground.

    Raises ValidationError for an objection that was decided before, and for a decision without its reasons.
    """
    contact = Contact.objects.get(subjects=objection.subject_id)
    # The subjects first, as every event locks them; then the row, so that two officers decide it once.
    list(Subject.objects.filter(contact=contact).order_by("pk").select_for_update())
    row = Objection.objects.select_for_update().get(pk=objection.pk)
    if not row.is_open:
        raise ValidationError(_("This objection was decided before."), code="decided")
    if not decision.strip():
        raise ValidationError(_("Say why: the person and the authority will ask."), code="reasons")
    row.outcome, row.decision = Objection.Outcome(outcome), decision
    row.decided_at, row.decided_by_id = timezone.now(), actor.pk
    row.save(update_fields=["outcome", "decision", "decided_at", "decided_by_id"])
    grounds = LegalGround.objects.filter(subject__contact=contact, purpose_id=row.purpose_id, ended_at__isnull=True)
    if row.outcome == Objection.Outcome.COMPELLING:
        _go_on(contact, row, actor)
        grounds.update(halted_at=None)
    else:
        end_grounds(list(grounds.select_related("subject")), reason=EndReason.OBJECTION, actor=actor)
        propose_erasure([contact.pk], actor=actor)
    record("objection.decided", actor=actor, contact_id=contact.pk, target=row, detail={"outcome": str(row.outcome)})
    finish_tasks_about(about_id=row.pk, outcome=Task.Outcome.DONE, actor=actor)
    return row


def _go_on(contact: Contact, objection: Objection, actor: User) -> None:
    """Every word against the purpose is answered, on whichever subject of the card it stands."""
    purpose = Purpose.objects.get(pk=objection.purpose_id)
    for consent in purpose.consents.filter(subject__contact=contact, objected_at__isnull=False).order_by("pk"):
        record_event(
            contact=contact,
            purpose=purpose,
            kind=EventKind.OVERRULED,
            evidence=Evidence(method=Method.SYSTEM),
            actor=actor,
            channel=consent.channel,
            subject_id=consent.subject_id,
        )
