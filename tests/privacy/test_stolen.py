"""What a thief gets: the bytes of the database and of the files are searched for what was planted."""

import io
import itertools
import re
import unicodedata

import pytest
from django.conf import settings as django_settings
from django.db import connection

from contacts.models import Contact, EmailAddress, Phone, PostalAddress, TimelineEntry
from contacts.services.files import add_file
from privacy.files import store
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

_serial = itertools.count()


def planted(what):
    return f"{what}Zasazeno{next(_serial):05d}"


def everything_in_the_database():
    """Every value of every row of every table, as bytes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        name = connection.settings_dict["NAME"]
        with open(name, "rb") as file:
            return file.read()
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found).encode()


def everything_on_the_disk():
    return b"".join(path.read_bytes() for path in store.root.rglob("*") if path.is_file())


def test_a_stolen_database_and_its_files_hold_nothing_in_clear(petra, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    needles = []

    def plant(what):
        needles.append(planted(what))
        return needles[-1]

    for _ in range(80):
        card = make.contact(
            petra,
            first_name=plant("Jmeno"),
            last_name=plant("Prijmeni"),
            email=f"{plant('mail')}@drevo.example",
            phone=None,
            salutation=plant("Vazena"),
            title_before=plant("Titul"),
            position=plant("Pozice"),
            source_detail=plant("Zdroj"),
        )
        key = card.key
        Phone.objects.create(key=key, contact=card, value=plant("Tel"), source="person")
        PostalAddress.objects.create(key=key, contact=card, street=plant("Ulice"), city=plant("Mesto"))
        TimelineEntry.objects.create(key=key, contact=card, kind="note", subject=plant("Vec"), body=plant("Telo") * 20)
        add_file(
            contact=card,
            stream=io.BytesIO(plant("Obsah").encode() * 9),
            name=f"{plant('Soubor')}.txt",
            content_type="text/plain",
            actor=petra,
        )
    assert len(set(needles)) >= 1000

    # They are there: the product reads every one of them.
    shown = str([[card.first_name, card.last_name, card.position] for card in Contact.objects.all()])
    assert all(needle in shown for needle in needles if needle.startswith(("Jmeno", "Prijmeni", "Pozice")))
    assert len({row.value for row in EmailAddress.objects.all()}) == 80

    # And the thief reads none, in whatever case or encoding.
    for stolen in (everything_in_the_database(), everything_on_the_disk()):
        assert len(stolen) > 1000
        for needle in needles:
            for encoding in ("utf-8", "utf-16-le"):
                assert needle.encode(encoding) not in stolen
        assert not re.search(rb"zasazeno", stolen, re.IGNORECASE)
    assert b"Petra" in everything_in_the_database()  # colleagues' names stand in clear: docs/security.md


def test_logs_say_nothing_of_what_was_typed(petra, caplog):
    with caplog.at_level("DEBUG", logger="django"):
        make.contact(petra, last_name="Zasazenová")
    queries = [record.getMessage() for record in caplog.records]
    assert not [text for text in queries if "Zasazenov" in unicodedata.normalize("NFC", text)]


def test_the_keys_are_not_in_the_database():
    make.contact()
    stolen = everything_in_the_database()
    for secret in (*django_settings.FIELD_ENCRYPTION_KEY, django_settings.SECRET_KEY):
        assert secret.encode() not in stolen
