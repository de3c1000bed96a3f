"""The demo company: the same for the same seed, and believable."""

from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model

from accounts.models import Installation, User
from consents import presets, presets_en
from consents.models import BalancingTest, Consent, LegalGround, NoticeVersion, Purpose
from contacts.identifiers import clean_dic, clean_ico
from contacts.models import Contact, TimelineEntry
from tasks.models import Task

# Letters that English has not, and a few words that have none of them.
CZECH = re.compile(r"[ěščřžýůďťňĚŠČŘŽÝŮĎŤŇ]|\b(?:zákon|souhlas|smlouva|odst|Praha|jednatel)\b")
pytestmark = pytest.mark.django_db


def names() -> list[tuple[str, str, str]]:
    return sorted((str(c.pk), c.display_name, c.emails.get().value) for c in Contact.objects.all())


def test_the_same_seed_gives_the_same_company_and_another_seed_another_one() -> None:
    call_command("load_demo", contacts=20, seed=7, verbosity=0)
    first = names()
    Consent.objects.all().delete()
    assert len(first) == 20
    with pytest.raises(CommandError):
        call_command("load_demo", contacts=20, seed=7, verbosity=0)
    assert names() == first
    call_command("load_demo", contacts=20, seed=8, verbosity=0)
    assert len(names()) == 40


def test_firms_have_valid_numbers_and_nobody_can_be_written_to_by_accident() -> None:
    call_command("load_demo", contacts=40, seed=1, verbosity=0)
    firms = list(Contact.objects.filter(kind="organisation"))
    assert firms
    assert [(clean_ico(f.ico), clean_dic(f.dic)) for f in firms] == [(f.ico, f.dic) for f in firms]
    assert {email.rsplit(".", 1)[1] for _, _, email in names()} == {"example"}


def test_the_demo_has_what_the_watch_looks_for() -> None:
    call_command("load_demo", contacts=60, seed=1, verbosity=0)
    assert LegalGround.objects.filter(basis="contract").exists()
    assert Consent.objects.filter(state="withdrawn").exists()
    assert User.objects.filter(groups__isnull=False).count() == 6


def test_the_demo_speaks_english_too() -> None:
    call_command("load_demo", contacts=10, seed=1, language="en", verbosity=0)
    assert {c.language for c in Contact.objects.all()} == {"en"}
    company = Installation.current().name
    said = [company, *texts_of(Purpose, BalancingTest, NoticeVersion, LegalGround, Task, TimelineEntry, Contact)]
    assert company == "Sázava Joinery Ltd"
    # Names of the colleagues and of the town stay what they are.
    assert [text for text in said if CZECH.search(text) and text != company] == []


def test_an_english_installation_starts_in_english(settings) -> None:
    settings.LANGUAGE_CODE = "en"
    call_command("load_demo", contacts=3, verbosity=0)
    assert Purpose.objects.get(slug="vat").name == "VAT documents"
    assert {user.language for user in User.objects.all()} == {"en"}


def test_every_preset_has_its_words_in_english() -> None:
    words = {"name", "description", "people", "recipients", "retention_reason", "legal_reference", "notice"}
    assert {row["slug"]: words & row.keys() for row in presets.PURPOSES} == {
        slug: words & row.keys() for slug, row in presets_en.PURPOSES.items()
    }
    assert {slug: row.keys() for slug, row in presets.TESTS.items()} == {
        slug: row.keys() for slug, row in presets_en.TESTS.items()
    }


def texts_of(*models: type[Model]) -> list[str]:
    """Everything written in the rows of these models."""
    rows = [row for model in models for row in model._default_manager.all()]
    values = [getattr(row, field.attname) for row in rows for field in row._meta.concrete_fields]
    return [value for value in values if isinstance(value, str)]
