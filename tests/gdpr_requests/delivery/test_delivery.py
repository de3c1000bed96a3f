"""A copy leaves the house behind a link and a code, looked through for others' data, and goes when its time is over."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation
from audit.models import AuditEvent
from contacts.models import Contact, TimelineEntry
from contacts.services.files import add_file
from contacts.services.timeline import add_entry
from gdpr_requests.delivery.services import (
    WRONG_CODES,
    DeliveryEnded,
    WrongCode,
    end_expired,
    fetch,
    prepare,
    revoke,
)
from gdpr_requests.export.collect import Variant, gather
from gdpr_requests.export.review import Choice, places
from gdpr_requests.models import CopyDelivery
from gdpr_requests.services.erase import erase_contact
from intake.services import NewGround
from privacy.files import store
from tests import make
from tests.gdpr_requests.people import PLANTED, Planted, planted

pytestmark = pytest.mark.django_db


@pytest.fixture
def zofie(petra) -> Planted:
    return planted(petra)


def note_of_others(contact, actor) -> TimelineEntry:
    return add_entry(
        contact=contact,
        kind=TimelineEntry.Kind.NOTE,
        body="Volal její soused Karel Vomáčka (karel.vomacka@jinde.example), sud prý teče.",
        actor=actor,
    )


def handed(contact, actor, *, variant=Variant.COMPLETE, choices=None, **kwargs) -> CopyDelivery:
    return prepare(contact=contact, variant=variant, choices=choices or {}, actor=actor, **kwargs)


def opened(delivery: CopyDelivery) -> dict[str, bytes]:
    _row, chunks = fetch(token=delivery.token, code=delivery.code)
    with zipfile.ZipFile(io.BytesIO(b"".join(chunks))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- the link and the code ------------------------------------------------------------------------------------------


def test_the_person_gets_everything_with_link_and_code(zofie, petra):
    content = opened(handed(zofie.contact, petra))["data.json"].decode()
    assert [name for name, value in PLANTED.items() if value not in content] == []


def test_the_page_names_nobody_and_gives_the_copy_for_the_code_only(zofie, petra, client):
    delivery = handed(zofie.contact, petra)
    address = reverse("gdpr_requests:my_copy", args=[delivery.token])
    page = client.get(address).content.decode()
    assert [name for name, value in PLANTED.items() if value in page] == []
    wrong = client.post(address, {"code": "00000000" if delivery.code != "00000000" else "11111111"})
    assert (wrong.status_code, "PK" in wrong.content.decode()[:4]) == (422, False)
    right = client.post(address, {"code": f"{delivery.code[:4]} {delivery.code[4:]}"})
    assert right.status_code == 200
    assert b"".join(right.streaming_content)[:2] == b"PK"
    assert "capska" not in right["Content-Disposition"].casefold()


def test_five_wrong_codes_end_the_link_and_delete_the_copy(zofie, petra, django_capture_on_commit_callbacks):
    delivery = handed(zofie.contact, petra)
    name, wrong = delivery.storage_name, f"{(int(delivery.code) + 1) % 10**8:08d}"
    left = []
    with django_capture_on_commit_callbacks(execute=True):
        for _attempt in range(WRONG_CODES):
            with pytest.raises(WrongCode) as refused:
                fetch(token=delivery.token, code=wrong)
            left.append(refused.value.left)
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(DeliveryEnded):
        fetch(token=delivery.token, code=delivery.code)
    delivery.refresh_from_db()
    assert (delivery.end_reason, delivery.storage_name, (store.root / name).exists()) == ("guessed", None, False)


@pytest.mark.parametrize("code", ["", "abc", "1234", "١٢٣٤٥٦٧٨", "0" * 21, "\x00" * 8])
def test_what_is_no_code_is_refused_in_words_and_not_counted(zofie, petra, client, code):
    delivery = handed(zofie.contact, petra)
    answer = client.post(reverse("gdpr_requests:my_copy", args=[delivery.token]), {"code": code})
    delivery.refresh_from_db()
    assert (answer.status_code, delivery.wrong_codes <= 1) == (422, True)


def test_an_unknown_link_an_ended_and_an_expired_one_look_the_same(zofie, petra, client):
    revoked, late = handed(zofie.contact, petra), handed(zofie.contact, petra)
    revoke(delivery=revoked, actor=petra)
    CopyDelivery.objects.filter(pk=late.pk).update(ends_at=timezone.now())
    seen = set()
    for token in ("x" * 43, revoked.token, late.token):
        answer = client.get(reverse("gdpr_requests:my_copy", args=[token]), headers={"accept-language": "cs"})
        page = answer.content.decode().replace(token, "")
        seen.add((answer.status_code, re.sub(r"[A-Za-z0-9]{64}", "", page)))
    assert [status for status, _page in seen] == [404]


def test_strangers_who_try_links_are_shut_out(zofie, petra, client):
    delivery = handed(zofie.contact, petra)
    for number in range(30):
        client.get(reverse("gdpr_requests:my_copy", args=[f"{number:043d}"]))
    assert client.get(reverse("gdpr_requests:my_copy", args=[delivery.token])).status_code == 404


def test_the_copy_goes_when_its_time_is_over_and_the_row_a_year_later(zofie, petra, django_capture_on_commit_callbacks):
    delivery = handed(zofie.contact, petra, days=1)
    name = delivery.storage_name
    assert (store.root / name).exists()
    CopyDelivery.objects.update(ends_at=timezone.now() - dt.timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert (end_expired(), end_expired()) == (1, 0)
    delivery.refresh_from_db()
    assert (delivery.end_reason, (store.root / name).exists()) == ("expired", False)
    CopyDelivery.objects.update(ended_at=timezone.now() - dt.timedelta(days=366))
    end_expired()
    assert CopyDelivery.objects.count() == 0


@pytest.mark.parametrize("days", [0, 31, -1])
def test_a_copy_waits_a_day_to_a_month(zofie, petra, days):
    with pytest.raises(ValueError, match="1 to 30"):
        handed(zofie.contact, petra, days=days)
    assert CopyDelivery.objects.count() == 0


def test_nothing_lies_on_the_disk_in_clear_and_nothing_stays_when_the_row_fails(zofie, petra):
    delivery = handed(zofie.contact, petra)
    sealed = (store.root / delivery.storage_name).read_bytes()
    assert b"PK\x03\x04" not in sealed
    before = set(store.names())
    with pytest.raises(AttributeError):
        prepare(contact=zofie.contact, variant=Variant.COMPLETE, choices={}, actor=None)  # no colleague: fails late
    assert set(store.names()) == before


@pytest.mark.django_db(transaction=True)
def test_erasing_the_person_takes_the_waiting_copy_along(zofie, petra, client):
    delivery = handed(zofie.contact, petra)
    name = delivery.storage_name
    item = erase_contact(pk=zofie.contact.pk, reason="requested", actor=petra)
    assert (item.counts["gdpr_requests.CopyDelivery"], (store.root / name).exists()) == (1, False)
    assert client.get(reverse("gdpr_requests:my_copy", args=[delivery.token])).status_code == 404


def test_every_step_is_audited_without_values(zofie, petra):
    delivery = handed(zofie.contact, petra)
    opened(delivery)
    revoke(delivery=delivery, actor=petra)
    events = AuditEvent.objects.filter(contact_id=zofie.contact.pk, action__startswith="delivery.")
    assert [event.action for event in events.order_by("pk")] == [
        "delivery.prepared",
        "delivery.fetched",
        "delivery.ended",
    ]
    assert [value for event in events for value in (delivery.token, delivery.code) if value in str(event.detail)] == []


@pytest.mark.parametrize("variant", [Variant.COMPLETE, Variant.PORTABLE])
def test_the_letter_of_the_answer_brings_the_link_and_never_the_code(zofie, petra, client_of, variant):
    delivery = handed(zofie.contact, petra, variant=variant)
    page = client_of(petra).get(reverse("gdpr_requests:delivery", args=[zofie.contact.pk, delivery.pk])).content
    address = re.search(r'href="(/contacts/[^"]+/letters/[^"]+)"', page.decode())[1]
    letter = client_of(petra).get(address).content.decode()
    assert (delivery.token in letter, delivery.code in letter, delivery.code[:4] in letter) == (True, False, False)


# --- the review (Art. 15(4)) ------------------------------------------------------------------------------------------


def test_a_note_about_somebody_else_is_marked_and_comes_first(zofie, petra):
    entry = note_of_others(zofie.contact, petra)
    first = places(gather(zofie.contact))[0]
    assert first.id == f"contacts.TimelineEntry:{entry.pk}:body"
    assert [text for text, is_marked in first.pieces if is_marked] == ["Karel Vomáčka", "karel.vomacka@jinde.example"]


def test_marked_places_are_taken_out_unless_a_colleague_decides_otherwise(zofie, petra):
    entry = note_of_others(zofie.contact, petra)
    place = f"contacts.TimelineEntry:{entry.pk}:body"
    proposed = handed(zofie.contact, petra)
    whole = handed(zofie.contact, petra, choices={place: Choice.WHOLE})
    out = handed(zofie.contact, petra, choices={place: Choice.OUT})
    said = {
        key: json.loads(opened(delivery)["data.json"])
        for key, delivery in (("proposed", proposed), ("whole", whole), ("out", out))
    }

    def body(content) -> str:
        table = next(table for table in content["data"] if table["kind"] == "contacts.TimelineEntry")
        return next(record["body"] for record in table["records"] if record["id"] == str(entry.pk))

    assert body(said["whole"]) == entry.body
    assert ("Vomáčka" in body(said["proposed"]), "sud prý teče" in body(said["proposed"])) == (False, True)
    assert ("Vomáčka" in body(said["out"]), "sud" in body(said["out"])) == (False, False)
    assert (proposed.left_out, whole.left_out, out.left_out) == (1, 0, 1)


def test_what_is_taken_out_is_in_no_form_of_the_copy(zofie, petra):
    note_of_others(zofie.contact, petra)
    assert [name for name, content in opened(handed(zofie.contact, petra)).items() if b"Vom\xc3\xa1" in content] == []


def test_a_file_can_be_left_out_with_its_name(zofie, petra):
    choices = {f"contacts.StoredFile:{zofie.file.pk}:name": Choice.OUT}
    content = opened(handed(zofie.contact, petra, choices=choices))
    assert [name for name in content if name.startswith("files/")] == []
    assert PLANTED["file name"] not in content["data.json"].decode()


def test_the_page_asks_to_look_through_before_anything_is_made(zofie, petra, client_of):
    note_of_others(zofie.contact, petra)
    address = reverse("gdpr_requests:hand_over", args=[zofie.contact.pk])
    page = client_of(petra).get(address).content.decode()
    assert "<mark>Karel Vomáčka</mark>" in page
    unseen = client_of(petra).post(address, {"variant": "complete", "days": "14"})
    assert (unseen.status_code, CopyDelivery.objects.count()) == (422, 0)
    made = client_of(petra).post(address, {"variant": "complete", "days": "14", "seen": "on"})
    delivery = CopyDelivery.objects.get()
    assert made.url == reverse("gdpr_requests:delivery", args=[zofie.contact.pk, delivery.pk])
    page = client_of(petra).get(made.url).content.decode()
    assert (delivery.token in page, f"{delivery.code[:4]} {delivery.code[4:]}" in page) == (True, True)


# --- data to take elsewhere (Art. 20) ---------------------------------------------------------------------------------


def kinds(contact) -> dict[str, set[str]]:
    found = gather(contact, Variant.PORTABLE)
    return {table.name: {name for record in table.records for name in record.cells} for table in found.tables}


def held_by_law(owner) -> Contact:
    """Somebody of whom only invoices are held."""
    ground = NewGround(purpose=make.purpose("accounting"), values={"statute": "zákon č. 563/1991 Sb., § 31"})
    return make.contact(owner, source="person", ground=ground)


def test_only_what_the_person_provided_is_portable(zofie, petra):
    note_of_others(zofie.contact, petra)
    add_entry(contact=zofie.contact, kind="email", direction="in", subject="Dobrý den", body="Chci med.", actor=petra)
    content = opened(handed(zofie.contact, petra, variant=Variant.PORTABLE))
    data = content["data.json"].decode()
    assert json.loads(data)["variant"] == "portability"
    assert [value for value in ("sud prý teče", PLANTED["task"], PLANTED["salutation"]) if value in data] == []
    assert [key for key in ("first name", "last name", "e-mail", "phone") if PLANTED[key] not in data] == []


def test_what_came_from_somewhere_else_is_not_portable(petra):
    contact = make.contact(petra, source="public_web", email="nalezena@web.example")
    assert "contacts.Contact" not in kinds(contact)


def test_what_neither_consent_nor_contract_covers_is_not_portable(petra):
    assert kinds(held_by_law(petra)) == {}


def test_a_copy_with_nothing_to_transfer_says_so(petra):
    page = opened(handed(held_by_law(petra), petra, variant=Variant.PORTABLE))["summary.html"].decode()
    assert "Žádné údaje k\N{NO-BREAK SPACE}přenosu" in page


def test_the_company_is_named_on_the_persons_page(zofie, petra, client):
    Installation.objects.update_or_create(id=1, defaults={"name": "Medárna s. r. o."})
    delivery = handed(zofie.contact, petra)
    assert "Medárna" in client.get(reverse("gdpr_requests:my_copy", args=[delivery.token])).content.decode()


def test_a_sent_file_is_portable_and_one_of_ours_is_not(petra):
    contact = make.contact(petra, source="person")
    ours = add_file(contact=contact, stream=io.BytesIO(b"x"), name="nase.txt", content_type="text/plain", actor=petra)
    assert ours.pk not in {row.pk for row in gather(contact, Variant.PORTABLE).files}


def test_looking_a_copy_through_is_in_the_audit_like_every_other_look(zofie, petra, client_of):
    client_of(petra).get(reverse("gdpr_requests:hand_over", args=[zofie.contact.pk]))
    seen = AuditEvent.objects.filter(contact_id=zofie.contact.pk, action="contact.shown")
    assert [event.actor_id for event in seen] == [petra.pk]
