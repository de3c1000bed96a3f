"""Balancing tests: every part the law asks for, dated before the processing, versions, reviews that nobody forgets."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pypdf import PdfReader

from consents.models import STEPS, BalancingTest, LegalGround, Purpose
from consents.scan import scan
from consents.services.grounds import open_ground
from consents.services.purposes import renew_balancing_test, save_balancing_test
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


def day(offset: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=offset)


@pytest.fixture
def enquiry(db) -> BalancingTest:
    return make.purpose("enquiry").balancing_test


@pytest.fixture
def used(enquiry, petra) -> BalancingTest:
    """A test that somebody's data are held on."""
    make.contact(petra, ground=make.NewGround(purpose=make.purpose("enquiry"), values={}))
    return enquiry


def answers(**changed: object) -> dict[str, object]:
    told: dict[str, object] = {name: f"Odpověď {name}" for name in STEPS}
    return {
        **told,
        "name": "Kamera u skladu",
        "outcome": "prevails",
        "dated": day(0).isoformat(),
        "review_on": day(365).isoformat(),
        **changed,
    }


def test_legitimate_interest_assessment_has_every_part_that_the_law_asks_for(dpo, client_of):
    make.purpose("enquiry")
    client = client_of(dpo)
    refused = client.post("/purposes/balancing-tests/new/", {"dated": ""})
    assert refused.status_code == 422
    assert {*STEPS, "outcome", "review_on"} <= set(refused.context["form"].errors)
    made = client.post("/purposes/balancing-tests/new/", answers(owner=str(dpo.pk)))
    assert made.status_code == 302
    test = BalancingTest.objects.get(name="Kamera u skladu")
    assert {name: getattr(test, name) for name in STEPS} == {name: f"Odpověď {name}" for name in STEPS}
    assert (test.owner, test.outcome, test.review_on, test.version) == (dpo, "prevails", day(365), 1)


def test_the_shipped_assessments_answer_every_question(enquiry):
    empty = [(test.name, name) for test in BalancingTest.objects.all() for name in STEPS if not getattr(test, name)]
    assert empty == []


@pytest.mark.parametrize(("field", "value"), [("dated", 1), ("review_on", 0)])
def test_an_assessment_is_not_dated_ahead_nor_reviewed_before_it_was_written(dpo, client_of, field, value):
    answer = client_of(dpo).post("/purposes/balancing-tests/new/", answers(**{field: day(value).isoformat()}))
    assert (answer.status_code, list(answer.context["form"].errors)[:1]) == (422, [field])


def test_an_assessment_is_dated_before_the_processing_starts(enquiry, petra):
    BalancingTest.objects.filter(pk=enquiry.pk).update(dated=day(0))
    contact = make.contact(petra)
    with pytest.raises(ValidationError):
        open_ground(contact=contact, purpose=make.purpose("enquiry"), actor=petra, valid_from=day(-1))


def test_an_assessment_in_use_is_never_changed_but_gets_a_new_version(used, dpo, client_of):
    used.interest = "Jinak"
    with pytest.raises(ValidationError):
        save_balancing_test(test=used, actor=dpo, changed=["interest"])
    client = client_of(dpo)
    address = f"/purposes/balancing-tests/{used.pk}/"
    assert "Data are held on this test" in client.get(address).content.decode()
    assert client.post(address, answers(name=used.name, interest="Nově")).status_code == 302
    newest = BalancingTest.objects.get(replaces=used)
    old = BalancingTest.objects.get(pk=used.pk)
    assert (newest.version, newest.interest, newest.dated) == (2, "Nově", day(0))
    assert old.interest.startswith("Odpovědět člověku")
    assert Purpose.objects.get(slug="enquiry").balancing_test == newest
    assert LegalGround.objects.get(basis="legitimate_interest").balancing_test == old


def test_two_people_do_not_write_the_next_version_of_one_assessment(used, dpo):
    for number, refused in enumerate((False, True)):
        test = BalancingTest(**dict.fromkeys(STEPS, "x"), name=f"n{number}", outcome="prevails", review_on=day(9))
        if refused:
            with pytest.raises(ValidationError):
                renew_balancing_test(earlier=used, test=test, actor=dpo)
        else:
            renew_balancing_test(earlier=used, test=test, actor=dpo)


def test_a_ground_that_began_earlier_rests_on_the_version_of_its_time(used, dpo, petra):
    test = BalancingTest(**dict.fromkeys(STEPS, "x"), name="n", outcome="prevails", review_on=day(365))
    renew_balancing_test(earlier=used, test=test, actor=dpo)
    purpose = Purpose.objects.get(slug="enquiry")
    contact = make.contact(petra, email="eva@drevo.example")
    earlier = open_ground(contact=contact, purpose=purpose, actor=petra, valid_from=day(-30))
    now = open_ground(contact=contact, purpose=purpose, actor=petra)
    assert (earlier.balancing_test, now.balancing_test) == (used, test)


def test_a_review_makes_exactly_one_task_before_its_day_and_none_for_replaced_versions(used, dpo):
    BalancingTest.objects.update(review_on=day(300), dated=day(-300))
    BalancingTest.objects.filter(pk=used.pk).update(review_on=day(20), owner=dpo)
    assert [scan().reviews, scan().reviews] == [1, 0]
    task = Task.objects.open().get(kind=Task.Kind.REVIEW_TEST)
    assert (task.about_id, task.assignee, task.due_on) == (used.pk, dpo, day(20))
    test = BalancingTest(**dict.fromkeys(STEPS, "x"), name="n", outcome="prevails", review_on=day(365))
    renew_balancing_test(earlier=BalancingTest.objects.get(pk=used.pk), test=test, actor=dpo)
    assert scan().outdated == 1
    assert not Task.objects.open().filter(kind=Task.Kind.REVIEW_TEST).exists()


def test_an_overdue_review_is_said_among_the_purposes_and_on_the_first_page(enquiry, dpo, petra, client_of):
    assert "overdue" not in client_of(dpo).get("/purposes/").content.decode()
    BalancingTest.objects.filter(pk=enquiry.pk).update(dated=day(-400), review_on=day(-1))
    assert "review of a balancing test is overdue" in client_of(dpo).get("/purposes/").content.decode()
    assert "balancing test overdue for review" in client_of(dpo).get("/").content.decode()
    assert "overdue for review" not in client_of(petra).get("/").content.decode()


def test_an_assessment_is_a_tagged_pdf_with_all_its_answers(used, petra, client_of):
    answer = client_of(petra).get(f"/reports/balancing-tests/{used.pk}/pdf/")
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    missing = [name for name in STEPS if " ".join(getattr(used, name).split())[:40] not in text]
    assert missing == []
    assert "our interest prevails" in text
