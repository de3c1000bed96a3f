"""Another mailbox is covered by no consent of the old one; a slip of the pen keeps what was said."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEvent
from consents import projection
from consents.gate import may_contact
from consents.models import Consent, ConsentEvent, EventKind
from consents.rules import Rule
from consents.services.ledger import record_event
from consents.services.typos import correct_typo, distance
from consents.verify import verify_consents
from contacts.models import Contact, EmailAddress
from contacts.services.channels import correct_channel
from tests import make

pytestmark = pytest.mark.django_db

WRONG, RIGHT = "jana@gmial.example", "jana@gmail.example"


@pytest.fixture
def jana(petra: User) -> Contact:
    return make.contact(petra, email=WRONG, ground=make.consent_ground(address=WRONG))


def rule(jana: Contact, address: str) -> Rule:
    return may_contact(jana, address, make.purpose("newsletter")).rule


def slip(petra: User, value: str = RIGHT, reason: str = "Na papíru je to správně.") -> int:
    return correct_typo(email=EmailAddress.objects.get(), value=value, method="paper", reason=reason, actor=petra)


def test_by_default_a_corrected_address_is_a_new_one_that_no_consent_covers(jana: Contact, petra: User) -> None:
    assert rule(jana, WRONG) == Rule.CONSENT
    correct_channel(channel=EmailAddress.objects.get(), values={"value": RIGHT}, actor=petra)
    assert rule(jana, RIGHT) == Rule.OTHER_ADDRESS


def test_a_slip_of_the_pen_keeps_the_consent_and_says_so_in_the_ledger(jana: Contact, petra: User) -> None:
    given_at = Consent.objects.get().given_at
    assert slip(petra) == 1
    assert (rule(jana, RIGHT), Consent.objects.get().given_at) == (Rule.CONSENT, given_at)
    event = ConsentEvent.objects.order_by("sequence").last()
    assert event is not None
    assert (event.kind, event.address, event.evidence_reference, event.recorded_by_id) == (
        EventKind.CORRECTED,
        RIGHT,
        "Na papíru je to správně.",
        petra.pk,
    )
    before = list(Consent.objects.values())
    projection.rebuild([jana.subject_id])
    assert (list(Consent.objects.values()), verify_consents().ok) == (before, True)
    assert AuditEvent.objects.get(action="contact.typo_corrected").detail == {"count": 1}


@pytest.mark.parametrize(
    ("value", "reason", "field"),
    [("pavel@firma.example", "Stejný člověk.", "value"), (WRONG, "Nic.", "value"), (RIGHT, "  ", "reason")],
)
def test_another_address_or_no_reason_carries_nothing(
    jana: Contact, petra: User, value: str, reason: str, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        slip(petra, value, reason)
    assert list(refused.value.message_dict) == [field]
    assert EmailAddress.objects.get().value == WRONG


def test_an_objection_at_the_misspelled_address_goes_along(jana: Contact, petra: User) -> None:
    record_event(
        contact=jana, purpose=make.purpose("newsletter"), kind=EventKind.OBJECTED, evidence=make.PAPER, actor=petra
    )
    twin = make.contact(petra, email=RIGHT, phone=None, ground=make.consent_ground())
    assert rule(twin, RIGHT) == Rule.CONSENT
    correct_typo(
        email=EmailAddress.objects.get(contact=jana), value=RIGHT, method="paper", reason="Překlep.", actor=petra
    )
    assert [rule(card, RIGHT) for card in (jana, twin)] == [Rule.SUPPRESSED] * 2


def test_the_card_offers_both_ways(jana: Contact, petra: User, client_of) -> None:
    browser, email = client_of(petra), EmailAddress.objects.get()
    page = reverse("consents:typo", args=[jana.pk, email.pk])
    assert page in browser.get(reverse("contacts:channel", args=[jana.pk, "emails", email.pk])).content.decode()
    assert "1 consent was given for this address" in browser.get(page).content.decode()
    said = {"value": RIGHT, "method": "paper", "reason": "Překlep."}
    assert browser.post(page, {**said, "value": "x@y.example"}).status_code == 422
    assert browser.post(page, said).status_code == 302
    assert rule(jana, RIGHT) == Rule.CONSENT


@pytest.mark.parametrize(
    ("one", "other", "letters"), [("", "abc", 3), ("kniha", "kniha", 0), ("gmial", "gmail", 2), ("a.cz", "a.c", 1)]
)
def test_letters_between_two_spellings(one: str, other: str, letters: int) -> None:
    assert (distance(one, other), distance(other, one)) == (letters, letters)
