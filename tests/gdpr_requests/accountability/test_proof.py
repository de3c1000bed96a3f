"""Proof of one person's consent: the exact text, every event, hashes, the evidence; and the person's own receipt."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import io
import json
import re

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfReader

from accounts import reauth
from accounts.models import Installation
from audit.models import AuditEvent
from consents.models import Consent, ConsentEvent, NoticeVersion
from consents.services.evidence import record_with_evidence
from consents.services.ledger import withdraw
from gdpr_requests.accountability.consents import gather_proofs
from gdpr_requests.accountability.receipt import receipt
from privacy.append_only import released
from tests import make
from tests.gdpr_requests.people import PLANTED, planted

pytestmark = pytest.mark.django_db
PAPER = "Podepsaný souhlas Žofie Čápské.".encode()
with open("docs/consent-receipt.schema.json", encoding="utf-8") as _file:
    SCHEMA = json.load(_file)


@pytest.fixture
def zofie(petra):
    """A contact with one consent given on paper, the paper itself, and one withdrawn."""
    found = planted(petra).contact
    record_with_evidence(
        contact=found,
        purpose=make.purpose("newsletter"),
        kind="renewed",
        actor=petra,
        method="paper",
        occurred_at=timezone.now(),
        reference="šanon 3, list 12",
        file=SimpleUploadedFile("souhlas.pdf", PAPER),
        notice=NoticeVersion.objects.get(purpose__slug="newsletter"),
        channel="email",
    )
    return found


def confirmed(client):
    session = client.session
    session[reauth.CONFIRMED] = int(timezone.now().timestamp())
    session.save()
    return client


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def pdf_of(client, contact) -> PdfReader:
    return PdfReader(io.BytesIO(client.post(f"/contacts/{contact.pk}/proof/").content))


def text_of(reader: PdfReader) -> str:
    return squeezed("\n".join(page.extract_text() for page in reader.pages))


def test_proof_of_each_individual_consent_is_one_pdf_with_the_exact_text_and_every_event(zofie, dpo, client_of):
    reader = pdf_of(confirmed(client_of(dpo)), zofie)
    text = text_of(reader)
    notice = NoticeVersion.objects.get(purpose__slug="newsletter")
    wanted = [
        f"{PLANTED['first name']} {PLANTED['last name']}",
        notice.text,
        notice.sha256,
        "the text has this digest",
        "given",
        "renewed",
        "withdrawn",
        "on paper",
        PLANTED["evidence"],
        "šanon 3, list 12",
        "souhlas.pdf",
        hashlib.sha256(PAPER).hexdigest(),
        "The chain holds",
        *ConsentEvent.objects.values_list("mac", flat=True),
    ]
    assert [value for value in wanted if squeezed(value) not in text] == []
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean


def test_the_proof_names_colleagues_by_role_only(zofie, dpo, petra, client_of):
    text = text_of(pdf_of(confirmed(client_of(dpo)), zofie))
    assert squeezed(petra.full_name) not in text
    assert "Staff" in text


def test_a_proof_of_changed_events_says_that_the_chain_does_not_hold(zofie, dpo, client_of):
    event = ConsentEvent.objects.order_by("sequence").first()
    with released([event.subject_id]):
        ConsentEvent.objects.filter(pk=event.pk).update(method="phone")
    assert not gather_proofs(zofie).verdict.ok
    client = confirmed(client_of(dpo))
    assert "The chain does not hold" in client.get(f"/contacts/{zofie.pk}/proof/").content.decode()
    assert squeezed("The chain does not hold") in text_of(pdf_of(client, zofie))


def test_the_chain_of_another_person_does_not_disturb_the_proof(zofie, petra):
    other = make.contact(petra, email="eva@drevo.example", ground=make.consent_ground())
    event = ConsentEvent.objects.get(subject__contact=other)
    with released([event.subject_id]):
        ConsentEvent.objects.filter(pk=event.pk).update(method="phone")
    assert gather_proofs(zofie).verdict.ok


def test_the_password_is_asked_again_before_a_proof_is_shown_or_handed_out(zofie, dpo, client_of):
    client = client_of(dpo)
    for answer in (client.get(f"/contacts/{zofie.pk}/proof/"), client.post(f"/contacts/{zofie.pk}/proof/")):
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/confirm/")


def test_showing_and_handing_out_a_proof_is_recorded(zofie, dpo, client_of):
    client = confirmed(client_of(dpo))
    client.get(f"/contacts/{zofie.pk}/proof/")
    pdf_of(client, zofie)
    consent = Consent.objects.get(purpose__slug="newsletter")
    client.post(f"/consents/{consent.pk}/receipt/")
    made = AuditEvent.objects.filter(action__startswith="consent.", contact_id=zofie.pk, actor_id=dpo.pk).order_by("pk")
    assert [event.action for event in made] == ["consent.proof_shown", "consent.proof_made", "consent.receipt_made"]


def test_a_contact_that_may_not_be_seen_cannot_be_proved(zofie, client_of, manager, service):
    Installation.objects.update(visibility="own")
    client = confirmed(client_of(manager))
    consent = Consent.objects.get(purpose__slug="newsletter")
    assert client.get(f"/contacts/{zofie.pk}/proof/").status_code == 404
    assert client.post(f"/consents/{consent.pk}/receipt/").status_code == 404


def test_a_contact_without_consents_has_a_proof_that_says_so(petra, dpo, client_of):
    contact = make.contact(petra)
    answer = confirmed(client_of(dpo)).get(f"/contacts/{contact.pk}/proof/")
    assert "No consent has been recorded for this person." in answer.content.decode()


# --- receipts ---------------------------------------------------------------------------------------------------------


def receipt_of(contact, slug: str = "newsletter", language: str = "cs"):
    one = next(p for p in gather_proofs(contact).consents if p.consent.purpose.slug == slug)
    return receipt(one, language)


def test_a_consent_receipt_in_the_terms_of_iso_27560_fits_its_published_schema(zofie, petra):
    for slug in ("newsletter", "recruitment"):
        for language in ("cs", "en"):
            jsonschema.validate(receipt_of(zofie, slug, language), SCHEMA, format_checker=jsonschema.FormatChecker())


def test_a_receipt_says_who_what_when_and_the_exact_text(zofie):
    told = receipt_of(zofie)
    consent = Consent.objects.get(purpose__slug="newsletter")
    record = told["record"]
    assert record["header"]["record_id"] == str(consent.pk)
    assert record["header"]["pii_principal_id"] == str(zofie.subject_id)
    assert record["party_identification"][0]["party_name"] == "Medárna s. r. o."
    purpose = record["pii_processing"]["purposes"][0]
    assert purpose["retention_period"] == "P24M"
    assert [pii["pii_attribute_id"] for pii in purpose["pii_information"]] == ["identity", "contact", "preferences"]
    assert [event["event_state"] for event in record["events"]] == ["dpv:ConsentGiven", "dpv:RenewedConsentGiven"]
    notice = NoticeVersion.objects.get(purpose__slug="newsletter")
    assert record["events"][0]["extension"]["notice"] == {
        "language": "cs",
        "version": 1,
        "text": notice.text,
        "sha256": notice.sha256,
    }


def test_a_withdrawal_gives_a_new_receipt_and_the_same_state_the_same_one(zofie, petra):
    before = receipt_of(zofie)
    assert receipt_of(zofie) == before
    withdraw(contact=zofie, purpose=make.purpose("newsletter"), actor=petra, channel="email")
    after = receipt_of(zofie)
    assert after["receipt_id"] != before["receipt_id"]
    assert after["record"]["header"] == before["record"]["header"]
    assert after["record"]["events"][-1]["event_state"] == "dpv:ConsentWithdrawn"
    assert after["record"]["events"][-1]["validity_duration"] == "P0D"


def test_the_schema_refuses_a_receipt_that_lacks_what_the_specification_demands(zofie):
    whole = receipt_of(zofie)
    for path in (("header", "pii_principal_id"), ("pii_processing", "privacy_notice")):
        cut = copy.deepcopy(whole)
        del cut["record"][path[0]][path[1]]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(cut, SCHEMA)


def test_a_receipt_is_downloaded_in_the_persons_language(zofie, dpo, client_of):
    consent = Consent.objects.get(purpose__slug="newsletter")
    answer = confirmed(client_of(dpo)).post(f"/consents/{consent.pk}/receipt/")
    told = json.loads(answer.content)
    assert told["record"]["pii_processing"]["language"] == "cs"
    assert "Žofie" not in answer["Content-Disposition"]


def test_an_objection_to_a_purpose_without_consent_has_no_receipt(zofie, petra, dpo, client_of):
    consent = Consent.objects.exclude(purpose__basis="consent").first()
    answer = confirmed(client_of(dpo)).post("/consents/11111111-1111-4111-8111-111111111111/receipt/")
    assert (consent, answer.status_code) == (None, 404)


def test_a_text_that_came_into_the_system_after_the_event_is_said_to_be_so(zofie, petra, dpo, client_of):
    earlier = timezone.now() - dt.timedelta(days=400)
    contact = make.contact(petra, email="eva@drevo.example")
    notice = NoticeVersion.objects.get(purpose__slug="newsletter")
    record_with_evidence(
        contact=contact,
        purpose=make.purpose("newsletter"),
        kind="given",
        actor=petra,
        method="paper",
        occurred_at=earlier,
        reference="šanon 1",
        notice=notice,
    )
    client = confirmed(client_of(dpo))
    assert "entered into the system only on" in client.get(f"/contacts/{contact.pk}/proof/").content.decode()
    assert "entered into the system only on" not in client.get(f"/contacts/{zofie.pk}/proof/").content.decode()
