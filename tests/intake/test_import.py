"""Importing a file: nothing is lost, nothing is half done, and all of it can be taken back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from consents.gate import may_contact
from consents.models import ConsentEvent, LegalGround, Suppression
from consents.services.suppression import suppress
from contacts.models import Contact, EmailAddress, NameToken, Phone, PostalAddress, StoredFile, TimelineEntry
from contacts.services.timeline import add_entry
from intake.batch import running, services, undoing
from intake.batch.ground import as_json
from intake.models import ImportBatch, ImportRow
from intake.parsing.problems import ImportProblem
from privacy.models import SubjectKey
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db(transaction=False)

HEADER = ["jméno", "příjmení", "firma", "e-mail", "telefon", "ulice", "město", "PSČ", "velikost bot"]
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
ROWS = [
    [
        "Jana",
        "Nováková",
        "Dřevo s. r. o.",
        "jana@drevo.example",
        "603 111 222",
        "Nádražní 12",
        "Sázava",
        "285 06",
        "38",
    ],
    ["Řehoř", "Šťastný", "", "rehor@posta.example", "", "", "", "", "44"],
    ["", "", "Pila a. s.", "info@pila.example", "", "", "Ústí nad Labem", "400 01", ""],
    ["", "", "", "", "", "", "", "", "46"],
]


def table(rows=ROWS, *, delimiter=";", encoding="utf-8") -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *rows])
    return SimpleUploadedFile("zákazníci.csv", text.getvalue().encode(encoding), content_type="text/csv")


def workbook(rows=ROWS) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in [HEADER, *rows]:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return SimpleUploadedFile("zákazníci.xlsx", data.getvalue())


def decided(**more: str) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    return {
        "origin-source": "sale",
        "origin-source_detail": "starý adresář",
        "ground-reference": "smlouvy 2024",
        "ground-valid_from": today,
        "ground-valid_until": timezone.localdate().replace(year=timezone.localdate().year + 1).isoformat(),
        **more,
    }


def columns(batch: ImportBatch) -> dict[str, str]:
    return {f"col{c['index']}-place": f"{c['target']}:{c['kind']}" if c["kind"] else c["target"] for c in batch.mapping}


def imported(browser, file, slug: str = "contract", **more: str) -> ImportBatch:
    """Walk through the pages as a colleague does."""
    make.purpose(slug)
    answer = browser.post(reverse("intake:import"), {"file": file})
    assert answer.status_code == 302, answer.context["form"].errors
    batch = ImportBatch.objects.order_by("-created_at").first()
    page = f"{answer['Location']}?purpose={slug}"
    shown = browser.get(page)
    assert shown.status_code == 200
    places = {f"{f.prefix}-place": f["place"].value() for f, _h, _s in shown.context["columns"]}
    with_hooks = {**places, **decided(**more)}
    answer = browser.post(page, with_hooks)
    assert answer.status_code == 302, (answer.context["origin"].errors, answer.context["ground"].errors)
    running.run(batch.pk)
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize(
    "file",
    [
        table(),
        table(delimiter=",", encoding="cp1250"),
        table(delimiter="\t", encoding="utf-16"),
        table(delimiter="|", encoding="utf-8-sig"),
        workbook(),
    ],
    ids=["utf-8", "windows-1250", "utf-16", "utf-8 with a mark", "xlsx"],
)
def test_a_table_comes_in_whole_whatever_its_encoding_and_delimiter(manager: User, client_of, file) -> None:
    batch = imported(client_of(manager), file)
    assert (batch.state, batch.created_count, batch.refused_count) == ("done", 3, 1)
    people = {c.display_name: c for c in Contact.objects.all()}
    assert sorted(people) == ["Jana Nováková", "Pila a. s.", "Řehoř Šťastný"]
    jana = people["Jana Nováková"]
    assert (jana.organisation_name, jana.source, jana.source_detail) == ("Dřevo s. r. o.", "sale", "starý adresář")
    assert [e.value for e in jana.emails.all()] == ["jana@drevo.example"]
    assert [p.value for p in jana.phones.all()] == ["+420603111222"]
    assert [a.lines for a in jana.addresses.all()] == [["Nádražní 12", "285 06 Sázava"]]
    assert people["Pila a. s."].kind == "organisation"
    assert {g.reference for g in LegalGround.objects.all()} == {"smlouvy 2024"}


def everything_held() -> str:
    """Every value that any card holds, as one text."""
    parts: list[str] = []
    for c in Contact.objects.all():
        parts += [c.title_before, c.first_name, c.last_name, c.title_after, c.organisation_name, c.position, c.ico]
        parts += [c.dic, c.salutation, str(c.birth_date or "")]
        parts += [t.name for t in c.tags.all()]
    parts += [e.value for e in EmailAddress.objects.all()] + [p.value for p in Phone.objects.all()]
    for a in PostalAddress.objects.all():
        parts += [a.street, a.city, a.postcode, a.region, a.country]
    parts += [t.body for t in TimelineEntry.objects.all()]
    parts += [str(cell) for row in ImportRow.objects.all() for cell in row.cells or []]
    return "\n".join(parts)


def test_no_cell_is_lost(manager: User, client_of) -> None:
    imported(client_of(manager), table())
    held = everything_held()
    phone = {"603 111 222": "+420603111222"}
    missing = [cell for row in ROWS for cell in row if cell and phone.get(cell, cell) not in held]
    assert missing == []
    assert "velikost bot: 38" in held


def test_a_refused_row_says_why_and_can_be_downloaded(manager: User, client_of) -> None:
    browser = client_of(manager)
    batch = imported(browser, table())
    page = browser.get(reverse("intake:batch", args=[batch.pk])).content.decode()
    assert "nobody to hold it for" in page
    text = b"".join(browser.get(reverse("intake:refused", args=[batch.pk])).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0][2:] == HEADER
    assert rows[1][0] == "5"
    assert rows[1][-1] == "46"


def test_a_consent_stated_by_a_list_opens_no_gate(manager: User, client_of) -> None:
    today = timezone.localdate().isoformat()
    browser = client_of(manager)
    imported(browser, table(ROWS[:1]), "newsletter", **{"ground-channel": "email", "ground-occurred_on": today})
    jana = Contact.objects.get()
    assert ConsentEvent.objects.get().is_weak
    assert may_contact(jana, None, make.purpose("newsletter")).rule == "weak"


def test_an_import_without_a_source_or_a_reason_does_not_start(manager: User, client_of) -> None:
    browser = client_of(manager)
    make.purpose("contract")
    page = browser.post(reverse("intake:import"), {"file": table()})["Location"] + "?purpose=contract"
    batch = ImportBatch.objects.get()
    answer = browser.post(page, {**columns(batch), **decided(**{"origin-source": "", "ground-reference": ""})})
    assert answer.status_code == 422
    assert list(answer.context["origin"].errors) == ["source"]
    assert list(answer.context["ground"].errors) == ["reference"]
    batch.refresh_from_db()
    assert (batch.state, Contact.objects.count()) == ("uploaded", 0)


def test_a_period_longer_than_the_purpose_allows_is_refused_before_the_run(manager: User, client_of) -> None:
    browser = client_of(manager)
    purpose = make.new_purpose("kratce", "contract", retention_months=3)
    page = browser.post(reverse("intake:import"), {"file": table()})["Location"] + f"?purpose={purpose.slug}"
    answer = browser.post(page, {**columns(ImportBatch.objects.get()), **decided()})
    assert list(answer.context["ground"].errors) == ["valid_until"]


def test_an_address_that_asked_to_be_left_alone_is_refused(manager: User, client_of) -> None:
    suppress(
        addresses=["jana@drevo.example"], scope=Suppression.Scope.IMPORT, reason=Suppression.Reason.ERASURE, actor=None
    )
    enquiry = make.purpose("enquiry")
    balancing = {"ground-balancing_test": str(enquiry.balancing_test_id)}
    batch = imported(client_of(manager), table(ROWS[:2]), "enquiry", **balancing)
    assert (batch.created_count, batch.refused_count) == (1, 1)
    assert [c.last_name for c in Contact.objects.all()] == ["Šťastný"]


def test_a_double_comes_in_and_is_offered_for_merging(manager: User, client_of) -> None:
    old = make.contact(manager)
    browser = client_of(manager)
    batch = imported(browser, table(ROWS[:1]))
    assert batch.duplicate_count == 1
    page = browser.get(reverse("intake:batch", args=[batch.pk])).content.decode()
    new = Contact.objects.exclude(pk=old.pk).get()
    assert reverse("gdpr_requests:merge", args=[old.pk, new.pk]) in page


def test_a_contact_that_somebody_else_holds_is_refused_and_the_officer_told(
    manager: User, cizi: User, dpo: User, client_of
) -> None:
    hidden = make.contact(cizi)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    batch = imported(client_of(manager), table(ROWS[:2]))
    assert (batch.created_count, batch.refused_count) == (1, 1)
    assert [(t.contact_id, t.assignee) for t in Task.objects.filter(kind="already_held")] == [(hidden.pk, dpo)]


def test_an_import_that_was_cut_short_goes_on_and_doubles_nothing(manager: User, client_of, monkeypatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 1)
    real, calls = running._bring_in, []

    def killed(pk, chunk, *, expected):
        calls.append(expected)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(pk, chunk, expected=expected)

    purpose = make.purpose("contract")
    batch = services.take_file(stream=io.BytesIO(table().read()), name="a.csv", actor=manager)
    ground = as_json({"reference": "S", "valid_until": timezone.localdate()})
    services.start(
        batch=batch, purpose=purpose, source="sale", source_detail="x", ground=ground, owner=manager, actor=manager,
        queue=False,
    )  # fmt: skip
    monkeypatch.setattr(running, "_bring_in", killed)
    with pytest.raises(KeyboardInterrupt):
        running.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.processed, batch.state) == (1, "running")
    monkeypatch.setattr(running, "_bring_in", real)
    for _ in range(2):
        batch = running.run(batch.pk)
    assert (batch.state, batch.created_count, Contact.objects.count()) == ("done", 3, 3)


def test_an_import_is_undone_but_for_cards_that_somebody_worked_with(manager: User, client_of) -> None:
    browser = client_of(manager)
    batch = imported(browser, table())
    worked_with = next(c for c in Contact.objects.all() if c.last_name == "Šťastný")
    add_entry(contact=worked_with, kind="call", actor=manager, body="Volal.")
    assert undoing.may_undo(batch)
    assert browser.post(reverse("intake:undo", args=[batch.pk])).status_code == 302
    assert list(Contact.objects.all()) == [worked_with]
    assert NameToken.objects.exclude(contact=worked_with).count() == 0
    batch.refresh_from_db()
    assert batch.state == "undone"
    with pytest.raises(Exception, match="undone"):
        undoing.undo(batch=batch, actor=manager)


def test_undoing_an_import_of_consents_leaves_no_key_and_no_event(manager: User, client_of) -> None:
    today = timezone.localdate().isoformat()
    before = SubjectKey.objects.count()
    browser = client_of(manager)
    batch = imported(browser, table(), "newsletter", **{"ground-channel": "email", "ground-occurred_on": today})
    assert ConsentEvent.objects.count() == 3
    undoing.undo(batch=batch, actor=manager)
    assert (ConsentEvent.objects.count(), Contact.objects.count()) == (0, 0)
    assert SubjectKey.objects.count() == before + 1  # the batch's own


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02\x03" * 100,
        b"%PDF-1.7 x",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"PK\x03\x04junk",
    ],
    ids=["empty", "binary", "pdf", "old excel", "broken xlsx"],
)
def test_a_broken_file_gets_clear_words_and_leaves_nothing(manager: User, client_of, content: bytes) -> None:
    answer = client_of(manager).post(reverse("intake:import"), {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert (ImportBatch.objects.count(), Contact.objects.count()) == (0, 0)


def test_a_cell_of_ten_megabytes_is_refused_with_its_place(manager: User, client_of) -> None:
    big = table([["Jana", "N" * 10_000_000, *[""] * 7]])
    answer = client_of(manager).post(reverse("intake:import"), {"file": big})
    assert answer.status_code == 422
    assert "row 2" in answer.context["form"].errors["file"][0]


def test_formulas_and_markup_in_cells_are_text(manager: User, client_of) -> None:
    browser = client_of(manager)
    imported(
        browser, table([["=1+1", "<b>Nováková</b>", "", "j@d.example", "", "", "", "", "<script>alert(1)</script>"]])
    )
    jana = Contact.objects.get()
    assert (jana.first_name, jana.last_name) == ("=1+1", "<b>Nováková</b>")
    page = browser.get(jana.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in page


def test_a_vcard_comes_in_with_its_photo_as_a_file(manager: User, client_of) -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Nováková;Jana;;Ing.;\r\nFN:Ing. Jana Nováková\r\nEMAIL:jana@drevo.example\r\n"
        "X-OBLIBENA-BARVA:modrá\r\nPHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgo=\r\nEND:VCARD\r\n"
    )
    batch = imported(client_of(manager), SimpleUploadedFile("jana.vcf", card.encode()))
    assert (batch.state, batch.created_count) == ("done", 1)
    jana = Contact.objects.get()
    assert (jana.title_before, jana.display_name) == ("Ing.", "Ing. Jana Nováková")
    assert StoredFile.objects.filter(contact=jana).count() == 1
    assert "modrá" in jana.timeline.get(kind="note").body


def test_a_file_of_somebody_else_is_not_to_be_seen(manager: User, petra: User, client_of, admin: User) -> None:
    batch = services.take_file(stream=io.BytesIO(table().read()), name="a.csv", actor=admin)
    address = reverse("intake:batch", args=[batch.pk])
    assert client_of(manager).get(address).status_code == 404
    assert client_of(petra).get(address).status_code == 403


def test_thirty_days_after_the_end_the_file_and_the_refused_rows_are_destroyed(manager: User, client_of) -> None:
    batch = imported(client_of(manager), table())
    assert services.purge() == 0
    later = timezone.now() + dt.timedelta(days=31)
    assert services.purge(at=later) == 1
    batch.refresh_from_db()
    assert (batch.storage_name, batch.rows.count(), batch.created_count) == ("", 0, 3)
    assert not SubjectKey.objects.filter(pk=batch.key_id).exists()
    assert services.purge(at=later) == 0
    assert client_of(manager).get(reverse("intake:batch", args=[batch.pk])).status_code == 200


def test_three_years_after_the_end_its_counts_go_too(manager: User, client_of) -> None:
    batch = imported(client_of(manager), table())
    later = timezone.now() + dt.timedelta(days=1097)
    assert services.end_old(at=later) == 0, "its file is still there"
    services.purge(at=later)
    assert (services.end_old(at=later - dt.timedelta(days=30)), services.end_old(at=later)) == (0, 1)
    assert not ImportBatch.objects.filter(pk=batch.pk).exists()
    assert Contact.objects.count() == 3


def test_the_command_imports_and_reports_as_json(tmp_path, capsys) -> None:
    make.purpose("contract")
    path = tmp_path / "a.csv"
    path.write_bytes(table().read())
    call_command("import_contacts", str(path), purpose="contract", source="veletrh 2026", reference="S-1", json=True)
    counts = json.loads(capsys.readouterr().out)
    assert (counts["created"], counts["refused"], counts["state"]) == (3, 1, "done")
    assert {c.source_detail for c in Contact.objects.all()} == {"veletrh 2026"}
    assert Task.objects.filter(kind="inform").count() == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [({"purpose": "nic"}, "No such purpose"), ({"purpose": "contract"}, "Tento právní základ to vyžaduje")],
)
def test_the_command_says_what_is_missing_and_keeps_nothing(tmp_path, options, words) -> None:
    make.purpose("contract")
    path = tmp_path / "a.csv"
    path.write_bytes(table().read())
    with pytest.raises(CommandError, match=words):
        call_command("import_contacts", str(path), source="x", **options)
    assert (ImportBatch.objects.count(), Contact.objects.count()) == (0, 0)


def test_reading_an_unreadable_file_again_says_so() -> None:
    with pytest.raises(ImportProblem):
        services.take_file(stream=io.BytesIO(b"%PDF-1.7"), name="a.pdf", actor=None)
