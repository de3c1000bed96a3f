"""law.md on objections (Art. 21), withdrawals of one address, and what staff may not undo."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from consents import projection
from consents.gate import may_contact
from consents.models import Channel, Consent, ConsentEvent, EndReason, EventKind, LegalGround, Method, Objection
from consents.rules import Rule
from consents.scan import scan
from consents.services.grounds import open_ground
from consents.services.ledger import Evidence, give, record_event, withdraw
from consents.services.objections import (
    decide_objection,
    may_be_objected_to,
    object_to_marketing,
    object_to_processing,
)
from consents.verify import verify_consents
from contacts.models import EmailAddress, Source, StoredFile
from intake.services import NewGround
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db

OPT_IN = Evidence(method=Method.WEB_FORM, reference="double opt-in")
Outcome = Objection.Outcome


def rule(contact, address, slug, **more):
    return may_contact(contact, address, make.purpose(slug), **more).rule


def second_address(contact) -> str:
    EmailAddress.objects.create(key=contact.key, contact=contact, value="druha@drevo.example", source=Source.PERSON)
    return "druha@drevo.example"


# --- consent: withdrawn address by address ----------------------------------------------------------------------------


def named_withdrawal(petra: User):
    jana = make.contact(petra, ground=make.consent_ground())
    second_address(jana)
    record_event(
        contact=jana,
        purpose=make.purpose("newsletter"),
        kind=EventKind.WITHDRAWN,
        evidence=make.PAPER,
        actor=petra,
        address="jana@drevo.example",
    )
    return jana


def test_a_general_consent_does_not_lift_what_was_withdrawn_for_one_address(petra: User) -> None:
    jana = named_withdrawal(petra)
    give(contact=jana, purpose=make.purpose("newsletter"), evidence=make.PAPER, actor=petra)
    assert rule(jana, "jana@drevo.example", "newsletter") == Rule.SUPPRESSED
    assert rule(jana, "druha@drevo.example", "newsletter") == Rule.CONSENT


def test_a_consent_for_that_address_lifts_it(petra: User) -> None:
    jana = named_withdrawal(petra)
    newsletter = make.purpose("newsletter")
    give(contact=jana, purpose=newsletter, evidence=make.PAPER, actor=petra, address="jana@drevo.example")
    assert rule(jana, "jana@drevo.example", "newsletter") == Rule.CONSENT


def test_the_persons_own_confirmed_opt_in_lifts_it(petra: User) -> None:
    jana = named_withdrawal(petra)
    newsletter = make.purpose("newsletter")
    record_event(contact=jana, purpose=newsletter, kind=EventKind.CONFIRMED, evidence=OPT_IN, actor=None)
    assert rule(jana, "jana@drevo.example", "newsletter") == Rule.CONSENT


def test_a_general_withdrawal_said_again_of_one_address_is_named_from_then_on(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    newsletter = make.purpose("newsletter")
    withdraw(contact=jana, purpose=newsletter, actor=petra)
    record_event(
        contact=jana,
        purpose=newsletter,
        kind=EventKind.WITHDRAWN,
        evidence=make.PAPER,
        actor=petra,
        address="JANA@drevo.example",
    )
    give(contact=jana, purpose=newsletter, evidence=make.PAPER, actor=petra)
    assert rule(jana, None, "newsletter") == Rule.SUPPRESSED


def test_asking_again_does_not_undo_a_withdrawal_of_every_channel(petra: User) -> None:
    jana = make.contact(petra, email="jana@drevo.example", ground=make.consent_ground(channel=Channel.EMAIL))
    newsletter = make.purpose("newsletter")
    withdraw(contact=jana, purpose=newsletter, actor=petra)
    new = second_address(jana)
    record_event(
        contact=jana,
        purpose=newsletter,
        kind=EventKind.REQUESTED,
        evidence=make.PAPER,
        actor=petra,
        channel=Channel.EMAIL,
    )
    assert rule(jana, new, "newsletter") == Rule.WITHDRAWN


# --- objection to marketing: absolute and immediate -------------------------------------------------------------------


def test_objection_to_marketing_takes_every_marketing_consent_ground_and_task_in_one_transaction(petra: User) -> None:
    jana = make.contact(petra, source=Source.SALE, ground=make.consent_ground(days=20))
    open_ground(contact=jana, purpose=make.purpose("contract"), actor=petra, reference="S-1")
    open_ground(contact=jana, purpose=make.purpose("existing-customer"), actor=petra)
    make.new_purpose("gazette", is_marketing=True, channels=["email"])
    give(contact=jana, purpose=make.purpose("gazette"), evidence=make.PAPER, actor=petra)
    scan()
    renewals = Task.objects.open().filter(kind=Task.Kind.RENEW_CONSENT)
    assert (renewals.count(), rule(jana, None, "existing-customer")) == (1, Rule.EXISTING_CUSTOMER)
    object_to_marketing(contact=jana, actor=petra)
    assert {c.purpose.slug: c.state for c in Consent.objects.select_related("purpose")} == {
        "newsletter": "objected",
        "gazette": "objected",
    }
    assert renewals.count() == 0
    open_ones = LegalGround.objects.filter(ended_at__isnull=True)
    assert list(open_ones.values_list("purpose__slug", flat=True)) == ["contract"]
    answers = [rule(jana, None, slug) for slug in ("newsletter", "gazette", "existing-customer", "contract")]
    assert answers == [Rule.SUPPRESSED] * 3 + [Rule.CONTRACT]
    scan()
    assert renewals.count() == 0
    assert verify_consents().ok


def test_objection_to_marketing_holds_for_an_address_that_comes_later_whatever_staff_records(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    newsletter = make.purpose("newsletter")
    object_to_marketing(contact=jana, actor=petra, purpose=newsletter)
    give(contact=jana, purpose=newsletter, evidence=make.PAPER, actor=petra)
    new = second_address(jana)
    assert rule(jana, new, "newsletter") == Rule.OBJECTED


def test_objection_to_marketing_ends_with_the_persons_own_confirmed_opt_in_and_for_that_purpose_only(
    petra: User,
) -> None:
    make.new_purpose("gazette", is_marketing=True, channels=["email"])
    jana = make.contact(petra, ground=make.consent_ground())
    object_to_marketing(contact=jana, actor=petra)
    record_event(
        contact=jana, purpose=make.purpose("newsletter"), kind=EventKind.CONFIRMED, evidence=OPT_IN, actor=None
    )
    give(contact=jana, purpose=make.purpose("gazette"), evidence=make.PAPER, actor=petra)
    assert [rule(jana, None, slug) for slug in ("newsletter", "gazette")] == [Rule.CONSENT, Rule.OBJECTED]
    # Once taken back, the confirmation is no answer to the objection any more.
    withdraw(contact=jana, purpose=make.purpose("newsletter"), actor=petra)
    give(contact=jana, purpose=make.purpose("newsletter"), evidence=make.PAPER, actor=petra)
    assert rule(jana, None, "newsletter") == Rule.OBJECTED


def test_an_objection_is_rebuilt_from_the_events_to_the_same_rows(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    object_to_marketing(contact=jana, actor=petra)
    record_event(
        contact=jana, purpose=make.purpose("newsletter"), kind=EventKind.CONFIRMED, evidence=OPT_IN, actor=None
    )
    before = list(Consent.objects.order_by("pk").values())
    projection.rebuild([jana.subject_id])
    assert list(Consent.objects.order_by("pk").values()) == before


# --- any other objection: halted until the balance is recorded --------------------------------------------------------


def halted(petra: User, dpo: User, **more):
    jana = make.contact(petra, ground=NewGround(purpose=make.purpose("enquiry")))
    objection = object_to_processing(
        contact=jana, purpose=make.purpose("enquiry"), reason="Bývalý manžel u vás pracuje.", actor=petra, **more
    )
    return jana, objection


def test_objection_otherwise_halts_the_processing_and_gives_the_officer_the_task(petra: User, dpo: User) -> None:
    jana, objection = halted(petra, dpo)
    assert rule(jana, None, "enquiry") == Rule.HALTED
    assert LegalGround.objects.get().halted_at is not None
    task = Task.objects.get(kind=Task.Kind.WEIGH)
    assert (task.assignee, task.about_id, task.contact_id, task.is_ticked) == (dpo, objection.pk, jana.pk, False)
    assert task.due_on > timezone.localdate() + dt.timedelta(days=27)
    assert may_be_objected_to(jana) == []


def test_objection_otherwise_goes_on_only_after_compelling_grounds_are_recorded(petra: User, dpo: User) -> None:
    jana, objection = halted(petra, dpo)
    with pytest.raises(ValidationError):
        decide_objection(objection=objection, outcome=Outcome.COMPELLING, decision="  ", actor=dpo)
    assert rule(jana, None, "enquiry") == Rule.HALTED
    decide_objection(objection=objection, outcome=Outcome.COMPELLING, decision="Vede se o ni spor.", actor=dpo)
    assert rule(jana, None, "enquiry") == Rule.LEGITIMATE_INTEREST
    assert [e.kind for e in ConsentEvent.objects.order_by("sequence")] == [EventKind.OBJECTED, EventKind.OVERRULED]
    assert Task.objects.get(kind=Task.Kind.WEIGH).outcome == Task.Outcome.DONE
    with pytest.raises(ValidationError):
        decide_objection(objection=objection, outcome=Outcome.UPHELD, decision="Přece jen.", actor=dpo)


def test_objection_otherwise_upheld_ends_the_ground_and_proposes_erasure(petra: User, dpo: User) -> None:
    jana, objection = halted(petra, dpo)
    decide_objection(objection=objection, outcome=Outcome.UPHELD, decision="Zájem nepřevažuje.", actor=dpo)
    ground = LegalGround.objects.get()
    assert (ground.end_reason, ground.ended_at is not None) == (EndReason.OBJECTION, True)
    assert Task.objects.open().filter(kind=Task.Kind.NO_GROUND, contact=jana).count() == 1
    open_ground(contact=jana, purpose=make.purpose("enquiry"), actor=petra)
    assert rule(jana, None, "enquiry") == Rule.OBJECTED


def test_objection_otherwise_leaves_the_address_open_to_other_messages(petra: User, dpo: User) -> None:
    jana, _objection = halted(petra, dpo)
    open_ground(contact=jana, purpose=make.purpose("contract"), actor=petra, reference="S-1")
    assert rule(jana, None, "contract") == Rule.CONTRACT


def test_objection_said_twice_is_weighed_once(petra: User, dpo: User) -> None:
    jana, first = halted(petra, dpo)
    second = object_to_processing(contact=jana, purpose=make.purpose("enquiry"), reason="", actor=petra)
    assert (second.pk, Task.objects.filter(kind=Task.Kind.WEIGH).count()) == (first.pk, 1)


def test_nobody_objects_to_a_contract_a_duty_or_a_consent(petra: User) -> None:
    jana = make.contact(petra)
    for slug in ("contract", "accounting", "recruitment", "newsletter"):
        with pytest.raises(ValidationError):
            object_to_processing(contact=jana, purpose=make.purpose(slug), reason="", actor=petra)


def test_the_audit_of_an_objection_holds_no_word_of_the_person(petra: User, dpo: User) -> None:
    _jana, objection = halted(petra, dpo)
    decide_objection(objection=objection, outcome=Outcome.UPHELD, decision="Zájem nepřevažuje.", actor=dpo)
    events = AuditEvent.objects.filter(action__startswith="objection.").order_by("pk")
    assert [(e.action, e.detail) for e in events] == [
        ("objection.raised", {"purpose": "enquiry"}),
        ("objection.decided", {"outcome": "upheld"}),
    ]


# --- pages ------------------------------------------------------------------------------------------------------------


def said(**more: str) -> dict[str, str]:
    return {"method": "email", "occurred_on": timezone.localdate().isoformat(), **more}


def test_an_objection_is_noted_and_weighed_on_two_pages(petra: User, dpo: User, client_of) -> None:
    jana = make.contact(petra, ground=NewGround(purpose=make.purpose("enquiry")))
    page = reverse("consents:object", args=[jana.pk])
    answer = client_of(petra).post(page, said(about="enquiry", reason="Nechci."))
    assert (answer.status_code, rule(jana, None, "enquiry")) == (302, Rule.HALTED)
    assert "halted: the person objected" in client_of(petra).get(jana.get_absolute_url()).content.decode()
    objection = Objection.objects.get()
    browser = client_of(dpo)
    assert reverse("consents:weigh", args=[objection.pk]) in browser.get(reverse("tasks:list")).content.decode()
    assert "Nováková" in browser.get(reverse("consents:objections")).content.decode()
    weigh = reverse("consents:weigh", args=[objection.pk])
    assert browser.post(weigh, {"outcome": "compelling", "decision": ""}).status_code == 422
    assert browser.post(weigh, {"outcome": "compelling", "decision": "Vede se spor."}).status_code == 302
    assert rule(jana, None, "enquiry") == Rule.LEGITIMATE_INTEREST
    assert "Vede se spor." in browser.get(weigh).content.decode()
    assert browser.post(weigh, {"outcome": "upheld", "decision": "Přece jen."}).status_code == 422


def test_an_objection_to_marketing_keeps_its_evidence_file(petra: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    letter = SimpleUploadedFile("dopis.pdf", b"%PDF-1.4 x")
    page = reverse("consents:object", args=[jana.pk])
    assert client_of(petra).post(page, {**said(), "file": letter}).status_code == 302
    assert rule(jana, None, "newsletter") == Rule.SUPPRESSED
    events = ConsentEvent.objects.filter(kind=EventKind.OBJECTED).values_list("evidence_file_id", "method")
    assert set(events) == {(StoredFile.objects.get().pk, Method.EMAIL)}


def test_withdrawal_takes_no_more_steps_than_giving(petra: User, client_of) -> None:
    """Art. 7(3): from the card one page and one button; giving takes the choice of a purpose, a page and a button."""
    jana = make.contact(petra, ground=make.consent_ground())
    consent = Consent.objects.get()
    browser = client_of(petra)
    withdraw_page = reverse("consents:withdraw", args=[consent.pk])
    assert withdraw_page in browser.get(jana.get_absolute_url()).content.decode()
    asked = {name for name, field in browser.get(withdraw_page).context["form"].fields.items() if field.required}
    giving = browser.get(reverse("consents:record", args=[jana.pk]), {"purpose": "newsletter"}).context["form"]
    assert asked <= {name for name, field in giving.fields.items() if field.required}
    assert browser.post(withdraw_page, said()).status_code == 302
    assert rule(jana, None, "newsletter") == Rule.SUPPRESSED
