"""The register as the DPO works with it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation
from gdpr_requests.breaches.notices import draft, notice_pdf
from gdpr_requests.models import Breach
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client_of, dpo):
    return client_of(dpo)


def url(name: str, breach: Breach, *more: str) -> str:
    return reverse(f"gdpr_requests:{name}", args=[breach.pk, *more])


def test_a_breach_is_recorded_assessed_notified_told_and_closed_in_the_browser(page, petra):
    make.contact(petra)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    given = {
        "title": "Dopis na cizí adresu",
        "became_aware_at": now,
        "facts": "Výpis odešel jinam.",
        "natures": ["confidentiality"],
    }
    page.post(reverse("gdpr_requests:breach_new"), given)
    breach = Breach.objects.get()
    page.post(url("breach_edit", breach), {**given, "effects": "Cizí člověk zná zůstatek.", "remedy": "Vyžádán zpět."})
    high = {
        "risk": "high",
        "risk_reason": "Finance",
        "decision": "notify",
        "decision_reason": "Art. 33",
        "people_decision": "tell",
    }
    page.post(url("breach_assess", breach), high)
    assert "The risk is high" in page.get(url("breach", breach)).content.decode()
    page.post(url("breach_affected", breach), {"everybody": "on"})
    page.post(url("breach_notified", breach), {"at": now, "reference": "UOOU-7/26"})
    page.post(url("breach_told", breach), {"at": now})
    page.post(url("breach_close", breach))
    breach.refresh_from_db()
    assert (breach.state, breach.affected_count, breach.authority_reference) == ("closed", 1, "UOOU-7/26")
    assert breach.affected.get().told_at == breach.people_notified_at
    assert page.post(url("breach_edit", breach), given).status_code == 422


def test_the_register_shows_as_many_queries_for_one_as_for_thirty(page, breach_of, django_assert_max_num_queries):
    breach_of()
    page.get(reverse("gdpr_requests:breaches"))
    with django_assert_max_num_queries(20) as first:
        page.get(reverse("gdpr_requests:breaches"))
    for number in range(29):
        breach_of(title=f"Porušení {number}")
    with django_assert_max_num_queries(len(first.captured_queries)):
        assert page.get(reverse("gdpr_requests:breaches")).content.decode().count("P-") >= 30


def test_a_late_notification_without_reasons_is_answered_in_words(page, breach_of):
    aware = timezone.now() - dt.timedelta(hours=80)
    breach = breach_of(became_aware_at=aware)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    answer = page.post(url("breach_notified", breach), {"at": now})
    assert answer.status_code == 422
    assert "reasons for the delay (Art. 33(1))" in answer.content.decode()


def test_closing_too_early_says_what_is_missing(page, breach_of):
    answer = page.post(url("breach_close", breach_of()), follow=True).content.decode()
    assert "Still missing: the effects" in answer


def test_the_auditor_reads_and_changes_nothing(client_of, auditor, breach_of):
    breach = breach_of()
    reader = client_of(auditor)
    assert breach.title in reader.get(url("breach", breach)).content.decode()
    assert reader.post(url("breach_affected", breach), {"everybody": "on"}).status_code == 403


def test_whose_data_is_counted_before_it_is_written_down(page, breach_of, petra):
    make.contact(petra)
    breach = breach_of()
    answer = page.get(url("breach_affected", breach), {"everybody": "on"}).content.decode()
    assert "Write down 1 contact" in answer
    assert not breach.affected.exists()
    assert page.get(url("breach_affected", breach), {"ways": "viewed"}).status_code == 422


def test_the_draft_to_the_authority_names_every_item_of_art_33_3(breach_of):
    Installation.objects.update_or_create(
        id=1, defaults={"name": "Dřevo s. r. o.", "dpo_contact": "Dana Malá, gdpr@drevo.example"}
    )
    breach = breach_of(
        natures=["confidentiality"],
        categories=["contact"],
        people_kinds="zákazníci",
        people_about=120,
        records_about=340,
        effects="Podvodné e-maily.",
        remedy="Změna hesel.",
    )
    text = draft(breach, "authority", "en").text
    for item in (
        "somebody saw or got the data",
        "zákazníci",
        "120",
        "340",
        "contact details",
        "Dana Malá",
        "Podvodné e-maily.",
        "Změna hesel.",
    ):
        assert item in text
    assert draft(breach, "authority", "cs").text.startswith("Ohlášení porušení zabezpečení osobních údajů")


def test_the_draft_to_the_people_is_plain_and_leaves_the_facts_out_where_plain_words_stand(breach_of):
    breach = breach_of(plain_words="Ztratili jsme notebook s vaším jménem a e-mailem.")
    text = draft(breach, "people", "cs").text
    assert "Ztratili jsme notebook" in text
    assert "Jany Kovářové" not in text
    assert "Úřad pro ochranu osobních údajů" in text


@pytest.mark.parametrize("kind", ["authority", "people"])
@pytest.mark.parametrize("language", ["cs", "en"])
def test_a_draft_is_a_tagged_pdf(breach_of, kind, language):
    made = notice_pdf(draft(breach_of(), kind, language))
    assert made.startswith(b"%PDF")
    assert b"/StructTreeRoot" in made


def test_a_draft_can_be_taken_away_as_text_and_pdf(page, breach_of):
    breach = breach_of()
    for form, kind in (("pdf", "application/pdf"), ("txt", "text/plain; charset=utf-8")):
        answer = page.get(url("breach_notice_file", breach, "people", form))
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert page.get(url("breach_notice_file", breach, "people", "exe")).status_code == 404
