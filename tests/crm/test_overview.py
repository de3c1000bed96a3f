"""The first page and the reports: only what the user may see, at the same price for one and for many."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from consents.models import LegalGround
from consents.scan import scan
from consents.services.grounds import end_ground
from consents.services.ledger import record_event
from contacts.services.timeline import add_entry
from crm.overview import Overview, overview
from tasks.services import create_task
from tests import make

pytestmark = pytest.mark.django_db


def numbers(found: Overview) -> dict[str, int]:
    """What the tiles say, by the kind of each."""
    return dict(zip(("late", "ending", "without", "valid"), (tile.number for tile in found.tiles), strict=False))


def listed(browser, href: str) -> set:
    """The contacts on the list behind an address."""
    return {row.contact for row in browser.get(href).context["listing"].rows}


def test_each_bar_leads_to_exactly_the_contacts_that_it_counts(petra: User, tomas: User, client_of) -> None:
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday())
    newsletter, recruitment = make.purpose("newsletter"), make.purpose("recruitment")
    by_week: dict[int, set] = {}
    for number, days in enumerate([0, 1, 5, 6, 7, 8, 13, 14, 20, 29, 31, 45, 60, 83, 84, 120]):
        one = make.contact(petra, email=f"p{number}@drevo.example", ground=make.consent_ground(days=days))
        by_week.setdefault((today + dt.timedelta(days=days) - monday).days // 7, set()).add(one)
    # Two consents of one contact in one week, a week of ended consents, and somebody else's contact.
    twice = make.contact(petra, email="dva@drevo.example", ground=make.consent_ground(days=40))
    until = today + dt.timedelta(days=40)
    record_event(
        contact=twice,
        purpose=recruitment,
        kind="given",
        evidence=make.PAPER,
        actor=petra,
        channel="email",
        valid_until=until,
    )
    by_week.setdefault((until - monday).days // 7, set()).add(twice)
    refused = make.contact(petra, email="ne@drevo.example", ground=make.consent_ground(days=45))
    record_event(
        contact=refused,
        purpose=newsletter,
        kind="withdrawn",
        evidence=make.PAPER,
        actor=petra,
    )
    make.contact(tomas, email="cizi@drevo.example", ground=make.consent_ground(days=45))
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    browser = client_of(petra)
    weeks = browser.get("/").context["overview"].weeks
    assert [listed(browser, week["href"]) for week in weeks] == [by_week.get(n, set()) for n in range(12)]
    assert [week["value"] for week in weeks] == [len(by_week.get(n, set())) for n in range(12)]


def test_each_tile_leads_to_exactly_what_it_counts(petra: User, tomas: User, client_of) -> None:
    for i, days in enumerate((3, 30, 31)):
        make.contact(petra, email=f"p{i}@drevo.example", ground=make.consent_ground(days=days))
    orphan = make.contact(petra, email="sirotek@drevo.example")
    end_ground(ground=LegalGround.objects.get(subject__contact=orphan), reason="mistake", actor=petra)
    for colleague in (petra, tomas):
        create_task(title="Pozdě", due_on=timezone.localdate() - dt.timedelta(days=1), assignee=colleague, actor=petra)
    browser = client_of(petra)
    tiles = browser.get("/").context["overview"].tiles
    assert [len(listed(browser, tile.href)) for tile in tiles[1:4]] == [tile.number for tile in tiles[1:4]] == [2, 1, 3]
    rows = browser.get(tiles[0].href).context["rows"]
    assert len(rows) == tiles[0].number == 1


def test_ticking_a_task_on_the_overview_stays_there_and_so_does_undoing_it(petra: User, client_of) -> None:
    create_task(title="Zavolat", due_on=timezone.localdate(), assignee=petra, actor=petra)
    browser = client_of(petra)
    page = browser.get("/").content.decode()
    form = re.search(r'<form method="post" action="(/tasks/[^"]+)">.*?name="back" value="([^"]*)"', page, re.DOTALL)
    answer = browser.post(form[1], {"back": form[2]})
    assert (answer.status_code, answer.url) == (302, "/")
    undo = re.search(r'action="(/tasks/[^"]+reopen[^"]*)"', browser.get("/").content.decode())[1]
    assert browser.post(html.unescape(undo)).url == "/"


def test_the_page_shows_what_ends_what_waits_and_what_happened(petra: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    make.contact(petra, email="b@drevo.example", ground=make.consent_ground(days=60))
    add_entry(contact=jana, kind="call", actor=petra, body="Chce dub.")
    scan()
    page = client_of(petra).get("/")
    found = page.context["overview"]
    assert numbers(found) == {"late": 0, "ending": 1, "without": 0, "valid": 2}
    assert found.contacts == 2
    assert sum(week["value"] for week in found.weeks) == 2
    assert [contact for _task, contact in found.tasks] == [jana]
    assert "Chce dub." in page.content.decode()


def test_the_weeks_begin_on_monday_and_hold_each_end_once(petra: User) -> None:
    for i, days in enumerate((0, 6, 7, 83, 90)):
        make.contact(petra, email=f"p{i}@drevo.example", ground=make.consent_ground(days=days))
    weeks = overview(petra).weeks
    monday = timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday())
    last = monday + dt.timedelta(weeks=12)
    inside = [d for d in (0, 6, 7, 83, 90) if timezone.localdate() + dt.timedelta(days=d) < last]
    assert (len(weeks), sum(week["value"] for week in weeks)) == (12, len(inside))


def test_a_contact_without_a_ground_is_counted(petra: User) -> None:
    make.contact(petra)
    end_ground(ground=LegalGround.objects.get(), reason="mistake", actor=petra)
    assert numbers(overview(petra))["without"] == 1


def test_nothing_of_others_is_counted_or_shown(petra: User, cizi: User, client_of) -> None:
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    add_entry(contact=jana, kind="call", actor=petra, body="Tajné.")
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    found = overview(cizi)
    assert (found.contacts, found.entries) == (0, [])
    assert numbers(found) == {"late": 0, "ending": 0, "without": 0, "valid": 0}
    assert "Tajné" not in client_of(cizi).get("/").content.decode()
    assert client_of(cizi).get(reverse("crm:reports")).context["report"].consents == []


def test_a_new_installation_leads_by_the_hand(admin: User, client_of) -> None:
    page = client_of(admin).get("/").content.decode()
    for address in (reverse("intake:import"), reverse("consents:purposes"), reverse("admin:accounts_user_add")):
        assert f'href="{address}"' in page


def test_the_reports_count_consents_by_purpose_and_grounds_by_basis(petra: User, client_of) -> None:
    make.contact(petra)
    make.contact(petra, email="b@drevo.example", ground=make.consent_ground(days=20))
    found = client_of(petra).get(reverse("crm:reports")).context["report"]
    assert [(name, sum(count for _state, count in counts)) for name, counts in found.consents] == [("Newsletter", 1)]
    assert dict(found.grounds)["contract"] == 1
    assert dict(found.grounds)["consent"] == 1
    assert sum(month["value"] for month in found.months) == 1


def test_the_first_page_costs_the_same_for_one_and_for_thirty(
    petra: User, client_of, django_assert_num_queries
) -> None:
    browser = client_of(petra)
    make.contact(petra, ground=make.consent_ground(days=20))
    scan()
    browser.get("/")
    for more in (0, 29):
        for i in range(more):
            one = make.contact(petra, email=f"p{i}@drevo.example", ground=make.consent_ground(days=20))
            add_entry(contact=one, kind="note", actor=petra, body="x")
        scan()
        with django_assert_num_queries(20):
            assert browser.get("/").status_code == 200


@pytest.mark.parametrize("who", ["petra", "manager", "dpo", "admin", "auditor"])
def test_every_way_that_the_reports_offer_is_open(who: str, request, client_of) -> None:
    browser = client_of(request.getfixturevalue(who))
    page = browser.get(reverse("crm:reports"))
    assert {url: browser.get(url).status_code for _card, url in page.context["cards"]} == {
        url: 200 for _card, url in page.context["cards"]
    }


def test_the_officer_and_the_auditor_find_certificates_among_the_reports(dpo: User, auditor: User, client_of) -> None:
    for reader in (dpo, auditor):
        assert (
            f'href="{reverse("gdpr_requests:erasures")}"'
            in client_of(reader).get(reverse("crm:reports")).content.decode()
        )
