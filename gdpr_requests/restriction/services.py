"""Placing a restriction, telling the person, and lifting it: in this order and never silently (Art. 18)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import record
from consents.models import Objection
from contacts.models import Contact
from contacts.services.index import reindex
from gdpr_requests.models import Letter, Restriction, RestrictionReason, ToldVia
from tasks.models import Task
from tasks.services import finish_tasks

if TYPE_CHECKING:
    from accounts.models import User

# What daily work would do with the card; what the person asked for goes on.
RESTING = (Task.Kind.RENEW_CONSENT, Task.Kind.GROUND_ENDING, Task.Kind.NO_GROUND, Task.Kind.ALREADY_HELD)


@transaction.atomic
def restrict(
    *,
    contact: Contact,
    reason: str,
    actor: User | None,
    note: str = "",
    request_id: uuid.UUID | None = None,
) -> Restriction:
    """Restrict the processing of a card: from now on it is stored and nothing else.

    `reason` is one of RestrictionReason, a letter of Art. 18(1). Names leave the search index, the tasks of daily work
    about the card are closed. Raises ValidationError for a card that is restricted, or gone, already.
    """
    locked = Contact.objects.select_for_update().filter(pk=contact.pk).first()
    if locked is None:
        raise ValidationError(_("One of the cards is no longer here."), code="gone")
    if Restriction.objects.filter(contact=locked, lifted_at__isnull=True).exists():
        raise ValidationError(_("Processing of this card is restricted already."), code="restricted")
    row = Restriction.objects.create(
        key=locked.key,
        contact=locked,
        reason=RestrictionReason(reason).value,
        note=note,
        request_id=request_id,
        placed_by_id=actor.pk if actor else None,
    )
    Contact.objects.filter(pk=locked.pk).update(restricted_at=row.placed_at)
    contact.restricted_at = locked.restricted_at = row.placed_at
    reindex([locked])
    resting = Task.objects.open().filter(contact=locked, kind__in=RESTING)
    finish_tasks(resting, outcome=Task.Outcome.CANCELLED, actor=actor)
    record("contact.restricted", actor=actor, contact_id=locked.pk, target=row, detail={"reason": str(row.reason)})
    return row


@transaction.atomic
def record_notice(
    *,
    restriction: Restriction,
    via: str,
    actor: User | None,
    told_on: dt.date | None = None,
    reference: str = "",
    letter_id: uuid.UUID | None = None,
) -> Restriction:
    """Record that the person was told, before the lifting, that the restriction ends (Art. 18(3)): who, when and how.

    Raises ValidationError for a day to come or before the restriction, and for one that was lifted.
    """
    row = _locked(restriction)
    day = told_on or timezone.localdate()
    if day > timezone.localdate() or day < row.since:
        raise ValidationError({"told_on": _("The day lies between the restriction and today.")})
    row.told_on, row.told_via, row.told_reference = day, ToldVia(via).value, reference
    row.told_letter_id, row.told_by_id, row.told_recorded_at = letter_id, actor.pk if actor else None, timezone.now()
    row.save(
        update_fields=["told_on", "told_via", "told_reference", "told_letter_id", "told_by_id", "told_recorded_at"]
    )
    detail = {"via": str(row.told_via)}
    record("contact.restriction_notified", actor=actor, contact_id=row.contact_id, target=row, detail=detail)
    return row


def note_letter_of_lift(*, letter: Letter, actor: User | None) -> None:
    """A letter that says so has left: the person is told of it, if the card is restricted at all."""
    row = Restriction.objects.filter(contact=letter.contact_id, lifted_at__isnull=True, told_recorded_at=None).first()
    if row is not None:
        record_notice(restriction=row, via=ToldVia.LETTER, actor=actor, letter_id=letter.pk)


@transaction.atomic
def lift(*, restriction: Restriction, actor: User) -> Restriction:
    """Lift a restriction of which the person was told before. Raises ValidationError where they were not.

    One that waits for the balance of an objection is not lifted before the balance is recorded (Art. 18(1)(d)).
    """
    row = _locked(restriction)
    if not row.is_told:
        raise ValidationError(_("Tell the person first that the restriction ends (Art. 18(3))."), code="untold")
    if (
        row.reason == RestrictionReason.OBJECTION
        and Objection.objects.filter(subject__contact=row.contact_id, outcome="").exists()
    ):
        raise ValidationError(_("The objection has not been weighed yet: record the balance first."), code="pending")
    row.lifted_at, row.lifted_by_id = timezone.now(), actor.pk
    row.save(update_fields=["lifted_at", "lifted_by_id"])
    contact = Contact.objects.select_for_update().get(pk=row.contact_id)
    Contact.objects.filter(pk=contact.pk).update(restricted_at=None)
    contact.restricted_at = None
    reindex([contact])
    record("contact.released", actor=actor, contact_id=contact.pk, target=row, detail={"reason": str(row.reason)})
    return row


def _locked(restriction: Restriction) -> Restriction:
    """The card first and then its restriction, as everybody locks them. Raises ValidationError for one that is over."""
    Contact.objects.select_for_update().filter(pk=restriction.contact_id).first()
    row: Restriction | None = Restriction.objects.select_for_update(of=("self",)).filter(pk=restriction.pk).first()
    if row is None or not row.is_open:
        raise ValidationError(_("This restriction has been lifted."), code="lifted")
    return row
