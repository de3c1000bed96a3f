"""law.md on addresses that objected or were erased: a keyed hash stays, used only to block, at every door."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from audit.models import AuditEvent
from consents import jobs
from consents.gate import may_contact
from consents.models import Suppression
from consents.periods import add_months
from consents.rules import Rule
from consents.services.ledger import Evidence, give
from consents.services.objections import object_to_marketing
from consents.services.opt_in import found_for, lift_by_opt_in
from consents.services.suppression import suppress
from contacts.models import Contact, EmailAddress
from contacts.refusal import AddressRefused
from contacts.services.channels import add_channel, correct_channel
from contacts.services.correct import set_channels
from gdpr_requests.services.merge import merge_contacts
from intake.services import NewGround
from tests import make

pytestmark = pytest.mark.django_db

GONE = "vymazana@drevo.example"
WORDS = "This address asked to be left alone. It may be held only for a contract or a legal obligation."


@pytest.fixture(autouse=True)
def erased(petra: User) -> None:
    suppress(addresses=[GONE], scope="import", reason="erasure", actor=petra)


def enquirer(petra: User, **more) -> Contact:
    return make.contact(petra, ground=NewGround(purpose=make.purpose("enquiry")), **more)


def test_an_erased_address_does_not_come_back_as_a_new_card_but_for_a_contract(petra: User) -> None:
    with pytest.raises(AddressRefused):
        enquirer(petra, email="Vymazana@DREVO.example")
    with pytest.raises(AddressRefused):
        make.contact(petra, email=GONE, ground=make.consent_ground())
    assert Contact.objects.count() == 0
    assert make.contact(petra, email=GONE).emails.get().value == GONE


def test_an_erased_address_does_not_come_onto_a_card_that_stands_on_our_interest(petra: User) -> None:
    jana = enquirer(petra)
    own = jana.emails.get()
    values = {"value": GONE, "source": "person"}
    for door in (
        lambda: add_channel(contact=jana, model=EmailAddress, values=values, actor=petra),
        lambda: correct_channel(channel=EmailAddress.objects.get(pk=own.pk), values=values, actor=petra),
        lambda: set_channels(contact=jana, model=EmailAddress, rows=[{**values, "id": own.pk}], actor=petra),
    ):
        with pytest.raises(AddressRefused) as refused:
            door()
        assert GONE not in str(refused.value)
    assert [email.value for email in EmailAddress.objects.all()] == ["jana@drevo.example"]


def test_an_erased_address_may_be_held_for_a_contract(petra: User) -> None:
    jana = make.contact(petra)
    add_channel(contact=jana, model=EmailAddress, values={"value": GONE, "source": "sale"}, actor=petra)
    assert {email.value for email in EmailAddress.objects.all()} == {"jana@drevo.example", GONE}


def test_a_card_whose_own_address_objected_is_still_edited(petra: User) -> None:
    jana = enquirer(petra)
    suppress(addresses=["jana@drevo.example"], scope="marketing", reason="objection", actor=petra)
    own = jana.emails.get()
    assert correct_channel(channel=own, values={"value": "Jana@drevo.example"}, actor=petra) == ["emails.value"]


def test_an_erased_address_is_refused_in_words_beside_its_field(petra: User, client_of) -> None:
    jana = enquirer(petra)
    browser, own = client_of(petra), jana.emails.get()
    said = {"value": GONE, "kind": "work", "source": "person"}
    for page in (
        reverse("contacts:channel_new", args=[jana.pk, "emails"]),
        reverse("contacts:channel", args=[jana.pk, "emails", own.pk]),
    ):
        answer = browser.post(page, said)
        assert (answer.status_code, dict(answer.context["form"].errors)) == (422, {"value": [WORDS]})
    form = browser.get(reverse("contacts:edit", args=[jana.pk])).context["form"]
    sent = {"version": "x", "last_name": "Nováková", "emails-TOTAL_FORMS": 2, "emails-INITIAL_FORMS": 1}
    sent |= {"emails-0-id": own.pk, "emails-0-value": own.value, "emails-0-kind": "work", "emails-0-source": "person"}
    sent |= {"emails-1-value": GONE, "emails-1-kind": "work", "emails-1-source": "person"}
    sent |= {f"{sort}-{count}": 0 for sort in ("phones", "addresses") for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
    answer = browser.post(reverse("contacts:edit", args=[jana.pk]), sent)
    assert form is not None
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()


def test_an_erased_address_is_refused_by_a_merge(petra: User) -> None:
    kept = enquirer(petra)
    # It came onto the other card while that one stood on a contract, which has ended since.
    other = make.contact(petra, email=GONE)
    other.subjects.get().grounds.update(ended_at=timezone.now(), end_reason="mistake")
    with pytest.raises(ValidationError) as refused:
        merge_contacts(kept=kept, other=other, take={}, actor=petra)
    assert refused.value.code == "left_alone"
    assert Contact.objects.count() == 2
    merge_contacts(kept=make.contact(petra, email="treti@drevo.example"), other=other, take={}, actor=petra)
    assert Contact.objects.count() == 2


def test_suppression_has_an_end_of_its_own_and_a_job_that_ends_it(petra: User) -> None:
    today = timezone.localdate()
    assert Suppression.objects.get().ends_on == add_months(today, 120)
    Installation.objects.update_or_create(id=1, defaults={"suppression_years": 3})
    suppress(addresses=["dalsi@drevo.example"], scope="marketing", reason="objection", actor=petra)
    assert Suppression.objects.get(reason="objection").ends_on == add_months(today, 36)
    Suppression.objects.filter(reason="erasure").update(ends_on=today - dt.timedelta(days=1))
    jobs.end_suppressions()
    assert [row.reason for row in Suppression.objects.all()] == ["objection"]
    assert enquirer(petra, email=GONE).emails.get().value == GONE


# --- the officer's page -----------------------------------------------------------------------------------------------


def test_the_officer_sees_counts_days_and_reasons_and_no_address(dpo: User, client_of) -> None:
    page = client_of(dpo).get(reverse("consents:suppressions")).content.decode()
    assert "The person was erased" in page
    assert GONE not in page


def test_one_address_is_looked_up_and_the_audit_does_not_learn_it(dpo: User, client_of) -> None:
    browser, page = client_of(dpo), reverse("consents:suppressions")
    answers = [browser.post(page, {"address": address}) for address in ("VYMAZANA@drevo.example", "jina@drevo.example")]
    assert [len(answer.context["found"]) for answer in answers] == [1, 0]
    events = AuditEvent.objects.filter(action="suppression.looked_up").order_by("pk")
    assert [event.detail for event in events] == [{"count": 1}, {"count": 0}]


def test_only_the_persons_own_confirmed_opt_in_lifts_an_address(petra: User, dpo: User, client_of) -> None:
    jana = make.contact(petra, email=GONE)
    object_to_marketing(contact=jana, actor=petra)
    newsletter = make.purpose("newsletter")
    give(contact=jana, purpose=newsletter, evidence=make.PAPER, actor=petra)
    assert may_contact(jana, GONE, newsletter).rule == Rule.SUPPRESSED
    browser, page = client_of(dpo), reverse("consents:suppression_opt_in")
    said = {"address": GONE, "purpose": "newsletter", "method": "web_form", "reference": ""}
    said["occurred_on"] = timezone.localdate().isoformat()
    assert browser.post(page, said).status_code == 422
    assert may_contact(jana, GONE, newsletter).rule == Rule.SUPPRESSED
    assert browser.post(page, {**said, "reference": "potvrzení 7"}).status_code == 302
    assert may_contact(jana, GONE, newsletter).rule == Rule.CONSENT
    assert not found_for(GONE)


def test_an_address_on_no_card_is_lifted_all_the_same(petra: User, dpo: User) -> None:
    evidence = Evidence(method="email", reference="zpráva")
    assert lift_by_opt_in(address=GONE, purpose=make.purpose("newsletter"), evidence=evidence, actor=dpo) == 1
    assert enquirer(petra, email=GONE).emails.get().value == GONE
    with pytest.raises(ValidationError):
        lift_by_opt_in(address=GONE, purpose=make.purpose("contract"), evidence=evidence, actor=dpo)
