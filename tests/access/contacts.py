"""Who may write on a card, correct it and read its files."""

from __future__ import annotations

import io
from types import SimpleNamespace

from contacts.models import EmailAddress
from contacts.services.files import add_file
from contacts.services.timeline import add_entry
from tests import make
from tests.access import row

CARD = {"pk": lambda w: w.card.pk}
ENTRY = {**CARD, "entry": lambda w: w.entry.pk}
FILE = {**CARD, "file": lambda w: w.file.pk}
EMAIL = {**CARD, "sort": "emails", "row": lambda w: w.email.pk}
TAG = {**CARD, "tag": lambda w: w.tag.pk}
VALUE = {"value": "nova@firma.example", "kind": "work", "source": "person"}

ROWS = [
    row("contacts:edit", CARD, auditor=403),
    row("contacts:employers", CARD, method="post", data={"employer_q": "x"}, auditor=403),
    row("contacts:write", CARD, method="post", data={"kind": "note", "body": "x"}, everyone=302, auditor=403),
    row("contacts:write", CARD, everyone=405),
    row("contacts:entry", ENTRY, auditor=403),
    row("contacts:entry_remove", ENTRY, auditor=403),
    row("contacts:entry_remove", ENTRY, method="post", everyone=302, auditor=403),
    row("contacts:file", FILE),
    row("contacts:file_remove", FILE, auditor=403),
    row("contacts:file_remove", FILE, method="post", everyone=302, auditor=403),
    row("contacts:tag_add", CARD, method="post", data={"name": "VIP"}, everyone=302, auditor=403),
    row("contacts:tag_put", TAG, method="post", everyone=302, auditor=403),
    row("contacts:tag_remove", TAG, method="post", everyone=302, auditor=403),
    row("contacts:channel_new", {**CARD, "sort": "phones"}, auditor=403),
    row("contacts:channel", EMAIL, auditor=403),
    row("contacts:channel", EMAIL, method="post", data=VALUE, everyone=302, auditor=403),
    row("contacts:channel_remove", EMAIL, auditor=403),
    row("contacts:channel_remove", EMAIL, method="post", everyone=302, auditor=403),
]


def prepare(world: SimpleNamespace) -> None:
    """A card of Petra's with one of everything."""
    world.card = make.contact(world.staff)
    world.email = EmailAddress.objects.get(contact=world.card)
    world.entry = add_entry(contact=world.card, kind="note", actor=world.staff, body="Zápis")
    world.file = add_file(
        contact=world.card, stream=io.BytesIO(b"x"), name="x.txt", content_type="text/plain", actor=world.staff
    )
    world.tag = world.card.tags.create(name="nábytek")
