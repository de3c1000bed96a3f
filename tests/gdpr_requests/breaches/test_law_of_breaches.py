"""Art. 33 and 34: every breach recorded; facts, effects, remedy; 72 hours; the affected contacts; the people told."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from audit.models import AuditEvent
from gdpr_requests.breaches import services
from gdpr_requests.breaches.clock import end_of_clock, watch
from gdpr_requests.models import Breach
from privacy.models import SubjectKey
from tasks.models import Task

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DECIDED = {
    "risk": "none",
    "risk_reason": "Disk je zašifrovaný.",
    "decision": "none",
    "decision_reason": "Riziko je nepravděpodobné.",
    "people_decision": "encrypted",
}
HIGH = {
    "risk": "high",
    "risk_reason": "Zdravotní údaje.",
    "decision": "notify",
    "decision_reason": "Art. 33.",
    "people_decision": "tell",
}


def open_tasks(kind: str = "") -> list[tuple[str, str, dt.date]]:
    tasks = Task.objects.open().filter(kind__startswith="breach")
    tasks = tasks.filter(kind=kind) if kind else tasks
    return [(t.kind, str(t.assignee), t.due_on) for t in tasks.order_by("kind")]


def made(kind: str) -> int:
    return Task.objects.filter(kind=kind).count()


def test_every_breach_is_recorded_with_facts_effects_and_remedy(breach_of, dpo):
    breach = breach_of()
    services.change_breach(
        breach=breach, values={"effects": "Někdo čte e-maily.", "remedy": "Vzdálené smazání."}, actor=dpo
    )
    found = Breach.objects.get(number=f"P-{timezone.localdate().year}-000001")
    assert (found.facts, found.effects, found.remedy, found.state) == (
        "Notebook Jany Kovářové zůstal ve vlaku.",
        "Někdo čte e-maily.",
        "Vzdálené smazání.",
        "open",
    )
    told = AuditEvent.objects.filter(action__startswith="breach.").order_by("pk")
    assert [(e.action, e.fields) for e in told] == [("breach.recorded", []), ("breach.changed", ["effects", "remedy"])]


def test_the_words_of_the_register_are_sealed_under_a_key_of_their_own(breach_of):
    breach = breach_of()
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, facts FROM gdpr_requests_breach")
        assert all("Notebook" not in value and "notebook" not in value for value in cursor.fetchone())
    assert SubjectKey.objects.get(pk=breach.key_id).subject_id == breach.pk


def test_the_clock_is_72_hours_from_becoming_aware(breach_of):
    aware = timezone.now() - 5 * HOUR
    assert breach_of(became_aware_at=aware).notify_by - aware == dt.timedelta(hours=72)


@pytest.mark.parametrize(
    ("aware", "over"),
    [
        # In the night of 25 October 2026 an hour comes twice, in that of 29 March an hour is missing.
        ("2026-10-23T12:00", "2026-10-26T11:00"),
        ("2026-03-27T12:00", "2026-03-30T13:00"),
        ("2026-11-20T17:00", "2026-11-23T17:00"),
    ],
)
def test_the_clock_counts_hours_whatever_summer_time_does(aware, over):
    prague = ZoneInfo("Europe/Prague")
    moment = dt.datetime.fromisoformat(aware).replace(tzinfo=prague)
    assert end_of_clock(moment).astimezone(prague).strftime("%Y-%m-%dT%H:%M") == over


def test_the_start_24_hours_before_and_the_end_each_make_exactly_one_task_for_the_dpo(breach_of, dpo):
    breach = breach_of()
    due = timezone.localdate(breach.notify_by)
    assert open_tasks() == [("breach", str(dpo), due)]
    for now, kind in (
        (breach.notify_by - 25 * HOUR, "breach"),
        (breach.notify_by - 24 * HOUR, "breach_soon"),
        (breach.notify_by - HOUR, "breach_soon"),
        (breach.notify_by, "breach_late"),
        (breach.notify_by + 100 * HOUR, "breach_late"),
    ):
        for _again in range(3):
            watch(now)
        assert open_tasks() == [(kind, str(dpo), due)]
    assert [made(kind) for kind in ("breach", "breach_soon", "breach_late")] == [1, 1, 1]


def test_a_watch_that_slept_makes_only_the_task_of_the_hour(breach_of):
    breach = breach_of()
    watch(breach.notify_by + HOUR)
    assert [made(kind) for kind in ("breach", "breach_soon", "breach_late")] == [1, 0, 1]


def test_a_corrected_hour_of_becoming_aware_moves_the_clock_and_its_task(breach_of, dpo):
    breach = breach_of()
    earlier = breach.became_aware_at - 48 * HOUR
    breach = services.change_breach(breach=breach, values={"became_aware_at": earlier}, actor=dpo)
    assert breach.notify_by == earlier + 72 * HOUR
    assert open_tasks() == [("breach_soon", str(dpo), timezone.localdate(breach.notify_by))]


def test_notifying_the_authority_stops_the_clock(breach_of, dpo):
    breach = breach_of()
    services.note_notified(breach=breach, at=timezone.now(), reference="UOOU-1/26", actor=dpo)
    watch(breach.notify_by + HOUR)
    assert open_tasks() == []
    assert Task.objects.get(kind="breach").outcome == "done"


def test_deciding_that_no_risk_is_likely_stops_the_clock(breach_of, dpo):
    breach = breach_of()
    services.assess_breach(breach=breach, values=DECIDED, actor=dpo)
    watch(breach.notify_by + HOUR)
    assert open_tasks() == []


def test_a_decision_taken_back_starts_the_tasks_again(breach_of, dpo):
    breach = breach_of()
    services.assess_breach(breach=breach, values=DECIDED, actor=dpo)
    services.assess_breach(breach=breach, values={**DECIDED, "risk": "risk", "decision": "notify"}, actor=dpo)
    assert [kind for kind, _who, _due in open_tasks()] == ["breach"]


def test_a_notification_after_72_hours_needs_the_reasons_for_the_delay(breach_of, dpo):
    breach = breach_of(became_aware_at=timezone.now() - 80 * HOUR)
    with pytest.raises(ValidationError) as refused:
        services.note_notified(breach=breach, at=timezone.now(), actor=dpo)
    assert list(refused.value.error_dict) == ["delay_reason"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(pk=breach.pk).update(authority_notified_at=timezone.now())
    services.note_notified(breach=breach, at=timezone.now(), delay_reason="Čekali jsme na dopravce.", actor=dpo)
    assert Breach.objects.get().delay_reason == "Čekali jsme na dopravce."
    late = AuditEvent.objects.get(action="breach.authority_notified")
    assert late.detail == {"late": 1}


def test_only_an_unlikely_risk_lets_the_authority_be_left_out(breach_of, dpo):
    breach = breach_of()
    for risk in ("", "risk", "high"):
        with pytest.raises(ValidationError):
            services.assess_breach(breach=breach, values={**DECIDED, "risk": risk}, actor=dpo)
    assert Breach.objects.get().decision == ""


def test_a_decision_without_reasons_is_refused(breach_of, dpo):
    with pytest.raises(ValidationError) as refused:
        services.assess_breach(breach=breach_of(), values={**HIGH, "decision_reason": "", "risk_reason": ""}, actor=dpo)
    assert sorted(refused.value.error_dict) == ["decision_reason", "risk_reason"]


def test_on_high_risk_a_task_says_that_the_people_are_told_too(breach_of, dpo):
    breach = breach_of()
    services.assess_breach(breach=breach, values=HIGH, actor=dpo)
    for _again in range(3):
        watch()
    assert [kind for kind, _who, _due in open_tasks("breach_people")] == ["breach_people"]
    services.note_told(breach=breach, at=timezone.now(), actor=dpo)
    watch()
    assert open_tasks("breach_people") == []
    assert Task.objects.get(kind="breach_people").outcome == "done"


def test_on_high_risk_not_telling_needs_an_exception_of_the_law(breach_of, dpo):
    breach = breach_of()
    with pytest.raises(ValidationError):
        services.assess_breach(breach=breach, values={**HIGH, "people_decision": "not_high"}, actor=dpo)
    services.assess_breach(breach=breach, values={**HIGH, "people_decision": "measures"}, actor=dpo)
    assert open_tasks("breach_people") == []


def test_closing_needs_effects_remedy_and_decision(breach_of, dpo, english):
    breach = breach_of()
    with pytest.raises(ValidationError) as refused:
        services.close_breach(breach=breach, actor=dpo)
    assert refused.value.messages == [
        "Still missing: the effects",
        "Still missing: the remedy",
        "Still missing: how high the risk is",
        "Still missing: the decision about the authority, with its reasons",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(pk=breach.pk).update(state="closed", closed_at=timezone.now(), ends_on="2040-01-01")
    services.change_breach(breach=breach, values={"effects": "Žádné.", "remedy": "Školení."}, actor=dpo)
    services.assess_breach(breach=breach, values=DECIDED, actor=dpo)
    assert services.close_breach(breach=breach, actor=dpo).state == "closed"
    with pytest.raises(ValidationError):
        services.change_breach(breach=breach, values={"remedy": "Nic."}, actor=dpo)


def test_an_entry_is_not_deleted_before_its_end(breach_of, dpo):
    breach = breach_of(effects="Žádné.", remedy="Školení.")
    services.assess_breach(breach=breach, values=DECIDED, actor=dpo)
    with pytest.raises(ProtectedError):
        breach.delete()
    breach = services.close_breach(breach=breach, actor=dpo)
    today = timezone.localdate()
    assert breach.ends_on in (today.replace(year=today.year + 5), dt.date(today.year + 5, 2, 28))
    for refused in (breach.delete, Breach.objects.all().delete):
        with pytest.raises(ProtectedError):
            refused()
    assert services.end_old(breach.ends_on) == 0
    assert Breach.objects.count() == 1


def test_an_entry_whose_time_is_over_goes_with_its_key(breach_of, dpo):
    breach = breach_of(effects="Žádné.", remedy="Školení.")
    services.assess_breach(breach=breach, values=DECIDED, actor=dpo)
    services.close_breach(breach=breach, actor=dpo)
    Breach.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert (services.end_old(), services.end_old()) == (1, 0)
    assert not SubjectKey.objects.filter(pk=breach.key_id).exists()
    assert breach_of().number.endswith("-000002"), "numbers are never given twice"
