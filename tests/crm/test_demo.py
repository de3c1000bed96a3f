"""The demo company: the same for the same seed, and believable."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from consents.models import Consent, LegalGround
from contacts.identifiers import clean_dic, clean_ico
from contacts.models import Contact

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
