"""Writes of the breach register: record, assess, note what was sent, close (Art. 33, 34)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.services import record
from consents.periods import add_months
from gdpr_requests.breaches.clock import end_of_clock, watch_one
from gdpr_requests.models import Breach, BreachCounter
from privacy.keys import new_subject_key
from privacy.models import SubjectKey

if TYPE_CHECKING:
    from accounts.models import User

Decision, PeopleDecision, Risk = Breach.Decision, Breach.PeopleDecision, Breach.Risk


@transaction.atomic
def record_breach(*, values: Mapping[str, Any], actor: User | None) -> Breach:
    """Enter a breach into the register and start its 72 hours; `values` are fields of Breach.

    Raises ValidationError as `change_breach`.
    """
    pk = uuid.uuid4()
    key = new_subject_key(subject_id=pk, retention_class=SubjectKey.RetentionClass.PROOF)
    breach = Breach(pk=pk, key=key, recorded_by_id=actor.pk if actor else None, **values)
    _check_times(breach)
    breach.notify_by = end_of_clock(breach.became_aware_at)
    breach.number = _next_number(timezone.localdate().year)
    breach.save(force_insert=True)
    record("breach.recorded", actor=actor, target=breach)
    watch_one(breach.pk, timezone.now())
    return breach


@transaction.atomic
def change_breach(*, breach: Breach, values: Mapping[str, Any], actor: User | None) -> Breach:
    """Write what became known since: facts, effects, remedy, numbers. Moves the clock with `became_aware_at`.

    Raises ValidationError where the entry is closed, or a moment is out of order.
    """
    breach, changed = _write(breach, values)
    record("breach.changed", actor=actor, target=breach, fields=changed)
    return breach


@transaction.atomic
def assess_breach(*, breach: Breach, values: Mapping[str, Any], actor: User | None) -> Breach:
    """Say how high the risk is and why, whether the authority is notified and why, and what becomes of the people.

    `values`: `risk`, `risk_reason`, `decision`, `decision_reason`, `people_decision`. Raises ValidationError, by field.
    """
    breach, changed = _write(breach, values)
    detail = {
        "risk": breach.risk or "open",
        "decision": breach.decision or "open",
        "people_decision": breach.people_decision or "open",
    }
    record("breach.assessed", actor=actor, target=breach, fields=changed, detail=detail)
    return breach


@transaction.atomic
def note_notified(
    *, breach: Breach, at: dt.datetime, actor: User | None, reference: str = "", delay_reason: str = ""
) -> Breach:
    """Note that the authority was notified. After the 72 hours it needs the reasons for the delay (Art. 33(1)).

    Raises ValidationError, by field.
    """
    values = {"authority_notified_at": at, "authority_reference": reference, "delay_reason": delay_reason}
    breach, changed = _write(breach, values)
    detail = {"late": int(at > breach.notify_by)}
    record("breach.authority_notified", actor=actor, target=breach, fields=changed, detail=detail)
    return breach


@transaction.atomic
def note_told(*, breach: Breach, at: dt.datetime, actor: User | None) -> Breach:
    """Note that the people were told (Art. 34); it is also noted with each contact found. Raises ValidationError."""
    breach, changed = _write(breach, {"people_notified_at": at})
    record("breach.people_told", actor=actor, target=breach, fields=changed)
    breach.affected.filter(told_at__isnull=True).update(told_at=at)
    return breach


@transaction.atomic
def close_breach(*, breach: Breach, actor: User | None) -> Breach:
    """Close the entry; from now its own time runs. Raises ValidationError that names everything still missing."""
    breach = _locked(breach)
    if not breach.is_open:
        return breach
    if lacking := missing(breach):
        raise ValidationError([gettext("Still missing: %(what)s") % {"what": what} for what in lacking])
    breach.state, breach.closed_at = Breach.State.CLOSED, timezone.now()
    breach.ends_on = add_months(timezone.localdate(), 12 * settings.BREACH_REGISTER_YEARS)
    breach.save(update_fields=["state", "closed_at", "ends_on"])
    record("breach.closed", actor=actor, target=breach)
    watch_one(breach.pk, timezone.now())
    return breach


@transaction.atomic
def reopen_breach(*, breach: Breach, actor: User | None) -> Breach:
    """Open a closed entry again: something more became known."""
    breach = _locked(breach)
    if breach.is_open:
        return breach
    breach.state, breach.closed_at, breach.ends_on = Breach.State.OPEN, None, None
    breach.save(update_fields=["state", "closed_at", "ends_on"])
    record("breach.reopened", actor=actor, target=breach)
    watch_one(breach.pk, timezone.now())
    return breach


@transaction.atomic
def end_old(on: dt.date | None = None) -> int:
    """Delete the entries whose own time is over, with their keys; returns how many."""
    ended = list(Breach.objects.ended(on).values_list("pk", flat=True))
    for breach in Breach.objects.filter(pk__in=ended):
        breach.delete()
    SubjectKey.objects.filter(subject_id__in=ended).delete()
    if ended:
        record("breach.ended", actor=None, detail={"count": len(ended)})
    return len(ended)


def missing(breach: Breach) -> list[str]:
    """What the entry still lacks before it may be closed, in words."""
    told = breach.people_decision in (PeopleDecision.TELL, PeopleDecision.PUBLIC)
    needs = {
        gettext("the effects"): not breach.effects,
        gettext("the remedy"): not breach.remedy,
        gettext("how high the risk is"): not breach.risk,
        gettext("the decision about the authority, with its reasons"): not breach.decision,
        gettext("when the authority was notified"): breach.decision == Decision.NOTIFY
        and not breach.authority_notified_at,
        gettext("what becomes of the people"): breach.risk == Risk.HIGH and not breach.people_decision,
        gettext("when the people were told"): told and not breach.people_notified_at,
    }
    return [what for what, is_missing in needs.items() if is_missing]


def _write(breach: Breach, values: Mapping[str, Any]) -> tuple[Breach, list[str]]:
    """The entry with the values, saved, and the names of those that changed; its tasks follow."""
    breach = _locked(breach)
    if not breach.is_open:
        raise ValidationError(_("This breach is closed. Open it again to write more."), code="closed")
    changed = [name for name, value in values.items() if getattr(breach, name) != value]
    for name in changed:
        setattr(breach, name, values[name])
    breach.notify_by = end_of_clock(breach.became_aware_at)
    _check_times(breach)
    _check_decisions(breach)
    breach.save()
    watch_one(breach.pk, timezone.now())
    return breach, changed


def _check_times(breach: Breach) -> None:
    errors: dict[str, Any] = {}
    now, aware = timezone.now(), breach.became_aware_at
    for name in ("became_aware_at", "happened_from", "happened_until", "authority_notified_at", "people_notified_at"):
        if (at := getattr(breach, name)) and at > now:
            errors[name] = _("This has not happened yet.")
    if breach.happened_from and breach.happened_until and breach.happened_until < breach.happened_from:
        errors["happened_until"] = _("The end must not come before the start.")
    if breach.happened_from and breach.happened_from > aware:
        errors["became_aware_at"] = _("Nobody can know of it before it happened.")
    for name in ("authority_notified_at", "people_notified_at"):
        if (at := getattr(breach, name)) and at < aware:
            errors[name] = _("This comes before anybody knew of the breach.")
    late = breach.authority_notified_at and breach.authority_notified_at > end_of_clock(aware)
    if late and not breach.delay_reason:
        errors["delay_reason"] = _("After 72 hours the authority must read the reasons for the delay (Art. 33(1)).")
    if errors:
        raise ValidationError(errors)


def _check_decisions(breach: Breach) -> None:
    errors: dict[str, Any] = {}
    if breach.risk and not breach.risk_reason:
        errors["risk_reason"] = _("Say why.")
    if breach.decision and not breach.decision_reason:
        errors["decision_reason"] = _("Say why.")
    if breach.decision == Decision.NONE and breach.risk != Risk.NONE:
        errors["decision"] = _("Only where a risk is unlikely may the authority be left out (Art. 33(1)).")
    elif breach.decision == Decision.NONE and breach.authority_notified_at:
        errors["decision"] = _("The authority has been notified already.")
    if breach.people_decision == PeopleDecision.NOT_HIGH and breach.risk == Risk.HIGH:
        errors["people_decision"] = _(
            "The risk is high: the people are told, or another exception of Art. 34(3) applies."
        )
    if errors:
        raise ValidationError(errors)


def _locked(breach: Breach) -> Breach:
    return Breach.objects.select_for_update().get(pk=breach.pk)


def _next_number(year: int) -> str:
    """„P-2026-000001“. Locks the counter until the transaction ends."""
    BreachCounter.objects.get_or_create(year=year)
    counter = BreachCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"P-{year}-{counter.last:06d}"
