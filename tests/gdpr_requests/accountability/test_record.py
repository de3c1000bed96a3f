"""The record of processing (Art. 30): everything the law asks for, produced on request, from what is really done."""

from __future__ import annotations

import csv
import io
import json

import jsonschema
import pytest
from django.utils import translation
from pypdf import PdfReader

from accounts.models import Installation
from consents.models import Purpose
from gdpr_requests.accountability.measures import all_measures
from gdpr_requests.accountability.notice import content_of, notice
from gdpr_requests.accountability.processing import record_of_processing
from gdpr_requests.export.information import inform
from gdpr_requests.models import SecurityMeasure
from tests import make
from tests.gdpr_requests.people import PLANTED, planted

pytestmark = pytest.mark.django_db
SCHEMA_FILE = "docs/processing.schema.json"


@pytest.fixture
def company(db) -> Installation:
    make.purpose("newsletter")
    own, _made = Installation.objects.update_or_create(
        id=1, defaults={"name": "Medárna s. r. o.", "address": "Úlová 1, Kolín", "email": "gdpr@medarna.example"}
    )
    return own


def text_of_pdf(content: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_record_of_processing_activities_names_all_that_article_30_asks_for(company):
    Purpose.objects.filter(slug="newsletter").update(
        recipients="Rozesílatel a. s.", transfers="USA: standardní smluvní doložky"
    )
    record = record_of_processing("cs")
    assert record.controller["name"] == "Medárna s. r. o."
    newsletter = next(one for one in record.activities if one.code == "newsletter")
    assert newsletter.description == "Posíláme novinky a nabídky e-mailem tomu, kdo o ně stojí."
    assert newsletter.people == "lidé, kteří si novinky vyžádali"
    assert newsletter.categories == "jméno a identifikace, kontaktní údaje, zájmy a preference"
    assert newsletter.recipients == "Rozesílatel a. s."
    assert newsletter.transfers == "USA: standardní smluvní doložky"
    assert newsletter.period.replace("\u00a0", " ").startswith("2 roky od udělení souhlasu. Po dvou letech")
    assert newsletter.missing == []
    accounting = next(one for one in record.activities if one.code == "accounting")
    assert accounting.legal_reference == "zákon č. 563/1991 Sb., § 31 odst. 2"
    assert len(record.measures) >= 10


def test_the_record_names_processing_that_follows_from_the_law_itself(company):
    codes = [one.code for one in record_of_processing("cs").activities]
    assert codes[-3:] == ["requests", "block-list", "access-record"]


def test_the_record_says_from_the_data_map_what_exactly_is_kept(company):
    data = dict(record_of_processing("en").data)
    assert "birth date" in data["name and identification"]
    assert "street" in data["contact details"]


def test_a_purpose_out_of_use_stays_in_the_record_while_data_are_held_for_it(company, petra):
    make.contact(petra)
    Purpose.objects.filter(slug__in=["contract", "vat"]).update(is_active=False)
    codes = {one.code: one.in_use for one in record_of_processing("cs").activities}
    assert codes["contract"] is False
    assert "vat" not in codes


def test_what_the_law_asks_for_and_nobody_filled_in_is_said(company, dpo, client_of):
    make.new_purpose("odd", name="Nedopsaný účel")
    page = client_of(dpo).get("/reports/processing/").content.decode()
    assert "The law asks for more than is filled in" in page
    assert "/purposes/odd/edit/" in page


def test_the_record_is_produced_on_request_as_pdf_csv_and_json(company, dpo, client_of):
    client = client_of(dpo)
    pdf, table, machine = (client.get(f"/reports/processing/{form}/").content for form in ("pdf", "csv", "json"))
    text = text_of_pdf(pdf)
    assert "Record of processing activities" in text
    assert "Posíláme novinky a nabídky" in text
    assert "Úlová 1, Kolín" in text
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))
    assert {"Newsletter", "Účetnictví"} <= {row["Activity"] for row in rows}
    assert all(row["Period until erasure"] for row in rows)
    with open(SCHEMA_FILE, encoding="utf-8") as schema:
        jsonschema.validate(json.loads(machine), json.load(schema))


def test_no_cell_of_the_record_runs_as_a_formula(company, dpo, client_of):
    Purpose.objects.filter(slug="newsletter").update(people="=cmd|' /C calc'!A0")
    table = client_of(dpo).get("/reports/processing/csv/").content.decode("utf-8-sig")
    assert "'=cmd" in table


def test_the_record_holds_nothing_of_any_contact(company, petra, dpo, client_of):
    planted(petra)
    client = client_of(dpo)
    machine = client.get("/reports/processing/json/").content.decode()
    assert [name for name, value in PLANTED.items() if value in machine] == []


# --- security measures ------------------------------------------------------------------------------------------------


def test_security_measures_describe_what_the_product_does_and_can_be_worded_anew(company, dpo, client_of):
    client = client_of(dpo)
    assert "AES-256-GCM" in client.get("/reports/processing/").content.decode()
    answer = client.post("/reports/processing/measures/encryption/", {"text": "Šifrujeme vše.", "is_used": "on"})
    assert answer.status_code == 302
    assert record_of_processing("cs").measures[0] == "Šifrujeme vše."


def test_the_company_adds_measures_and_leaves_others_out(company, dpo, client_of):
    client = client_of(dpo)
    client.post("/reports/processing/measures/new/", {"text": "Kancelář zamykáme.", "is_used": "on"})
    client.post(
        "/reports/processing/measures/minimum/", {"text": next(m.text for m in all_measures() if m.which == "minimum")}
    )
    said = record_of_processing("en").measures
    assert said[-1] == "Kancelář zamykáme."
    assert not any("Logs, the queue" in text for text in said)


def test_words_of_the_product_that_nobody_changed_follow_the_readers_language(company, dpo, client_of):
    with translation.override(dpo.language):
        text = next(m.text for m in all_measures() if m.which == "keys")
    client_of(dpo).post("/reports/processing/measures/keys/", {"text": text, "is_used": "on"})
    assert SecurityMeasure.objects.get(code="keys").text == ""
    assert record_of_processing("cs").measures != record_of_processing("en").measures


def test_an_encrypted_connection_is_claimed_only_where_there_is_one(company, settings):
    settings.HTTPS = False
    assert not any("HTTPS" in text for text in record_of_processing("en").measures)
    settings.HTTPS = True
    assert any("HTTPS" in text for text in record_of_processing("en").measures)


def test_an_unknown_measure_or_form_is_not_found(company, dpo, client_of):
    client = client_of(dpo)
    assert client.get("/reports/processing/measures/nonsense/").status_code == 404
    assert client.get("/reports/processing/docx/").status_code == 404


def test_a_transfer_outside_the_eea_is_told_to_the_person_and_the_public_alike(company, petra):
    contact = make.contact(petra)
    assert inform(contact).outside_eea is False
    Purpose.objects.filter(slug="contract").update(transfers="USA: standardní smluvní doložky")
    told = inform(contact)
    assert (told.outside_eea, told.transfers) == (True, "USA: standardní smluvní doložky")
    assert "USA: standardní smluvní doložky" in content_of(notice("cs"))
