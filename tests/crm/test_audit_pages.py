"""The audit as people read it: in words, filtered, and without a single value."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from accounts import roles
from accounts.links import LinkKind
from accounts.models import Installation, User
from audit import anchor, chain, verification
from audit.jobs import verify_audit_record
from audit.management.commands.verify_audit import REASONS
from audit.models import AuditEvent
from audit.services import Row, record, record_many
from consents.models import BalancingTest, Basis, Channel, EndReason, LegalGround, Purpose, Suppression
from contacts.models import Contact, Source, TimelineEntry
from contacts.services.correct import correct_card
from crm.audit_details import KEYS, VALUES
from crm.audit_list import PER_PAGE, all_pages, matching
from crm.audit_words import ACTIONS
from gdpr_requests.export.collect import Variant
from gdpr_requests.models import ErasureReason, SecurityMeasure
from intake.parsing.detect import FileKind
from tasks.models import Task
from tests import make
from tests.crm import audit_source as source

pytestmark = pytest.mark.django_db
AUDIT = "/reports/audit/"


def test_every_action_that_is_recorded_has_words() -> None:
    found = source.actions()
    assert {"contact.viewed", "user.role_given", "import.done", "audit.verified"} <= found
    assert found - ACTIONS.keys() == set()


def test_every_detail_that_is_recorded_has_words() -> None:
    found = source.detail_keys()
    assert {"purpose", "count", "role", "panel", "consent_tasks", "reason"} <= found
    assert found - KEYS.keys() == set()


def test_every_field_that_can_be_recorded_has_words() -> None:
    models = [Contact, TimelineEntry, Purpose, BalancingTest, LegalGround, User, Installation, Task, SecurityMeasure]
    silent = [
        f"{model._meta.label_lower}.{field.name}"
        for model in models
        for field in model._meta.concrete_fields
        # To whom a row belongs is never changed.
        if field.editable and field.name not in ("id", "contact", "subject")
        if not isinstance(field._verbose_name, Promise)
    ]
    assert silent == []
    assert source.field_names() - {field.name for model in models for field in model._meta.get_fields()} == set()


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("basis", Basis.values),
        ("channel", Channel.values),
        ("outcome", Task.Outcome.values),
        ("source", Source.values),
        ("reason", [*EndReason.values, *ErasureReason.values, *Suppression.Reason.values, *REASONS]),
        ("kind", [*LinkKind, *FileKind]),
        ("variant", list(Variant)),
        ("panel", source.panels()),
    ],
)
def test_every_code_of_a_detail_has_words(key: str, codes: list[str]) -> None:
    assert {str(code) for code in codes} - {str(code) for code in VALUES[key]} == set()


def told(browser: Client, **wanted: str) -> list[tuple[str, str]]:
    """What the page says happened, and its details."""
    return [(line.what, line.about) for line in browser.get(AUDIT, wanted).context["lines"]]


def test_fields_and_details_are_told_in_the_words_of_the_reader(petra: User, dpo: User, admin: User, client_of) -> None:
    make.purpose("newsletter")
    event = partial(record, actor=petra)
    event("contact.changed", contact_id=uuid4(), fields=["last_name", "emails.value", "phones.removed"])
    event("consent.withdrawn", contact_id=uuid4(), detail={"purpose": "newsletter", "channel": "email"})
    event("ground.ended", contact_id=uuid4(), detail={"reason": "consent_ended"})
    event("purpose.changed", target=make.purpose("newsletter"), fields=["retention_months"])
    event("user.role_given", target=petra, detail={"role": Group.objects.get(name=roles.MANAGER).pk})
    event("role.changed", detail={"contacts.change_contact": 1, "contacts.import_contact": 0})
    event("user.changed", target=petra, fields=["groups", "full_name"])
    event("user.handed_over", target=petra, detail={"moved": 3, "to": dpo.pk})
    event("contact.viewed", contact_id=uuid4(), detail={"panel": "timeline"})
    browser = client_of(dpo)
    assert told(browser, actor=str(petra.pk)) == [
        ("viewed a card", "Part of the card: what happened"),
        ("handed over what a colleague owned", f"Things handed over: 3; To colleague: {dpo}"),
        ("changed an account", "Name and surname, roles"),
        (
            "changed what a role may do",
            "Added: correct contacts; Taken away: import contacts",
        ),
        ("gave a colleague a role", "Role: Manager"),
        ("changed a purpose", "Kept for (months)"),
        ("a ground ended", "Reason: the consent ended"),
        ("recorded a withdrawal of consent", "Channel: e-mail; Purpose: Newsletter"),
        ("corrected a card", "E-mail addresses, last name, Phone numbers (removed)"),
    ]
    dpo.language = "cs"
    dpo.save()
    czech = told(browser, actor=str(petra.pk))
    assert czech[7] == ("zapsal(a) odvolání souhlasu", "Cesta: e-mail; Účel: Newsletter")
    assert czech[0][1] == "Část karty: co se stalo"


@pytest.mark.parametrize(
    "wanted",
    [
        {"contact": "nonsense"},
        {"since": "nonsense"},
        {"actor": "nonsense"},
        {"action": "nonsense"},
        {"since": "2026-11-24", "until": "2026-11-01"},
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_in_words_and_widens_nothing(
    dpo: User, petra: User, client_of, wanted: dict[str, str]
) -> None:
    record("contact.searched", actor=petra)
    for address in (AUDIT, reverse("crm:audit_download")):
        answer = client_of(dpo).get(address, wanted)
        assert answer.status_code == 422
        assert "This filter makes no sense" in answer.content.decode()
        assert "searched contacts</td>" not in answer.content.decode()
    assert not AuditEvent.objects.filter(action="audit.downloaded").exists()


def test_the_download_is_whole_streamed_and_recorded_with_its_filters(
    dpo: User, petra: User, tomas: User, client_of, monkeypatch
) -> None:
    monkeypatch.setattr("crm.audit_list.BATCH", 7)
    card = uuid4()
    record_many("contact.viewed", actor=petra, rows=[Row(contact_id=card) for _ in range(30)])
    record_many("contact.viewed", actor=tomas, rows=[Row(contact_id=card) for _ in range(5)])
    today = timezone.localdate().isoformat()
    wanted = {"actor": str(petra.pk), "action": "contact.viewed", "since": today, "until": today, "contact": str(card)}
    answer = client_of(dpo).get(reverse("crm:audit_download"), wanted)
    assert answer.streaming
    # Nothing was read yet but the count: the file is made while it is sent.
    record_many("contact.viewed", actor=petra, rows=[Row(contact_id=card)])
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["When", "Who", "What", "Card", "Details"]
    assert [row[1:] for row in rows[1:]] == [[str(petra), "viewed a card", str(card), ""]] * 30
    event = AuditEvent.objects.get(action="audit.downloaded")
    assert (event.actor_id, event.contact_id) == (dpo.pk, card)
    assert event.detail == {
        "count": 30,
        "actor": str(petra.pk),
        "action": "contact.viewed",
        "since": today,
        "until": today,
    }


def test_a_download_holds_no_more_than_a_batch_at_a_time(dpo: User, petra: User, monkeypatch) -> None:
    monkeypatch.setattr("crm.audit_list.BATCH", 10)
    record_many("contact.searched", actor=petra, rows=[Row() for _ in range(45)])
    sizes = [len(page) for page in all_pages(matching({"actor": str(petra.pk)}))]
    assert sizes == [10, 10, 10, 10, 5]


def test_days_are_those_of_the_installation_both_ends_included(dpo: User, petra: User) -> None:
    def at(hour: int, minute: int) -> AuditEvent:
        moment = dt.datetime(2026, 11, 23, hour, minute, tzinfo=dt.UTC)
        return AuditEvent.objects.create(at=moment, action="contact.searched", actor_id=petra.pk, mac=b"x")

    # 23:30 and 0:30 in Prague, where these are two days.
    late, early = at(22, 30), at(23, 30)
    monday, tuesday = dt.date(2026, 11, 23), dt.date(2026, 11, 24)
    assert list(matching({"since": monday, "until": monday})) == [late]
    assert list(matching({"since": tuesday, "until": tuesday})) == [early]
    assert set(matching({"until": dt.date.max})) == {late, early}


@pytest.fixture
def own_anchor(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


def state(browser: Client) -> tuple[str, str, str]:
    found = browser.get(AUDIT).context["chain"]
    return found.tone, found.title, found.text


def test_the_page_says_since_when_the_record_is_known_to_hold(
    dpo: User, petra: User, client_of, own_anchor, django_capture_on_commit_callbacks
) -> None:
    browser = client_of(dpo)
    assert state(browser)[:2] == ("info", "Not verified yet")
    record_many("contact.searched", actor=petra, rows=[Row() for _ in range(1200)])
    with django_capture_on_commit_callbacks(execute=True):
        chain.link_events()
    verify_audit_record()
    tone, title, text = state(browser)
    assert (tone, title) == ("ok", "The record is whole")
    assert re.search(r"1,2\d\d events stand in the chain, unchanged", text)
    verify_audit_record()
    assert AuditEvent.objects.filter(action="audit.verified").count() == 1


def test_the_page_says_what_is_wrong_with_the_record(
    dpo: User, petra: User, client_of, own_anchor, django_capture_on_commit_callbacks
) -> None:
    record_many("contact.searched", actor=petra, rows=[Row() for _ in range(5)])
    with django_capture_on_commit_callbacks(execute=True):
        chain.link_events()
    anchored = anchor.path().read_text()
    anchor.path().unlink()
    tone, title, text = state(client_of(dpo))
    assert (tone, title) == ("bad", "The record does not hold")
    assert "the anchor file is missing" in text
    anchor.path().write_text(anchored)
    verdict = replace(verification.verify(), reason="event_changed", position=3, event_id=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verification, "verify", lambda: verdict)
        verify_audit_record()
    text = state(client_of(dpo))[2]
    assert "an event was changed" in text
    assert "link 3" in text
    # It is looked at again every hour until it holds.
    verify_audit_record()
    assert state(client_of(dpo))[0] == "ok"


def test_a_view_and_a_change_are_read_in_words_and_fields_without_values(petra: User, dpo: User, client_of) -> None:
    jana = make.contact(petra)
    client_of(petra).get(jana.get_absolute_url())
    correct_card(contact=jana, values={"last_name": "Tajnáčková"}, actor=petra)
    page = client_of(dpo).get(AUDIT)
    text = page.content.decode()
    assert "viewed a card" in text
    assert "corrected a card" in text
    assert "Last name" in {line.about for line in page.context["lines"]}
    said = [(line.who, line.what) for line in page.context["lines"]]
    assert (str(petra), "viewed a card") in said
    assert "Tajnáčková" in text  # the link to the card that the officer may see
    download = b"".join(client_of(dpo).get(reverse("crm:audit_download")).streaming_content).decode()
    assert "Tajnáčková" not in download
    assert AuditEvent.objects.filter(action="audit.downloaded").count() == 1


def test_the_record_is_narrowed_by_colleague_card_action_and_days(
    petra: User, tomas: User, dpo: User, client_of
) -> None:
    jana = make.contact(petra)
    other = make.contact(tomas, email="b@drevo.example")
    for user in (petra, tomas):
        client_of(user).get(jana.get_absolute_url())
    client_of(tomas).get(other.get_absolute_url())
    browser = client_of(dpo)

    def views(**wanted: str) -> int:
        lines = browser.get(AUDIT, {"action": "contact.viewed", **wanted}).context["lines"]
        return len(lines)

    assert views() == 3
    assert views(contact=str(jana.pk)) == 2
    assert views(actor=str(tomas.pk)) == 2
    assert views(actor=str(tomas.pk), contact=str(jana.pk)) == 1
    assert views(since="2020-01-01", until="2020-01-02") == 0


def test_a_card_that_the_reader_may_not_see_is_not_named(petra: User, auditor: User, client_of) -> None:
    jana = make.contact(petra)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    role = auditor.groups.get()
    role.permissions.remove(*role.permissions.filter(codename="view_all_contacts"))
    page = client_of(auditor).get(AUDIT, {"contact": str(jana.pk)}).content.decode()
    assert "Nováková" not in page


def test_long_records_are_read_page_by_page(dpo: User, petra: User, client_of, django_assert_max_num_queries) -> None:
    record_many("contact.searched", actor=petra, rows=[Row() for _ in range(PER_PAGE * 2)])
    browser = client_of(dpo)
    first = browser.get(AUDIT)
    assert len(first.context["lines"]) == PER_PAGE
    with django_assert_max_num_queries(14):
        second = browser.get(AUDIT, {"before": first.context["following"]})
    ids = [line.event.pk for page in (first, second) for line in page.context["lines"]]
    assert len(set(ids)) == PER_PAGE * 2
    assert browser.get(AUDIT, {"before": "x" * 50}).status_code == 200
