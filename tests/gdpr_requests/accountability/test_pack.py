"""The pack for an inspector: everything asked for, in one click, and nothing about any contact."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile

import pytest
from django.conf import settings
from django.utils import timezone
from pypdf import PdfReader

from audit.models import AuditEvent
from consents.models import BalancingTest, NoticeVersion
from gdpr_requests.accountability.pack import parts
from gdpr_requests.accountability.pack.building import build
from gdpr_requests.accountability.pack.redaction import MASK, redacted
from gdpr_requests.accountability.pack.services import ask_for_pack, end_packs, resume
from gdpr_requests.accountability.pack.statistics import request_statistics
from gdpr_requests.accountability.publishing import keep_notices
from gdpr_requests.breaches.services import record_breach
from gdpr_requests.desk.services import open_request
from gdpr_requests.models import DataSubjectRequest, InspectionPack, LetterKind, PublishedNotice
from privacy.models import SubjectKey
from tests.gdpr_requests.people import PLANTED, planted

pytestmark = pytest.mark.django_db


@pytest.fixture
def zofie(petra):
    """A card with a planted value in every place, requests of hers, and a breach in which she is named."""
    contact = planted(petra).contact
    keep_notices()
    return contact


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def made(actor, language: str = "en") -> InspectionPack:
    return build(ask_for_pack(actor=actor, language=language).pk)


def files_of(pack: InspectionPack, client) -> dict[str, bytes]:
    return opened(b"".join(client.get(f"/reports/packs/{pack.pk}/").streaming_content))


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def readable(files: dict[str, bytes]) -> str:
    """Everything that anybody can read in the pack."""
    return "\n".join(text_of(c) if n.endswith(".pdf") else c.decode("utf-8-sig") for n, c in files.items())


def test_what_an_inspector_asks_for_records_of_processing_tests_breach_rules_and_templates(zofie, dpo, client_of):
    files = files_of(made(dpo), client_of(dpo))
    folders = {name.split("/")[0] for name in files}
    assert folders == {str(part.folder) for part in parts.PARTS} | {"00-read-first.pdf", "manifest.json"}
    assert "Posíláme novinky a nabídky" in text_of(files["01-record-of-processing/record.pdf"])
    assert sum(name.startswith("02-balancing-tests/") for name in files) == BalancingTest.objects.count()
    assert "72 hours" in text_of(files["06-breaches/rules.pdf"])
    assert "No breach has been recorded." in text_of(files["06-breaches/register.pdf"])
    assert "AES-256-GCM" in text_of(files["07-security/measures.pdf"])
    assert "DOES NOT HOLD" not in text_of(files["08-verification/verification.pdf"])
    assert {name for name in files if name.startswith("09-answers/cs/")} == {
        f"09-answers/cs/{kind}.txt" for kind in LetterKind.values
    }
    assert "Proof of one person’s consent" in text_of(files["00-read-first.pdf"])


def test_the_pack_holds_every_version_of_notices_with_the_bytes_of_their_digests(zofie, dpo, client_of):
    files = files_of(made(dpo), client_of(dpo))
    for row in PublishedNotice.objects.all():
        content = files[f"03-notices/public-{row.language}-v{row.version}.html"]
        assert hashlib.sha256(content).hexdigest() == row.sha256
    for notice in NoticeVersion.objects.select_related("purpose"):
        content = files[f"03-notices/consent-{notice.purpose.slug}-{notice.language}-v{notice.version}.txt"]
        assert hashlib.sha256(content).hexdigest() == notice.sha256


def test_the_manifest_lists_every_file_with_its_digest(zofie, dpo, client_of):
    files = files_of(made(dpo), client_of(dpo))
    manifest = json.loads(files.pop("manifest.json"))
    listed = {one["path"]: (one["size"], one["sha256"]) for one in manifest["files"]}
    assert listed == {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()}
    assert manifest["controller"] == "Medárna s. r. o."


def test_the_pack_names_nobody_whose_data_are_held(zofie, petra, dpo, client_of):
    open_request(
        right="erasure",
        channel="email",
        received_on=timezone.localdate(),
        contact=zofie,
        requester_name=f"{PLANTED['first name']} {PLANTED['last name']}",
        requester_address=PLANTED["e-mail"],
        text=PLANTED["note"],
        language="cs",
        actor=dpo,
    )
    record_breach(
        actor=dpo,
        values={
            "title": f"Dopis pro {PLANTED['last name']}",
            "facts": f"Smlouva Žofie Řehořové-Čápské odešla na {PLANTED['e-mail']}, volala z {PLANTED['phone']}.",
            "effects": "Paní Čápská se může bát.",
            "became_aware_at": timezone.now(),
            "natures": ["confidentiality"],
            "categories": ["contact"],
        },
    )
    told = readable(files_of(made(dpo), client_of(dpo)))
    assert [name for name, value in PLANTED.items() if value in told] == []
    for word in ("Řehoř", "Čápsk", "Žofie", "777000", "777 000", str(zofie.pk), str(zofie.subject_id)):
        assert word not in told
    assert "odešla na […]" in told


def test_every_paper_of_the_pack_is_tagged(zofie, dpo, client_of):
    papers = {n: c for n, c in files_of(made(dpo), client_of(dpo)).items() if n.endswith(".pdf")}
    untagged = [
        name
        for name, content in papers.items()
        if not PdfReader(io.BytesIO(content)).trailer["/Root"].get("/MarkInfo", {}).get("/Marked")
    ]
    assert (untagged, len(papers) > 8) == ([], True)


def test_one_click_on_the_reports_makes_the_pack_in_the_worker(
    zofie, auditor, client_of, django_capture_on_commit_callbacks
):
    client = client_of(auditor)
    assert 'action="/reports/packs/"' in client.get("/reports/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/reports/packs/")
    assert answer["Location"] == "/reports/packs/"
    pack = InspectionPack.objects.get()
    assert (pack.state, pack.processed, pack.created_by) == ("done", len(parts.PARTS), auditor)
    assert "The pack is ready." in client.get(f"/reports/packs/{pack.pk}/progress/").content.decode()


def test_a_second_click_takes_the_pack_that_is_on_its_way(zofie, dpo):
    first = ask_for_pack(actor=dpo, language="cs")
    assert ask_for_pack(actor=dpo, language="cs") == first


def test_a_pack_whose_worker_died_is_made_all_the_same(zofie, dpo, django_capture_on_commit_callbacks):
    pack = ask_for_pack(actor=dpo, language="cs")
    InspectionPack.objects.update(state="running", touched_at=timezone.now() - dt.timedelta(minutes=3))
    with django_capture_on_commit_callbacks(execute=True):
        assert resume() == 1
    pack.refresh_from_db()
    assert pack.state == "done"
    before = pack.sha256
    assert build(pack.pk).sha256 == before


def test_a_pack_that_cannot_be_made_says_so_instead_of_being_tried_for_ever(zofie, dpo, client_of):
    pack = ask_for_pack(actor=dpo, language="en")
    InspectionPack.objects.update(created_at=timezone.now() - dt.timedelta(hours=2))
    assert build(pack.pk).state == "failed"
    assert "could not be made" in client_of(dpo).get(f"/reports/packs/{pack.pk}/progress/").content.decode()


def test_a_pack_lies_sealed_on_the_disk_and_is_destroyed_after_seven_days(
    zofie, dpo, client_of, django_capture_on_commit_callbacks
):
    pack = made(dpo)
    path = settings.MEDIA_ROOT / pack.storage_name
    assert path.exists()
    assert not zipfile.is_zipfile(path)
    key_id = pack.key_id
    with django_capture_on_commit_callbacks(execute=True):
        assert end_packs(on=timezone.localdate() + dt.timedelta(days=6)) == 0
        assert end_packs(on=timezone.localdate() + dt.timedelta(days=7)) == 1
    pack.refresh_from_db()
    assert (pack.state, path.exists(), SubjectKey.objects.filter(pk=key_id).exists()) == ("ended", False, False)
    assert len(pack.sha256) == 64
    assert client_of(dpo).get(f"/reports/packs/{pack.pk}/").status_code == 404


def test_the_row_of_a_pack_goes_after_three_years(zofie, dpo):
    made(dpo)
    end_packs(on=timezone.localdate() + dt.timedelta(days=7))
    end_packs(on=timezone.localdate() + dt.timedelta(days=3 * 366 + 1))
    assert InspectionPack.objects.count() == 0


def test_asking_making_and_handing_out_are_recorded(zofie, dpo, client_of):
    files_of(made(dpo), client_of(dpo))
    events = AuditEvent.objects.filter(action__startswith="inspection_pack.").order_by("pk")
    assert [(event.action, event.actor_id) for event in events] == [
        ("inspection_pack.asked", dpo.pk),
        ("inspection_pack.made", None),
        ("inspection_pack.downloaded", dpo.pk),
    ]


def test_the_czech_pack_speaks_czech(zofie, dpo, client_of):
    files = files_of(made(dpo, "cs"), client_of(dpo))
    assert "01-zaznam-o-cinnostech/record.pdf" in files
    assert "Záznam o činnostech zpracování" in text_of(files["01-zaznam-o-cinnostech/record.pdf"]).replace(
        "\u00a0", " "
    )


# --- numbers of requests ----------------------------------------------------------------------------------------------


def test_request_statistics_count_by_right_and_state_and_measure_the_time_to_answer(zofie, dpo):
    today = timezone.localdate()
    for offset in (1, 40):
        open_request(
            right="access",
            channel="email",
            received_on=today - dt.timedelta(days=offset),
            contact=None,
            requester_name="Někdo",
            requester_address="nekdo@jinde.example",
            text="",
            language="cs",
            actor=dpo,
        )
    groups = request_statistics()
    assert sum(group.received for group in groups.values()) == DataSubjectRequest.objects.count() == 2
    assert sum(group.late for group in groups.values()) == 1
    assert sum(group.states["new"] for group in groups.values()) == 2


# --- redaction --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Volala Žofie kvůli sudu.", f"Volala {MASK} kvůli sudu."),
        ("Smlouva Řehořové leží v tisku.", f"Smlouva {MASK} leží v tisku."),
        ("Psal z x.y@z.example v noci.", f"Psal z {MASK} v noci."),
        ("Číslo +420 777 000 321 nebo 27082440.", f"Číslo {MASK} nebo {MASK}."),
        ("Zjištěno 24. 11. 2026 9:40, trvalo 72 hodin.", "Zjištěno 24. 11. 2026 9:40, trvalo 72 hodin."),
        ("Notebook byl zašifrován.", "Notebook byl zašifrován."),
    ],
)
def test_whatever_may_name_somebody_is_taken_out_of_free_words(zofie, said, told):
    assert redacted(said) == told
