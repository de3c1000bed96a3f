"""The information of Art. 13 and 14 stands at a public address, with the periods, and every version is kept."""

from __future__ import annotations

import hashlib

import pytest
from django.db import Error, transaction
from django.test import Client
from django.utils import translation

from accounts.administration import change_installation
from accounts.models import Installation
from audit.models import AuditEvent
from consents.models import Purpose
from consents.services.purposes import save_purpose
from gdpr_requests.accountability.publishing import keep_notices
from gdpr_requests.models import PublishedNotice
from tests import make
from tests.gdpr_requests.people import planted

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def company(db) -> Installation:
    make.purpose("newsletter")
    own, _made = Installation.objects.update_or_create(
        id=1,
        defaults={
            "name": "Medárna s. r. o.",
            "registration_number": "27082440",
            "address": "Úlová 1, Kolín",
            "email": "gdpr@medarna.example",
            "dpo_contact": "Ema Pověřená, ema@medarna.example",
        },
    )
    return own


def page(address: str = "/privacy/", client: Client | None = None) -> str:
    return (client or Client()).get(address).content.decode().replace("\u00a0", " ")


def test_the_periods_are_published_with_the_information_of_art_13_and_14_at_a_public_address(company):
    shown = page()
    for purpose in Purpose.objects.all():
        wanted = (purpose.name, purpose.description, purpose.people, purpose.retention_reason)
        assert [text for text in wanted if text not in shown] == []
    wanted = [
        "Medárna s. r. o.",
        "27082440",
        "Úlová 1, Kolín",
        "Ema Pověřená",
        "Úřad pro ochranu osobních údajů",
        "souhlas (čl. 6 odst. 1 písm. a) GDPR)",
        "2 roky od udělení souhlasu",
        "účetní a daňový poradce",
        "zákon č. 563/1991 Sb., § 31 odst. 2",
        "Odpovědět člověku, který se nás sám na něco zeptal",
        "čl. 77 GDPR",
    ]
    assert [text for text in wanted if text not in shown] == []


def test_the_same_can_be_read_in_english(company):
    shown = page("/privacy/en/")
    assert "How we handle personal data" in shown
    assert "consent (Art. 6(1)(a) GDPR)" in shown
    assert "2 years from when the consent was given" in shown


def test_an_unknown_language_is_not_found(company):
    assert Client().get("/privacy/xx/").status_code == 404


def test_purposes_that_are_not_in_use_are_left_out(company):
    make.new_purpose("draft", name="Připravovaný účel", is_active=False)
    assert "Připravovaný účel" not in page()


def test_a_stranger_gets_no_cookie_and_a_cache_may_keep_the_page(company):
    answer = Client().get("/privacy/")
    assert answer.status_code == 200
    assert answer.cookies == {}
    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer["Content-Language"] == "cs"
    assert "csrf" not in answer.content.decode()
    again = Client().get("/privacy/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_has_no_script_and_names_nobody_whose_data_are_held(company, petra):
    planted(petra)
    shown = page()
    assert "<script" not in shown
    assert "Řehořová" not in shown


def test_a_signed_in_colleague_reads_the_language_of_the_address(company, petra, client_of):
    assert petra.language == "en"
    assert "Jak zacházíme s osobními údaji" in page(client=client_of(petra))


def test_every_change_is_kept_as_a_dated_version_of_its_own(company, admin, django_capture_on_commit_callbacks):
    first = Client().get("/privacy/cs/versions/1/")
    assert first.status_code == 404
    page()
    with django_capture_on_commit_callbacks(execute=True):
        purpose = Purpose.objects.get(slug="newsletter")
        purpose.retention_months, purpose.retention_reason = 36, "Po třech letech se ptáme znovu."
        save_purpose(purpose=purpose, actor=admin, changed=["retention_months"])
    assert list(PublishedNotice.objects.filter(language="cs").values_list("version", flat=True)) == [2, 1]
    old, new = (Client().get(f"/privacy/cs/versions/{number}/").content.decode() for number in (1, 2))
    assert "Po dvou letech se ptáme znovu" in old
    assert "Po třech letech se ptáme znovu" not in old
    assert "Po třech letech se ptáme znovu" in new
    assert "Po třech letech se ptáme znovu" in page()


def test_a_change_of_the_company_is_published_too(company, admin, django_capture_on_commit_callbacks):
    page()
    with django_capture_on_commit_callbacks(execute=True):
        change_installation(actor=admin, values={"dpo_contact": "Jan Nový, jan@medarna.example"})
    assert "Jan Nový" in page()
    assert "Ema Pověřená" in Client().get("/privacy/cs/versions/1/").content.decode()


def test_nothing_new_is_kept_while_nothing_changes(company):
    assert [keep_notices(), keep_notices()] == [2, 0]
    assert AuditEvent.objects.filter(action="privacy_notice.published").count() == 2


def test_the_file_of_a_version_has_the_digest_that_is_listed(company):
    with translation.override("cs"):
        keep_notices()
    listed = page("/privacy/cs/versions/")
    answer = Client().get("/privacy/cs/versions/1/")
    assert hashlib.sha256(answer.content).hexdigest() in listed
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_kept_version_cannot_be_changed_or_deleted(company):
    keep_notices()
    row = PublishedNotice.objects.filter(language="cs")
    for attempt in (lambda: row.update(page="<p>jinak</p>"), row.delete):
        with pytest.raises(Error), transaction.atomic():
            attempt()
    assert row.count() == 1
