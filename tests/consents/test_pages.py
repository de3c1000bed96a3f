"""The pages of grounds and consents, as a colleague uses them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from consents import projection
from consents.forms.purpose import PurposeForm
from consents.models import (
    BalancingTest,
    Basis,
    Consent,
    ConsentEvent,
    EventKind,
    LegalGround,
    NoticeVersion,
    Purpose,
    State,
)
from consents.services.grounds import open_ground
from consents.services.purposes import publish_notice
from contacts.models import StoredFile
from intake.services import NewGround
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


def given(**more: str) -> dict[str, str]:
    until = timezone.localdate() + dt.timedelta(days=20)
    return {
        "channel": "email",
        "method": "paper",
        "reference": "šanon 3, list 12",
        "occurred_on": timezone.localdate().isoformat(),
        "valid_until": until.isoformat(),
        **more,
    }


def test_a_consent_is_recorded_with_how_when_until_when_and_by_whom(petra: User, client_of) -> None:
    jana = make.contact(petra)
    newsletter = make.purpose("newsletter")
    address = reverse("consents:record", args=[jana.pk]) + "?purpose=newsletter"
    assert client_of(petra).post(address, given()).status_code == 302
    event = ConsentEvent.objects.get()
    assert (event.kind, event.method, event.channel, event.purpose, event.evidence_reference) == (
        "given",
        "paper",
        "email",
        newsletter,
        "šanon 3, list 12",
    )
    assert (event.recorded_by_id, event.valid_until) == (petra.pk, timezone.localdate() + dt.timedelta(days=20))
    assert Consent.objects.get().state == State.GIVEN
    assert LegalGround.objects.filter(purpose=newsletter, basis=Basis.CONSENT).count() == 1


def test_a_consent_without_evidence_is_refused_in_words(petra: User, client_of) -> None:
    jana = make.contact(petra)
    make.purpose("newsletter")
    address = reverse("consents:record", args=[jana.pk]) + "?purpose=newsletter"
    answer = client_of(petra).post(address, given(reference=""))
    assert answer.status_code == 422
    assert "without it the consent proves nothing" in answer.content.decode()
    assert ConsentEvent.objects.count() == 0


def test_a_scan_of_the_paper_is_sealed_with_the_consent(petra: User, client_of) -> None:
    jana = make.contact(petra)
    make.purpose("newsletter")
    address = reverse("consents:record", args=[jana.pk]) + "?purpose=newsletter"
    scan = SimpleUploadedFile("souhlas.pdf", b"%PDF-1.7 podpis", content_type="application/pdf")
    assert client_of(petra).post(address, {**given(reference=""), "file": scan}).status_code == 302
    assert ConsentEvent.objects.get().evidence_file_id == StoredFile.objects.get().pk


@pytest.mark.parametrize(
    ("field", "days", "words"),
    [("occurred_on", 1, "has not happened yet"), ("valid_until", -1, "end before"), ("valid_until", 1000, "shorter")],
)
def test_a_period_that_makes_no_sense_is_refused(petra: User, client_of, field: str, days: int, words: str) -> None:
    jana = make.contact(petra)
    make.purpose("newsletter")
    address = reverse("consents:record", args=[jana.pk]) + "?purpose=newsletter"
    day = (timezone.localdate() + dt.timedelta(days=days)).isoformat()
    answer = client_of(petra).post(address, given(**{field: day}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ConsentEvent.objects.count() == 0


def test_renewing_keeps_the_history_and_closes_the_task(petra: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=5))
    consent = Consent.objects.get()
    task = Task.objects.create(
        key=jana.key,
        contact=jana,
        kind="renew_consent",
        about_id=consent.pk,
        assignee=petra,
        due_on=consent.valid_until,
    )
    until = (timezone.localdate() + dt.timedelta(days=300)).isoformat()
    assert (
        client_of(petra).post(reverse("consents:renew", args=[consent.pk]), given(valid_until=until)).status_code == 302
    )
    consent.refresh_from_db()
    task.refresh_from_db()
    assert (consent.state, consent.valid_until.isoformat()) == (State.GIVEN, until)
    assert (task.outcome, task.done_by) == ("renewed", petra)
    assert [e.kind for e in ConsentEvent.objects.order_by("sequence")] == [EventKind.GIVEN, EventKind.RENEWED]


def test_withdrawing_keeps_its_history_ends_the_ground_and_proposes_erasure(petra: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    consent = Consent.objects.get()
    said = {"method": "phone", "reference": "", "occurred_on": timezone.localdate().isoformat()}
    assert client_of(petra).post(reverse("consents:withdraw", args=[consent.pk]), said).status_code == 302
    consent.refresh_from_db()
    assert consent.state == State.WITHDRAWN
    assert LegalGround.objects.open().of_contact(jana.pk).count() == 0
    assert [(t.kind, t.assignee) for t in Task.objects.all()] == [("no_ground", petra)]
    assert ConsentEvent.objects.count() == 2


def test_a_restriction_never_holds_back_a_withdrawal(petra: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    jana.restricted_at = timezone.now()
    jana.save(update_fields=["restricted_at"])
    consent = Consent.objects.get()
    browser = client_of(petra)
    assert browser.get(reverse("consents:renew", args=[consent.pk])).status_code == 403
    said = {"method": "phone", "occurred_on": timezone.localdate().isoformat()}
    assert browser.post(reverse("consents:withdraw", args=[consent.pk]), said).status_code == 302


@pytest.mark.parametrize(
    ("slug", "values"),
    [
        ("contract", {"reference": "S-2024/118"}),
        ("accounting", {"statute": "zákon č. 563/1991 Sb., § 31"}),
        ("enquiry", {}),
    ],
)
def test_a_ground_is_recorded_with_what_its_basis_demands(petra: User, client_of, slug: str, values: dict) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    purpose = make.purpose(slug)
    if purpose.balancing_test_id:
        values = {"balancing_test": str(purpose.balancing_test_id)}
    today = timezone.localdate()
    post = {
        "source": "person",
        "method": "email",
        "valid_from": today.isoformat(),
        "valid_until": "",
        **values,
    }
    address = reverse("consents:ground_new", args=[jana.pk]) + f"?purpose={slug}"
    assert client_of(petra).post(address, post).status_code == 302
    assert LegalGround.objects.filter(purpose=purpose, basis=purpose.basis, created_by=petra).count() == 1


@pytest.mark.parametrize(
    ("basis", "lacking"),
    [
        (Basis.CONTRACT, ["reference"]),
        (Basis.LEGAL_OBLIGATION, ["statute"]),
        (Basis.VITAL_INTERESTS, ["vital_whose", "vital_why_no_consent"]),
        (Basis.PUBLIC_TASK, ["public_act", "public_task"]),
        (Basis.LEGITIMATE_INTEREST, ["balancing_test"]),
    ],
)
def test_a_ground_lacks_nothing_that_its_basis_demands(petra: User, basis: str, lacking: list[str]) -> None:
    jana = make.contact(petra)
    purpose = make.new_purpose(f"p-{basis}".replace("_", "-"), basis)
    if basis == Basis.LEGAL_OBLIGATION:
        Purpose.objects.filter(pk=purpose.pk).update(legal_reference="x")
        purpose.legal_reference = ""
    with pytest.raises(ValidationError) as refused:
        open_ground(contact=jana, purpose=purpose, actor=petra)
    assert sorted(refused.value.message_dict) == lacking
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalGround.objects.create(
            key=jana.key,
            subject_id=jana.subject_id,
            purpose=purpose,
            basis=basis,
            source="person",
            method="email",
            valid_until=timezone.localdate(),
        )


def test_a_ground_without_an_end_is_refused_by_the_database(petra: User) -> None:
    jana = make.contact(petra)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalGround.objects.filter(subject__contact=jana).update(valid_until=None)


def test_a_balancing_test_dated_after_the_start_carries_no_ground(petra: User) -> None:
    jana = make.contact(petra)
    enquiry = make.purpose("enquiry")
    BalancingTest.objects.update(dated=timezone.localdate(), review_on=timezone.localdate() + dt.timedelta(days=9))
    enquiry.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        open_ground(contact=jana, purpose=enquiry, actor=petra, valid_from=timezone.localdate() - dt.timedelta(days=1))
    assert list(refused.value.message_dict) == ["balancing_test"]


def test_ending_the_last_ground_proposes_erasure_once(petra: User, client_of) -> None:
    make.contact(petra)
    ground = LegalGround.objects.get()
    browser = client_of(petra)
    for _ in range(2):
        answer = browser.post(reverse("consents:ground_end", args=[ground.pk]), {"reason": "no_longer_needed"})
        assert answer.status_code == 302
    assert Task.objects.filter(kind="no_ground").count() == 1


def test_a_text_is_never_changed_a_new_wording_is_a_new_version(dpo: User, client_of) -> None:
    newsletter = make.purpose("newsletter")
    first = NoticeVersion.objects.get(purpose=newsletter)
    post = {"language": "cs", "text": "Nové znění."}
    assert client_of(dpo).post(reverse("consents:publish", args=["newsletter"]), post).status_code == 302
    assert [(n.version, n.text) for n in newsletter.notices.order_by("version")] == [
        (1, first.text),
        (2, "Nové znění."),
    ]


def test_a_material_change_asks_for_renewal_and_a_change_of_wording_does_not(petra: User, dpo: User) -> None:
    from consents.gate import may_contact

    jana = make.contact(petra, ground=make.consent_ground())
    newsletter = make.purpose("newsletter")
    publish_notice(purpose=newsletter, language="cs", text="Jen jinak řečeno.", actor=dpo)
    assert may_contact(jana, None, newsletter).rule == "consent"
    publish_notice(purpose=newsletter, language="cs", text="Nově i třetí osoby.", actor=dpo, is_material=True)
    assert may_contact(jana, None, newsletter).rule == "renew"


def test_the_projection_is_rebuilt_from_the_events_to_the_same_rows(petra: User) -> None:
    jana = make.contact(petra, ground=make.consent_ground())
    make.contact(petra, email="b@drevo.example", ground=make.consent_ground("recruitment"))
    before = list(Consent.objects.order_by("pk").values())
    Consent.objects.filter(subject__contact=jana).update(state=State.REFUSED)
    projection.rebuild(ConsentEvent.objects.values_list("subject_id", flat=True))
    assert list(Consent.objects.order_by("pk").values()) == before


def test_staff_do_not_change_purposes_and_the_officer_does(petra: User, dpo: User, client_of) -> None:
    make.purpose("newsletter")
    address = reverse("consents:purpose_edit", args=["newsletter"])
    assert client_of(petra).get(address).status_code == 403
    assert client_of(dpo).get(address).status_code == 200
    assert client_of(petra).get(reverse("consents:purposes")).status_code == 200


def test_a_purpose_for_ever_is_refused(dpo: User, client_of) -> None:
    make.purpose("newsletter")
    post = {"name": "X", "slug": "x", "description": "x", "basis": "consent", "retention_months": "0"}
    answer = client_of(dpo).post(reverse("consents:purpose_new"), post)
    assert answer.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Purpose.objects.filter(slug="newsletter").update(retention_months=0)


def test_the_list_of_purposes_takes_the_same_queries_whatever_their_number(
    dpo: User, client_of, django_assert_max_num_queries
) -> None:
    make.purpose("newsletter")
    browser = client_of(dpo)
    browser.get(reverse("consents:purposes"))
    for i in range(20):
        make.new_purpose(f"p{i}")
    with django_assert_max_num_queries(12):
        assert browser.get(reverse("consents:purposes")).status_code == 200


def test_a_new_installation_begins_with_the_usual_purposes_in_the_language_of_who_asks(
    dpo: User, petra: User, client_of
) -> None:
    dpo.language = "en"
    dpo.save()
    Installation.objects.update_or_create(id=1, defaults={"name": "Oak Ltd"})
    address = reverse("consents:usual")
    assert f'action="{address}"' in client_of(dpo).get(reverse("consents:purposes")).content.decode()
    assert f'action="{address}"' not in client_of(petra).get(reverse("consents:purposes")).content.decode()
    client_of(dpo).post(address)
    assert Purpose.objects.count() == 8
    assert Purpose.objects.get(slug="vat").name == "VAT documents"
    notice = Purpose.objects.get(slug="newsletter").notices.get()
    assert (notice.language, notice.text[:22]) == ("en", "I agree that Oak Ltd m")
    client_of(dpo).post(address)
    assert Purpose.objects.count() == 8


def test_the_list_of_purposes_counts_grounds_and_consents_apart(petra: User, dpo: User, client_of) -> None:
    for i in range(3):
        make.contact(petra, email=f"p{i}@drevo.example", ground=make.consent_ground())
    make.contact(petra, email="s@drevo.example")
    rows = client_of(dpo).get(reverse("consents:purposes")).context["purposes"]
    counts = {purpose.slug: (grounds, consents) for purpose, grounds, consents in rows}
    assert (counts["newsletter"], counts["contract"], counts["vat"]) == ((3, 3), (1, 0), (0, 0))


def test_a_renewal_older_than_the_withdrawal_comes_back_in_words_and_leaves_nothing(
    petra: User, client_of, settings
) -> None:
    make.contact(petra, ground=make.consent_ground())
    consent = Consent.objects.get()
    browser = client_of(petra)
    said = {"method": "phone", "reference": "", "occurred_on": timezone.localdate().isoformat()}
    assert browser.post(reverse("consents:withdraw", args=[consent.pk]), said).status_code == 302
    old = given(occurred_on=(timezone.localdate() - dt.timedelta(days=30)).isoformat(), valid_until="")
    old["file"] = SimpleUploadedFile("list.pdf", b"%PDF-1.4 x")
    before = {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    page = browser.post(reverse("consents:renew", args=[consent.pk]), old)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["occurred_on"])
    assert [e.kind for e in ConsentEvent.objects.order_by("sequence")] == [EventKind.GIVEN, EventKind.WITHDRAWN]
    assert {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()} == before
    assert not StoredFile.objects.exists()


def test_an_edit_of_a_purpose_in_use_makes_nobody_a_customer_of_another_line(petra: User) -> None:
    contract = make.new_purpose("training", basis="contract", product_line="training", is_marketing=False)
    form = PurposeForm(instance=contract)
    assert not form.fields["product_line"].disabled
    make.contact(petra, ground=NewGround(purpose=contract, values={"reference": "S-1"}))
    form = PurposeForm({"product_line": "furniture", "is_marketing": "on"}, instance=contract)
    form.is_valid()
    assert (form.cleaned_data["product_line"], form.cleaned_data["is_marketing"]) == ("training", False)


def test_an_empty_choice_is_a_dash_on_every_form_of_purposes_and_lists(client, dpo: User, manager: User):
    make.purpose("contract")
    client.force_login(dpo)
    pages = [client.get(reverse(f"consents:{name}")).content.decode() for name in ("purpose_new", "balancing_test_new")]
    client.force_login(manager)
    pages.append(client.get(reverse("outreach:lists")).content.decode())
    assert ["---------" in page for page in pages] == [False, False, False]
    assert ['<option value="" selected>—</option>' in page for page in pages] == [True, True, True]
