"""The ground of a whole batch, kept as JSON between the decision and the run."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from consents.models import BalancingTest, Basis, LegalGround, Method, NoticeVersion, Purpose
from consents.periods import add_months
from consents.services.grounds import check_ground
from consents.services.ledger import Evidence
from contacts.models import Source
from intake.models import ImportBatch
from intake.services import NewGround
from privacy.keys import subject_key_for
from tasks.models import Task
from tasks.services import HOUSE, create_tasks


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """The cleaned fields of a form as JSON can hold them."""
    return {name: _plain(value) for name, value in values.items() if value not in (None, "")}


def _plain(value: Any) -> Any:
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, (BalancingTest, NoticeVersion)):
        return str(value.pk)
    return value


def ground_of(batch: ImportBatch) -> NewGround:
    """What the batch's contacts stand on. A consent without evidence for the row is weak (Art. 7(1))."""
    assert batch.purpose is not None  # noqa: S101 - a batch in the queue has a purpose
    values = dict(batch.ground or {})
    for name in ("valid_from", "valid_until", "occurred_on"):
        if values.get(name):
            values[name] = dt.date.fromisoformat(values[name])
    if batch.purpose.basis == Basis.CONSENT:
        day = values.get("occurred_on") or timezone.localdate()
        when = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
        return NewGround(
            purpose=batch.purpose,
            evidence=Evidence(method=Method.IMPORT, reference=values.get("reference", ""), is_weak=True),
            consent={
                "channel": values.get("channel", "any"),
                "occurred_at": min(when, timezone.now()),
                "valid_until": values.get("valid_until"),
            },
        )
    if values.get("balancing_test"):
        values["balancing_test_id"] = uuid.UUID(values.pop("balancing_test"))
    return NewGround(purpose=batch.purpose, values={"method": Method.IMPORT, **values})


def plan_information(batch: ImportBatch) -> None:
    """Data that did not come from the people: one task for the batch to inform them within a month (Art. 14(3)(a))."""
    if batch.source not in Source.indirect() or not batch.created_count:
        return
    day = add_months(timezone.localdate(), 1)
    assignee = batch.owner_id or batch.created_by_id
    create_tasks(
        [
            Task(
                key=subject_key_for(subject_id=HOUSE),
                kind=Task.Kind.INFORM,
                label=batch.purpose.name if batch.purpose else "",
                about_id=batch.pk,
                assignee_id=assignee,
                due_on=day,
                not_after=day,
                period_key=f"inform:batch:{batch.pk}",
                created_by=batch.created_by,
            )
        ],
        actor=batch.created_by,
    )


def check(purpose: Purpose, values: dict[str, Any], source: str) -> None:
    """Raise ValidationError now for what would stop the batch later."""
    if purpose.basis == Basis.CONSENT:
        return
    known = {name: value for name, value in values.items() if value not in (None, "")}
    check_ground(LegalGround(purpose=purpose, basis=purpose.basis, source=source, method=Method.IMPORT, **known))
