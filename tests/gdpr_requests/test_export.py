"""The copy holds everything, in every form, and nothing of colleagues."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import time
import zipfile
from pathlib import Path
from uuid import UUID

import jsonschema
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from django.utils.functional import Promise
from pypdf import PdfReader

from accounts import roles
from accounts.roles import role_label
from audit.models import AuditEvent
from audit.services import Row, record_many
from contacts.models import TimelineEntry
from contacts.spreadsheet import safe_cell as safe
from gdpr_requests.export.archive import archive, safe_names
from gdpr_requests.export.collect import _is_shown, gather
from gdpr_requests.export.document import make_copy
from gdpr_requests.export.words import field_words, table_words
from gdpr_requests.services.access import export_contact
from gdpr_requests.typesetting import pdf, shown
from privacy.datamap import collect
from tests import make
from tests.gdpr_requests.people import FILE_CONTENT, PLANTED, Planted, planted

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(settings.BASE_DIR) / "docs" / "export.schema.json").read_text())


@pytest.fixture
def zofie(petra) -> Planted:
    return planted(petra)


def unzip(contact, **kwargs) -> dict[str, bytes]:
    copy = export_contact(contact=contact, actor=None, **kwargs)
    with zipfile.ZipFile(io.BytesIO(b"".join(archive(copy)))) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def squeezed(text: str) -> str:
    """Without the white space that a page adds where lines break."""
    return re.sub(r"\s+", "", text)


def text_of_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def as_people_read(name: str, value: str) -> str:
    return "27. 3. 1979" if name == "birth date" else value


# --- complete, in every form ----------------------------------------------------------------------------------------


def test_every_planted_value_is_in_the_json(zofie):
    content = unzip(zofie.contact)["data.json"].decode()
    assert [name for name, value in PLANTED.items() if value not in content] == []


def test_every_planted_value_is_in_the_pdf(zofie):
    text = squeezed(text_of_pdf(unzip(zofie.contact)["summary.pdf"]))
    assert [name for name, value in PLANTED.items() if squeezed(as_people_read(name, value)) not in text] == []


def test_every_planted_value_is_in_the_page_for_a_browser(zofie):
    text = squeezed(unzip(zofie.contact)["summary.html"].decode())
    assert [name for name, value in PLANTED.items() if squeezed(as_people_read(name, value)) not in text] == []


def test_every_planted_value_is_in_the_tables(zofie):
    files = unzip(zofie.contact)
    long = files["data.csv"].decode("utf-8-sig")
    wide = "".join(content.decode("utf-8-sig") for name, content in files.items() if name.startswith("csv/"))
    assert [name for name, value in PLANTED.items() if value not in long] == []
    assert [name for name, value in PLANTED.items() if value not in wide] == []


def test_files_are_opened_and_their_checksums_told(zofie):
    files = unzip(zofie.contact)
    assert files["files/kupní smlouva Čápská.txt"] == FILE_CONTENT
    assert json.loads(files["data.json"])["files"] == [
        {
            "id": str(zofie.file.pk),
            "path": "files/kupní smlouva Čápská.txt",
            "name": "kupní smlouva Čápská.txt",
            "content_type": "text/plain",
            "size": len(FILE_CONTENT),
            "sha256": hashlib.sha256(FILE_CONTENT).hexdigest(),
            "complete": True,
        }
    ]


def test_every_exported_field_of_the_data_map_is_a_column(zofie):
    found = {table.name: [column.name for column in table.columns] for table in gather(zofie.contact).tables}
    for entry in collect().about_contacts():
        name = entry.get_model()._meta.label
        if name in found:
            missing = {f.removesuffix("_by_id") for f in entry.named(export=True)} - {
                f.removesuffix("_by_id") for f in found[name]
            }
            assert (name, missing) == (name, set())


def test_a_damaged_file_is_named_and_the_rest_arrives(zofie):
    path = Path(settings.MEDIA_ROOT) / zofie.file.storage_name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    files = unzip(zofie.contact)
    (entry,) = json.loads(files["data.json"])["files"]
    assert (entry["complete"], entry["sha256"]) == (False, None)
    assert PLANTED["note"] in files["data.json"].decode()


def test_a_merged_card_is_exported_with_all_its_former_addresses(zofie):
    old = UUID("11111111-1111-4111-8111-111111111111")
    zofie.contact.aliases.create(old_id=old)
    assert json.loads(unzip(zofie.contact)["data.json"])["person"]["former_ids"] == [str(old)]


def test_the_block_list_tells_of_the_persons_addresses(zofie):
    data = {table["kind"]: table for table in json.loads(unzip(zofie.contact)["data.json"])["data"]}
    records = data["consents.Suppression"]["records"]
    assert {(row["address"], row["reason"]["code"], row["purpose"]["code"]) for row in records} == {
        (PLANTED["e-mail"], "withdrawal", "recruitment"),
        (PLANTED["phone"], "withdrawal", "recruitment"),
    }


def test_a_consent_shows_the_exact_text_and_its_hash(zofie):
    data = {table["kind"]: table for table in json.loads(unzip(zofie.contact)["data.json"])["data"]}
    shown_text = data["consents.ConsentEvent"]["records"][0]["notice"]
    assert (shown_text["text"], shown_text["sha256"]) == (zofie.notice.text, zofie.notice.sha256)
    assert hashlib.sha256(zofie.notice.text.encode()).hexdigest() == zofie.notice.sha256


# --- the information of Art. 15 -------------------------------------------------------------------------------------


def test_the_information_of_article_15_is_tailored_to_the_person(zofie):
    information = json.loads(unzip(zofie.contact)["data.json"])["information"]
    assert [(p["code"], p["basis"]["article"]) for p in information["purposes"]] == [
        ("contract", "6(1)(b)"),
        ("accounting", "6(1)(c)"),
        ("newsletter", "6(1)(a)"),
        ("recruitment", "6(1)(a)"),
    ]
    assert information["controller"]["name"] == "Medárna s. r. o."
    assert information["recipients"] == ["finanční úřad", "účetní a daňový poradce"]
    assert PLANTED["source"] in information["sources"][0]
    assert {right["article"] for right in information["rights"]} == {"15", "16", "17", "18", "20", "21", "7(3)", "77"}
    assert information["supervisory_authority"]["name"] == "Úřad pro ochranu osobních údajů"
    assert information["automated_decisions"]["used"] is False
    assert information["transfers"]["outside_eea"] is False
    assert all(p["retention"]["months"] and p["retention"]["reason"] for p in information["purposes"])


def test_look_ups_tell_when_why_and_in_which_role(zofie, petra):
    export_contact(contact=zofie.contact, actor=petra)
    rows = unzip(zofie.contact)
    data = {table["kind"]: table for table in json.loads(rows["data.json"])["data"]}
    looked = [row for row in data["audit.AuditEvent"]["records"] if row["action"]["code"] == "contact.exported"]
    with translation.override("cs"):
        assert [row["actor"] for row in looked] == [{"role": role_label(roles.STAFF)}, {"role": None}]
    assert {row["action"]["label"] for row in looked} == {"byla pořízena kopie všech údajů"}


def test_no_colleague_is_named_anywhere(zofie, petra):
    export_contact(contact=zofie.contact, actor=petra)
    for name, content in unzip(zofie.contact).items():
        text = text_of_pdf(content) if name.endswith(".pdf") else content.decode("utf-8", "replace")
        assert (name, "Dvořáková" in text, petra.email in text, str(petra.pk) in text) == (name, False, False, False)


# --- forms ----------------------------------------------------------------------------------------------------------


def test_the_json_keeps_its_published_schema(zofie):
    content = json.loads(unzip(zofie.contact)["data.json"])
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [error.message[:80] for error in validator.iter_errors(content)] == []


def test_every_key_of_a_record_is_described(zofie):
    for table in json.loads(unzip(zofie.contact)["data.json"])["data"]:
        assert {key for row in table["records"] for key in row} - {"id"} == set(table["fields"])


def test_the_pdf_is_tagged_titled_and_in_its_language(zofie):
    reader = PdfReader(io.BytesIO(unzip(zofie.contact)["summary.pdf"]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is not False
    assert root["/Lang"] == "cs"
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata.title == "Co o\N{NO-BREAK SPACE}vás vedeme"


def test_the_page_for_a_browser_loads_nothing(zofie):
    text = unzip(zofie.contact)["summary.html"].decode()
    assert re.findall(r"<script|<link|<img|<iframe|\bsrc=|@import|url\(", text) == []


@pytest.mark.parametrize(
    ("code", "language", "title"),
    [("cs", "cs", "Co o\N{NO-BREAK SPACE}vás"), ("sk", "cs", "Co o\N{NO-BREAK SPACE}vás"), ("de", "en", "What we")],
)
def test_the_copy_speaks_the_persons_language(petra, code, language, title):
    contact = make.contact(petra, language=code)
    with translation.override("en" if language == "cs" else "cs"):
        files = unzip(contact)
    assert json.loads(files["data.json"])["language"] == language
    assert title in files["summary.html"].decode()
    assert title in text_of_pdf(files["summary.pdf"])


def test_no_label_is_made_up_from_the_name_of_a_column():
    """Only a text that is marked for translation can be read by a Czech."""
    made_up = []
    for entry in collect().about_contacts():
        model = entry.get_model()
        named = [model._meta.get_field(name) for name in entry.fields if _is_shown(entry, name)]
        made_up += [f"{model._meta.label}.{f.name}" for f in named if not isinstance(field_words(f), Promise)]
        if named and not isinstance(table_words(model), Promise):
            made_up.append(model._meta.label)
    assert made_up == []


# --- hostile values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["=1+1", "+420+1", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "\n@x"])
def test_a_spreadsheet_runs_no_formula(value):
    assert safe(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Jana", "+420603111222", "5 - 2", "a=b", "jana@drevo.example", "(420)"])
def test_harmless_values_stay_as_they_are(value):
    assert safe(value) == value


def test_a_formula_in_a_name_is_harmless_in_csv_and_whole_in_json(petra):
    contact = make.contact(petra, last_name='=HYPERLINK("http://zlo.example")')
    files = unzip(contact)
    cells = [
        cell for row in csv.reader(io.StringIO(files["data.csv"].decode("utf-8-sig")), delimiter=";") for cell in row
    ]
    assert [cell for cell in cells if cell.startswith("=")] == []
    assert json.loads(files["data.json"])["person"]["name"].endswith('=HYPERLINK("http://zlo.example")')


def test_markup_in_values_stays_text(petra):
    contact = make.contact(petra, last_name="<b>#let x = 1 $a$ *tučně*</b>")
    files = unzip(contact)
    assert "&lt;b&gt;#let" in files["summary.html"].decode()
    assert squeezed("<b>#let x = 1 $a$ *tučně*</b>") in squeezed(text_of_pdf(files["summary.pdf"]))


def test_what_the_font_does_not_know_is_written_as_its_code(petra):
    contact = make.contact(petra, last_name="陳 😀", first_name="Αλέξανδρος")
    files = unzip(contact)
    assert "[U+9673]" in squeezed(text_of_pdf(files["summary.pdf"]))
    assert "Αλέξανδρος" in text_of_pdf(files["summary.pdf"])
    assert "陳 😀" in files["summary.html"].decode()
    assert "陳 😀" in files["data.json"].decode()


def test_everything_that_counts_as_printable_is_printed():
    text = "".join(chr(code) for code in range(0x20, 0x3000) if shown(chr(code)) == chr(code))
    base = {"language": "cs", "title": "Zkouška", "footer": "", "person": text, "made": "", "intro": text}
    assert pdf("summary.typ", base | {"controller": [], "words": {"controller": ""}, "sections": []})


def test_names_of_files_leave_no_folder_and_never_meet(zofie):
    class Row:
        def __init__(self, name):
            self.name = name

    names = ["../../etc/passwd", "C:\\x\\a.txt", "A.TXT", "con.txt", "", ".", "a\u202egnp.exe", "b" * 300 + ".pdf"]
    assert safe_names([Row(name) for name in names]) == [
        "files/passwd",
        "files/a.txt",
        "files/A (2).TXT",
        "files/_con.txt",
        "files/file",
        "files/file (2)",
        "files/agnp.exe",
        f"files/{'b' * 116}.pdf",
    ]


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_shows_everything_and_offers_the_download(zofie, petra, client_of):
    page = client_of(petra).get(f"/contacts/{zofie.contact.pk}/export/")
    text = squeezed(page.content.decode())
    with translation.override("en"):
        assert [name for name, value in PLANTED.items() if squeezed(value) not in text] == ["birth date"]
    assert "27 Mar 1979".replace(" ", "") in text
    assert (
        AuditEvent.objects.filter(action="contact.shown", contact_id=zofie.contact.pk, actor_id=petra.pk).count() == 1
    )


def test_the_download_is_neutral_private_and_recorded(zofie, petra, client_of):
    response = client_of(petra).post(f"/contacts/{zofie.contact.pk}/export/")
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f'attachment; filename="osobni-udaje-{timezone.localdate()}.zip"'
    assert "no-store" in response["Cache-Control"]
    assert zipfile.ZipFile(io.BytesIO(response.getvalue())).testzip() is None
    assert AuditEvent.objects.filter(action="contact.exported", contact_id=zofie.contact.pk).count() == 1


def test_who_may_not_see_the_card_finds_no_copy(zofie, cizi, auditor, client_of):
    from accounts.models import Installation

    Installation.objects.update(visibility="own")
    url = f"/contacts/{zofie.contact.pk}/export/"
    assert [client_of(cizi).get(url).status_code, client_of(cizi).post(url).status_code] == [404, 404]
    assert [client_of(auditor).get(url).status_code, client_of(auditor).post(url).status_code] == [403, 403]
    assert AuditEvent.objects.filter(action__in=["contact.shown", "contact.exported"]).count() == 0


def test_the_number_of_queries_does_not_grow_with_the_card(petra, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from contacts.services.timeline import add_entry

    small, large = make.contact(petra), make.contact(petra)
    for number in range(30):
        add_entry(contact=large, kind="note", body=f"poznámka {number}", actor=petra)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        make_copy(small)
    with django_assert_num_queries(len(captured)):
        make_copy(large)
    assert len(captured) < 40


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_writes_the_same_copy_for_its_owner_only(zofie, tmp_path, capsys):
    out = tmp_path / "kopie.zip"
    call_command("export_contact", str(zofie.contact.pk), "--out", str(out), "--json")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["contact"], answer["bytes"], answer["files"]) == (str(zofie.contact.pk), out.stat().st_size, 1)
    assert (answer["tables"]["contacts.EmailAddress"], oct(out.stat().st_mode)[-3:]) == (1, "600")
    assert PLANTED["note"] in zipfile.ZipFile(out).read("data.json").decode()
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_the_command_finds_a_card_by_its_former_address(zofie, tmp_path):
    old = "11111111-1111-4111-8111-111111111111"
    zofie.contact.aliases.create(old_id=old)
    call_command("export_contact", old, "--out", str(tmp_path / "kopie.zip"))


@pytest.mark.parametrize("out", ["there.zip", "nowhere/kopie.zip"])
def test_the_command_overwrites_nothing_and_says_what_is_wrong(zofie, tmp_path, out):
    (tmp_path / "there.zip").write_text("mine")
    with pytest.raises(CommandError):
        call_command("export_contact", str(zofie.contact.pk), "--out", str(tmp_path / out))
    assert (tmp_path / "there.zip").read_text() == "mine"


def test_the_command_knows_no_stranger(db, tmp_path):
    with pytest.raises(CommandError, match="There is no contact"):
        call_command("export_contact", "22222222-2222-4222-8222-222222222222", "--out", str(tmp_path / "x.zip"))


def test_a_heavy_card_is_copied_within_five_seconds(petra):
    contact = make.contact(petra)
    rows = [
        TimelineEntry(key=contact.key, contact=contact, kind="note", body=f"Poznámka číslo {number}. " * 20)
        for number in range(500)
    ]
    TimelineEntry.objects.bulk_create(rows)
    record_many("contact.viewed", actor=petra, rows=[Row(contact_id=contact.pk)] * 3000)
    started = time.process_time()
    files = unzip(contact)
    assert time.process_time() - started < 5
    assert "Poznámka číslo 499." in text_of_pdf(files["summary.pdf"])
    assert files["csv/audit-auditevent.csv"].count(b"contact.viewed") == 3000
