"""Below the tables: the file of an SQLite database forgets too, the wrapped key of the person before all."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from gdpr_requests.erasure.jobs import scrub_database
from gdpr_requests.services.erase import erase_contact
from tests import make


def database_files() -> bytes:
    name = Path(settings.DATABASES["default"]["NAME"])
    return b"".join(path.read_bytes() for path in sorted(name.parent.glob(f"{name.name}*")))


@pytest.mark.django_db(transaction=True)
def test_the_files_of_the_database_hold_neither_key_nor_ciphertext_of_the_erased(petra):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL cleans its own files")
    contact = make.contact(petra)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM privacy_subjectkey WHERE id = %s", [contact.key_id.hex])
        secret = cursor.fetchone()[0].encode()
        cursor.execute("SELECT last_name FROM contacts_contact WHERE id = %s", [contact.pk.hex])
        sealed = bytes(cursor.fetchone()[0], "ascii")
    assert (secret in database_files(), sealed in database_files()) == (True, True)
    erase_contact(pk=contact.pk, reason="requested", actor=petra)
    assert scrub_database() is True
    assert (secret in database_files(), sealed in database_files()) == (False, False)
