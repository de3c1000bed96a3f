"""The gate: who may be contacted, for what, and why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from consents.gate import may_contact, may_contact_each
from consents.models import Basis, Channel, Consent, ConsentEvent, EventKind, Method
from consents.rules import Rule
from consents.services.ledger import Evidence, give, record_event, withdraw
from consents.services.suppression import suppress, suppressed
from contacts.models import Source
from intake.services import NewGround
from tests import make

pytestmark = pytest.mark.django_db


def rule(contact, address, purpose, **more):
    return may_contact(contact, address, purpose, **more).rule


def test_a_valid_consent_opens_the_gate_and_names_its_evidence_and_end(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    answer = may_contact(jana, "jana@drevo.example", make.purpose("newsletter"))
    consent = Consent.objects.get()
    assert (answer.rule, answer.evidence_id, answer.until) == (Rule.CONSENT, consent.pk, consent.valid_until)


def test_nobody_is_mailed_without_a_consent(petra: User) -> None:
    jana = make.contact(petra)
    assert rule(jana, None, make.purpose("newsletter")) == Rule.NO_CONSENT


def test_an_address_that_is_not_on_the_card_is_refused(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    assert rule(jana, "other@drevo.example", make.purpose("newsletter")) == Rule.NO_ADDRESS


def test_a_withdrawal_closes_the_gate_on_every_card_that_holds_the_address(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    twin = make.contact(petra, first_name="Jan", ground=make.consent_ground())
    newsletter = make.purpose("newsletter")
    assert rule(twin, None, newsletter) == Rule.CONSENT
    withdraw(contact=jana, purpose=newsletter, actor=petra)
    assert rule(jana, None, newsletter) == Rule.SUPPRESSED
    assert rule(twin, None, newsletter) == Rule.SUPPRESSED


def test_a_new_consent_after_a_withdrawal_opens_the_gate_again(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    newsletter = make.purpose("newsletter")
    withdraw(contact=jana, purpose=newsletter, actor=petra)
    give(contact=jana, purpose=newsletter, evidence=make.PAPER, actor=petra)
    assert rule(jana, None, newsletter) == Rule.CONSENT


def test_an_objection_to_marketing_stays_whatever_staff_records_later(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    newsletter = make.purpose("newsletter")
    record_event(contact=jana, purpose=newsletter, kind=EventKind.OBJECTED, evidence=make.PAPER, actor=petra)
    give(contact=jana, purpose=newsletter, evidence=make.PAPER, actor=petra)
    assert rule(jana, None, newsletter) == Rule.SUPPRESSED
    record_event(
        contact=jana,
        purpose=newsletter,
        kind=EventKind.CONFIRMED,
        evidence=Evidence(method=Method.WEB_FORM, reference="double opt-in"),
        actor=None,
    )
    assert rule(jana, None, newsletter) == Rule.CONSENT


def test_a_suppressed_address_is_refused_in_every_spelling_of_one_batch(petra: User) -> None:
    newsletter = make.purpose("newsletter")
    spellings = ["Jana@drevo.example", "jana@drevo.example", "JANA@DREVO.EXAMPLE"]
    cards = [make.contact(petra, email=spelling, phone=None, ground=make.consent_ground()) for spelling in spellings]
    withdraw(contact=make.contact(petra, ground=make.consent_ground()), purpose=newsletter, actor=petra)
    answers = [answer.rule for _card, _address, answer in may_contact_each(cards, newsletter, channel=Channel.EMAIL)]
    assert answers == [Rule.SUPPRESSED] * 3
    assert suppressed(spellings) == set(spellings)


def test_a_new_objection_makes_an_ending_suppression_last_anew(petra: User) -> None:
    newsletter, today = make.purpose("newsletter"), timezone.localdate()
    jana = make.contact(petra, ground=make.consent_ground())
    twin = make.contact(petra, first_name="Jan", ground=make.consent_ground())
    suppress(
        addresses=["jana@drevo.example"],
        scope="marketing",
        reason="objection",
        actor=petra,
        ends_on=today - dt.timedelta(days=1),
    )
    assert rule(twin, None, newsletter) == Rule.CONSENT
    record_event(contact=jana, purpose=newsletter, kind=EventKind.OBJECTED, evidence=make.PAPER, actor=petra)
    assert rule(twin, None, newsletter) == Rule.SUPPRESSED


def test_a_number_nobody_can_read_is_suppressed_however_it_is_spaced(petra: User) -> None:
    suppress(addresses=["12 34"], scope="marketing", reason="objection", actor=petra)
    assert suppressed(["1234", "1235"]) == {"1234"}


def test_a_consent_found_later_does_not_undo_a_withdrawal_that_came_after_it(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    newsletter = make.purpose("newsletter")
    withdraw(contact=jana, purpose=newsletter, actor=petra)
    last_month = timezone.now() - dt.timedelta(days=30)
    with pytest.raises(ValidationError):
        give(contact=jana, purpose=newsletter, evidence=make.PAPER, actor=petra, occurred_at=last_month)
    assert rule(jana, None, newsletter) == Rule.SUPPRESSED
    assert ConsentEvent.objects.filter(kind=EventKind.GIVEN).count() == 1


def test_a_consent_ends_after_its_last_day(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=5))
    newsletter = make.purpose("newsletter")
    assert rule(jana, None, newsletter, at=timezone.now() + dt.timedelta(days=5)) == Rule.CONSENT
    assert rule(jana, None, newsletter, at=timezone.now() + dt.timedelta(days=6)) == Rule.EXPIRED


def test_a_consent_stated_for_a_whole_batch_proves_nobodys_consent(petra: User) -> None:
    weak = Evidence(method=Method.IMPORT, is_weak=True)
    jana = make.contact(petra, ground=make.consent_ground(evidence=weak))
    assert rule(jana, None, make.purpose("newsletter")) == Rule.WEAK


def test_a_consent_for_one_address_does_not_cover_another(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground(address="old@drevo.example"))
    assert rule(jana, "jana@drevo.example", make.purpose("newsletter")) == Rule.OTHER_ADDRESS


def test_a_found_address_never_carries_offers_without_consent(petra: User) -> None:
    offers = make.purpose("existing-customer")
    jana = make.contact(petra, source=Source.PUBLIC_WEB)
    assert rule(jana, None, offers) == Rule.PUBLIC_SOURCE
    customer = make.contact(petra, email="eva@drevo.example", source=Source.SALE)
    assert rule(customer, None, offers) == Rule.EXISTING_CUSTOMER


def test_having_bought_one_thing_does_not_allow_offers_of_another(petra: User) -> None:
    training = make.new_purpose(
        "training-offers",
        Basis.LEGITIMATE_INTEREST,
        is_marketing=True,
        existing_customer=True,
        product_line="training",
        channels=["email"],
    )
    furniture = make.contact(petra, source=Source.SALE)
    assert rule(furniture, None, training) == Rule.OTHER_PRODUCT
    stranger = make.contact(
        petra,
        email="eva@drevo.example",
        ground=NewGround(purpose=make.purpose("accounting")),
    )
    assert rule(stranger, None, training) == Rule.NOT_A_CUSTOMER


def test_a_contract_allows_its_own_messages_and_nothing_more(petra: User) -> None:
    jana = make.contact(petra)
    assert rule(jana, None, make.purpose("contract")) == Rule.CONTRACT
    assert rule(jana, None, make.purpose("contract"), channel=Channel.SMS) == Rule.CONTRACT
    assert rule(jana, None, make.purpose("enquiry")) == Rule.NO_GROUND


def test_a_suppressed_address_still_gets_the_messages_of_its_contract(petra: User) -> None:
    jana = make.contact(petra)
    record_event(
        contact=jana, purpose=make.purpose("newsletter"), kind=EventKind.OBJECTED, evidence=make.PAPER, actor=petra
    )
    assert rule(jana, None, make.purpose("contract")) == Rule.CONTRACT
    assert rule(jana, None, make.purpose("existing-customer")) == Rule.SUPPRESSED


def test_a_restricted_contact_is_not_contacted_at_all(petra: User) -> None:
    jana = make.contact(petra)
    jana.restricted_at = timezone.now()
    jana.save(update_fields=["restricted_at"])
    assert rule(jana, None, make.purpose("contract")) == Rule.RESTRICTED


def test_a_contact_that_does_not_exist_is_refused() -> None:
    assert rule(None, "x@y.example", make.purpose("contract")) == Rule.UNKNOWN


def test_an_audience_is_answered_in_a_fixed_number_of_queries(petra: User, django_assert_num_queries) -> None:
    people = [make.contact(petra, email=f"p{i}@drevo.example", ground=make.consent_ground()) for i in range(12)]
    newsletter = make.purpose("newsletter")
    with django_assert_num_queries(8):
        answers = list(may_contact_each(people, newsletter, channel=Channel.EMAIL))
    assert [answer.rule for _, _, answer in answers] == [Rule.CONSENT] * 12
