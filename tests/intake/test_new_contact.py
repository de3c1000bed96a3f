"""A new contact: never without a reason and a source, never twice by accident."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from audit.models import AuditEvent
from consents.models import Consent, ConsentEvent, LegalGround, Suppression
from consents.periods import last_day
from consents.services.suppression import suppress
from contacts.models import Contact, StoredFile
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def filled(**more: str) -> dict[str, str]:
    return {
        "who-kind": "person",
        "who-first_name": "Jana",
        "who-last_name": "Nováková",
        "who-email": "jana@drevo.example",
        "who-phone": "603 111 222",
        "who-source": "person",
        "who-language": "cs",
        "who-tags": "VIP, nábytek",
        "why-reference": "S-2026/1",
        "why-method": "email",
        "why-valid_from": TODAY().isoformat(),
        "why-valid_until": (TODAY() + dt.timedelta(days=300)).isoformat(),
        **more,
    }


def address(slug: str = "contract") -> str:
    make.purpose(slug)
    return f"{reverse('intake:new')}?purpose={slug}"


def test_a_contact_is_made_with_its_ground_and_source(petra: User, client_of) -> None:
    answer = client_of(petra).post(address(), {**filled(), "who-owner": str(petra.pk)})
    jana = Contact.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, jana.get_absolute_url())
    assert (jana.display_name, jana.source, jana.owner, jana.created_by) == ("Jana Nováková", "person", petra, petra)
    assert [p.value for p in jana.phones.all()] == ["+420603111222"]
    assert sorted(t.name for t in jana.tags.all()) == ["VIP", "nábytek"]
    assert [(g.basis, g.reference, g.source) for g in LegalGround.objects.all()] == [("contract", "S-2026/1", "person")]


def test_an_end_that_nobody_chose_is_counted_by_the_purpose(petra: User, client_of) -> None:
    client_of(petra).post(address(), filled(**{"why-valid_until": ""}))
    ground = LegalGround.objects.get()
    assert ground.valid_until == last_day(TODAY(), ground.purpose.retention_months)


@pytest.mark.parametrize(("missing", "field"), [("who-source", "who"), ("why-reference", "why")])
def test_nobody_is_held_without_a_source_or_a_reason(petra: User, client_of, missing: str, field: str) -> None:
    answer = client_of(petra).post(address(), filled(**{missing: ""}))
    assert answer.status_code == 422
    assert list(answer.context[field].errors) == [missing.split("-")[1]]
    assert Contact.objects.count() == 0


def test_a_contact_can_stand_on_a_consent_with_its_scan(petra: User, client_of) -> None:
    scan = SimpleUploadedFile("souhlas.pdf", b"%PDF-1.7", content_type="application/pdf")
    post = filled(**{"why-channel": "email", "why-method": "paper", "why-occurred_on": TODAY().isoformat()})
    answer = client_of(petra).post(address("newsletter"), {**post, "why-file": scan})
    assert answer.status_code == 302
    assert ConsentEvent.objects.get().evidence_file_id == StoredFile.objects.get().pk
    assert Consent.objects.get().state == "given"


def test_a_possible_duplicate_is_shown_first_and_saved_only_when_confirmed(petra: User, client_of) -> None:
    twin = make.contact(petra)
    browser = client_of(petra)
    answer = browser.post(address(), filled())
    assert answer.status_code == 422
    assert answer.context["found"].by_address == [twin]
    assert Contact.objects.count() == 1
    assert browser.post(address(), filled(anyway="1")).status_code == 302
    assert Contact.objects.count() == 2


def test_the_same_name_counts_without_titles_case_and_hooks(petra: User, client_of) -> None:
    twin = make.contact(petra, title_before="Ing.")
    post = filled(
        **{"who-first_name": "JANA", "who-last_name": "novakova", "who-email": "x@y.example", "who-phone": ""}
    )
    assert client_of(petra).post(address(), post).context["found"].by_name == [twin]


def test_a_contact_of_somebody_else_is_only_said_to_be_held_and_the_officer_is_told(
    petra: User, cizi: User, dpo: User, client_of
) -> None:
    hidden = make.contact(petra)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    browser = client_of(cizi)
    for _ in range(2):
        answer = browser.post(address(), filled(anyway="1"))
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Already held" in page
        assert str(hidden.pk) not in page
    assert Contact.objects.count() == 1
    assert [(t.kind, t.assignee, t.contact_id) for t in Task.objects.all()] == [("already_held", dpo, hidden.pk)]
    assert {(e.actor_id, e.contact_id) for e in AuditEvent.objects.filter(action="contact.already_held")} == {
        (cizi.pk, hidden.pk)
    }


def test_nobody_finds_out_by_trying_which_contacts_others_hold(petra: User, cizi: User, client_of) -> None:
    for i in range(7):
        make.contact(petra, email=f"p{i}@drevo.example", phone=None)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    browser = client_of(cizi)
    answers = []
    for i in range(7):
        post = filled(**{"who-email": f"p{i}@drevo.example", "who-phone": "", "who-first_name": f"X{i}"})
        answers.append("Too many attempts" in browser.post(address(), post).content.decode())
    assert answers == [False] * 5 + [True] * 2
    # An address that nobody holds gets the same answer now: the limit must not tell what the warning no longer does.
    post = filled(**{"who-email": "nikdo@drevo.example", "who-phone": "", "who-first_name": "Nikdo"})
    free = browser.post(address(), post)
    held = browser.post(address(), filled(**{"who-email": "p6@drevo.example", "who-phone": "", "who-first_name": "X"}))
    assert [form.context["who"].errors for form in (free, held)] == [free.context["who"].errors] * 2
    assert "Too many attempts" in free.content.decode()
    assert "Already held" not in held.content.decode()
    assert Contact.objects.filter(owner=cizi).count() == 0


def test_an_address_that_asked_to_be_left_alone_comes_in_only_for_a_contract(petra: User, client_of) -> None:
    suppress(
        addresses=["jana@drevo.example"],
        scope=Suppression.Scope.IMPORT,
        reason=Suppression.Reason.ERASURE,
        actor=None,
    )
    browser = client_of(petra)
    enquiry = make.purpose("enquiry")
    post = filled(**{"why-balancing_test": str(enquiry.balancing_test_id)})
    refused = browser.post(address("enquiry"), post)
    assert list(refused.context["who"].errors) == ["email"]
    assert browser.post(address(), filled()).status_code == 302


def test_data_that_did_not_come_from_the_person_make_a_task_to_inform_them_within_a_month(
    petra: User, client_of
) -> None:
    client_of(petra).post(address(), {**filled(**{"who-source": "referral"}), "who-owner": str(petra.pk)})
    task = Task.objects.get()
    assert (task.kind, task.assignee, task.due_on > TODAY() + dt.timedelta(days=27)) == ("inform", petra, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [("who-ico", "12345678"), ("who-dic", "CZ1"), ("who-email", "not an address"), ("who-phone", "abc")],
)
def test_a_wrong_number_or_address_is_refused_beside_its_field(petra: User, client_of, field: str, value: str) -> None:
    answer = client_of(petra).post(address(), filled(**{field: value}))
    assert list(answer.context["who"].errors) == [field.removeprefix("who-")]
    assert Contact.objects.count() == 0


def test_markup_and_control_characters_in_a_name_are_text(petra: User, client_of) -> None:
    client_of(petra).post(address(), filled(**{"who-last_name": "<script>alert(1)</script>\x07"}))
    jana = Contact.objects.get()
    assert jana.last_name == "<script>alert(1)</script>"
    page = client_of(petra).get(jana.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in page
