"""Whoever adds a table about contacts and forgets the data map is told what to write, word for word."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

from contacts.models import Contact, EmailAddress, Subject
from privacy import datamap
from privacy.checks import compare
from privacy.datamap import DataMap, collect
from privacy.sealed import SealedCharField, SealedModel

WORDS = {name: getattr(datamap, name) for name in ("PLAIN", "Entry", "Field", "Kind")}


@pytest.fixture
def forgotten():
    """Tables of a shop: an order of a contact, one that hangs on a subject, an item of an order, and stock."""
    with isolate_apps("contacts"):

        class Order(SealedModel):
            contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
            number = models.CharField(max_length=20)
            note = SealedCharField(max_length=200)
            total = models.DecimalField(max_digits=9, decimal_places=2)
            taken_by_id = models.UUIDField(null=True)
            seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

            class Meta:
                app_label = "contacts"

        class Claim(models.Model):  # noqa: DJ008
            subject = models.ForeignKey(Subject, models.CASCADE, related_name="+")

            class Meta:
                app_label = "contacts"

        class Seen(models.Model):  # noqa: DJ008
            address = models.ForeignKey(EmailAddress, models.CASCADE, related_name="+")

            class Meta:
                app_label = "contacts"

        class Stock(models.Model):  # noqa: DJ008
            name = models.CharField(max_length=20)

            class Meta:
                app_label = "contacts"

        return [Order, Claim, Seen, Stock]


def told(models_):
    return list(compare(collect(), [*apps.get_models(include_auto_created=True), *models_]))


def pasted(error):
    """The entry that the message says to write, as Python reads it."""
    text = error.hint.partition("import PLAIN, Entry, Field, Kind\n\n")[2]
    return eval(f"[{text}]", dict(WORDS))[0]


def test_a_forgotten_table_is_told_with_its_way_to_the_contact(forgotten):
    errors = told(forgotten)
    assert [(error.id, error.msg.partition(" It leads")[0]) for error in errors] == [
        ("privacy.E001", f"contacts.{name} is not in the data map.") for name in ("Order", "Claim", "Seen", "Stock")
    ]
    assert [pasted(error).to_contact for error in errors] == [
        "contact",
        "subject__contact",
        "address__contact",
        None,
    ]
    assert ["export and erasure would forget its rows" in error.msg for error in errors] == [True, True, True, False]


def test_what_the_message_says_to_write_makes_the_check_pass(forgotten):
    entries = [pasted(error) for error in told(forgotten)]
    whole = DataMap((*collect(), *entries))
    assert list(compare(whole, [*apps.get_models(include_auto_created=True), *forgotten])) == []


SETTINGS = "from crm.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'shop']\n"
MODEL = """
from django.db import models
from contacts.models import Contact

class Order(models.Model):
    contact = models.ForeignKey(Contact, models.CASCADE)
    text = models.CharField(max_length=99)
"""


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(folder), "DJANGO_SETTINGS_MODULE": "shop_settings"}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)


def test_manage_py_check_fails_until_the_entry_is_pasted(tmp_path):
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "__init__.py").touch()
    (shop / "models.py").write_text(MODEL)
    (tmp_path / "shop_settings.py").write_text(SETTINGS)
    failed = check(tmp_path)
    assert (failed.returncode, "privacy.E001" in failed.stderr, "shop/privacy.py" in failed.stderr) == (1, True, True)
    entry = failed.stderr[failed.stderr.index("Entry(\n") : failed.stderr.index("\n),\n") + 3]
    header = "from privacy.datamap import PLAIN, Entry, Field, Kind\n"
    (shop / "privacy.py").write_text(f"{header}\nDATA_MAP = [\n{entry}\n]\n")
    assert (check(tmp_path).returncode, check(tmp_path).stderr) == (0, "")
