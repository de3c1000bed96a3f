"""When a period ends and no other ground stands, the data go: proposed, approved by a second colleague, and audited."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts import reauth
from accounts.models import Installation
from audit.models import AuditEvent
from consents.models import LegalGround
from consents.periods import add_months
from consents.services.grounds import open_ground
from consents.services.orphans import propose_erasure
from contacts.models import Contact
from gdpr_requests.desk.services import open_request
from gdpr_requests.erasure.jobs import work_run
from gdpr_requests.erasure.runs import NothingToErase, approve_run
from gdpr_requests.holds.services import place_hold
from gdpr_requests.models import ErasureItem, ErasureRun
from gdpr_requests.retention.forecast import forecast
from gdpr_requests.retention.proposals import dry_run, execute, listed
from tests import make

pytestmark = pytest.mark.django_db
DRY = "gdpr_requests:retention_dry_run"


def over(*contacts: Contact) -> None:
    """The grounds of these contacts ended a month ago."""
    at = timezone.now() - dt.timedelta(days=30)
    LegalGround.objects.filter(subject__contact__in=contacts).update(ended_at=at, end_reason="period_over")


def several(petra, count: int) -> list[Contact]:
    return [make.contact(petra, email=f"c{n}@drevo.example", phone=None) for n in range(count)]


@pytest.fixture
def four_eyes(db):
    Installation.objects.update_or_create(id=1, defaults={"four_eyes": True})


@pytest.fixture
def two_eyes(db):
    Installation.objects.update_or_create(id=1, defaults={"four_eyes": False})


@pytest.fixture
def mixed(petra, dpo) -> dict[str, Contact]:
    """One contact of each sort; all but `covered` have no ground any more."""
    names = ("ready", "covered", "restricted", "held", "asking")
    cards = dict(zip(names, several(petra, len(names)), strict=True))
    over(*(card for name, card in cards.items() if name != "covered"))
    Contact.objects.filter(pk=cards["restricted"].pk).update(restricted_at=timezone.now())
    place_hold(contact=cards["held"], reason="Spor", until=timezone.localdate() + dt.timedelta(days=90), actor=dpo)
    open_request(
        right="access",
        channel="email",
        received_on=timezone.localdate(),
        contact=cards["asking"],
        requester_name="Jana",
        requester_address="jana@drevo.example",
        text="",
        language="cs",
        actor=dpo,
    )
    return cards


def test_a_dry_run_counts_and_changes_nothing(mixed):
    assert dry_run().counts == {"ready": 1, "restricted": 1, "held": 1, "asking": 1}
    assert (Contact.objects.count(), ErasureRun.objects.count()) == (5, 0)


def test_what_is_restricted_held_or_asked_about_is_left_out_and_said_so(mixed, dpo, client_of):
    page = client_of(dpo).get(reverse(DRY)).content.decode()
    for words in (
        "will be erased",
        "stays: its processing is restricted (Art. 18)",
        "stays: a legal hold keeps it",
        "stays: a request of the person is open",
    ):
        assert words in page
    run = execute(actor=dpo)
    assert list(run.items.values_list("contact_id", flat=True)) == [mixed["ready"].pk]


def test_the_list_shows_visible_contacts_only(mixed, petra, cizi, dpo):
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    assert (listed(dpo).count(), listed(petra).count(), listed(cizi).count()) == (4, 4, 0)


def test_a_second_colleague_approves_before_anybody_is_erased(four_eyes, petra, dpo, admin):
    over(*several(petra, 3))
    run = execute(actor=dpo)
    work_run(str(run.pk))
    assert (run.state, run.origin, Contact.objects.count()) == ("waiting", "retention", 3)
    with pytest.raises(PermissionDenied):
        approve_run(run=run, actor=dpo)
    approve_run(run=run, actor=admin)
    work_run(str(run.pk))
    assert Contact.objects.count() == 0
    assert set(ErasureItem.objects.values_list("state", "reason")) == {("erased", "not_needed")}


def test_every_decision_is_audited_in_counts_and_codes(four_eyes, mixed, dpo):
    run = execute(actor=dpo)
    event = AuditEvent.objects.get(action="retention.decided")
    assert (event.actor_id, event.target_id) == (dpo.pk, str(run.pk))
    assert event.detail == {"ready": 1, "restricted": 1, "held": 1, "asking": 1}


def test_what_is_planned_is_not_planned_again(four_eyes, petra, dpo):
    over(*several(petra, 2))
    execute(actor=dpo)
    assert dry_run().counts == {"planned": 2}
    with pytest.raises(NothingToErase):
        execute(actor=dpo)


@pytest.mark.parametrize("change", ["ground", "restriction"])
def test_a_card_is_asked_once_more_when_its_turn_comes(four_eyes, petra, dpo, admin, change):
    kept, gone = several(petra, 2)
    over(kept, gone)
    run = execute(actor=dpo)
    if change == "ground":
        open_ground(contact=kept, purpose=make.purpose("contract"), actor=petra, reference="S-9")
    else:
        Contact.objects.filter(pk=kept.pk).update(restricted_at=timezone.now())
    approve_run(run=run, actor=admin)
    work_run(str(run.pk))
    assert list(Contact.objects.all()) == [kept]
    assert dict(run.items.values_list("contact_id", "state")) == {kept.pk: "refused", gone.pk: "erased"}
    assert run.items.get(contact_id=kept.pk).problem == "needed"
    run.refresh_from_db()
    assert run.state == "done"


def test_a_standing_legal_obligation_keeps_the_contact_out_of_every_proposal(petra):
    contact = make.contact(petra)
    over(contact)
    open_ground(contact=contact, purpose=make.purpose("accounting"), actor=petra)
    assert (propose_erasure(None, actor=None), dry_run().counts) == (0, {})


def test_it_is_decided_in_one_go_in_the_browser(two_eyes, petra, dpo, client_of):
    over(*several(petra, 3))
    browser = client_of(dpo)
    session = browser.session
    session[reauth.CONFIRMED] = int(time.time())
    session.save()
    assert "Erase 3 contacts" in browser.get(reverse(DRY)).content.decode()
    answer = browser.post(reverse("gdpr_requests:retention_run"))
    run = ErasureRun.objects.get(origin="retention")
    assert answer["Location"] == reverse("gdpr_requests:run", args=[run.pk])
    assert run.items.count() == 3


# --- the coming twelve months -----------------------------------------------------------------------------------------


def test_the_page_tells_what_ends_by_month_and_purpose(petra):
    today = timezone.localdate()
    make.contact(petra, ground=make.consent_ground(days=20))
    later = make.contact(petra, email="b@drevo.example", phone=None)
    LegalGround.objects.filter(subject__contact=later).update(valid_until=add_months(today.replace(day=1), 3))
    told = forecast(Contact.objects.all())
    assert sum(month["value"] for month in told.ends) == 2
    assert told.ends[3]["value"] == 1
    rules = {rule.purpose.slug: (rule.soon, rule.ending) for rule in told.rules if rule.ending}
    assert rules == {"newsletter": (1, 1), "contract": (0, 1)}
    assert told.left_total == 2


def test_a_contact_with_a_longer_ground_beside_is_not_counted_as_left_with_nothing(petra):
    contact = make.contact(petra, ground=make.consent_ground(days=20))
    assert forecast(Contact.objects.all()).left_total == 1
    open_ground(contact=contact, purpose=make.purpose("accounting"), actor=petra)
    told = forecast(Contact.objects.all())
    assert (told.left_total, sum(month["value"] for month in told.ends)) == (0, 1)


def test_the_pages_take_as_many_queries_for_one_contact_as_for_thirty(
    petra, dpo, client_of, django_assert_max_num_queries
):
    browser = client_of(dpo)
    over(*several(petra, 1))
    addresses = [reverse("gdpr_requests:retention"), reverse(DRY)]
    for address in addresses:
        browser.get(address)
    with django_assert_max_num_queries(60) as one:
        for address in addresses:
            browser.get(address)
    over(*(make.contact(petra, email=f"x{n}@drevo.example", phone=None) for n in range(29)))
    with django_assert_max_num_queries(len(one.captured_queries)):
        for address in addresses:
            browser.get(address)


def test_forecast_takes_six_queries(petra, django_assert_num_queries):
    make.contact(petra)
    with django_assert_num_queries(6):
        forecast(Contact.objects.all())
