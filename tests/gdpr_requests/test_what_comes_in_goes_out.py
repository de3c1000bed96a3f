"""What an import brought in, the person's own copy hands out: every cell of the file, whatever its column."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from django.core.management import call_command

from contacts.models import Contact
from gdpr_requests.export.archive import archive
from gdpr_requests.export.document import make_copy
from tests import make

pytestmark = pytest.mark.django_db

HEADER = [
    "first_name",
    "last_name",
    "company_name",
    "address",
    "city",
    "county",
    "state",
    "zip",
    "phone1",
    "phone2",
    "email",
    "web",
]
ROWS = [
    row.split("|")
    for row in (
        "Josephine|Darnton|Chan, Jeffrey A|4 B Ridge Blvd|Brighton|Livingston|MI|48116|810-292-9388|810-374-9840"
        "|josephine@darnton.example|http://www.chan.example",
        "Art|Vesely||8 W Ave #54|Bridgeport|Gloucester|NJ|08014|856-636-8749||art@vesely.example|",
    )
]
CARD = [
    "BEGIN:VCARD",
    "VERSION:3.0",
    "N:Nováková;Jana;Marie;Ing.;Ph.D.",
    "NICKNAME:Janička",
    "ORG:Dřevo s. r. o.;Obchod",
    "TITLE:ředitelka",
    "EMAIL;TYPE=WORK:jana@drevo.example",
    "TEL;TYPE=CELL:+420603111222",
    "ADR;TYPE=WORK:;;Nádražní 1;Sázava;;285 06;Česko",
    "BDAY:1980-03-22",
    "X-OBLIBENA-BARVA:modrá",
    "NOTE:Má ráda dub.",
    "PHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgo=",
    "END:VCARD",
]


def exported(contact: Contact) -> tuple[str, zipfile.ZipFile]:
    """The text of data.json as it stands in the copy, and the copy itself."""
    copy = zipfile.ZipFile(io.BytesIO(b"".join(archive(make_copy(contact)))))
    return json.dumps(json.loads(copy.read("data.json")), ensure_ascii=False), copy


def bring_in(path) -> None:
    make.purpose("contract")
    call_command("import_contacts", str(path), purpose="contract", source="sale", reference="S-1", json=True)


def test_every_cell_of_an_imported_table_reappears_in_the_export(tmp_path) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *ROWS])
    (tmp_path / "a.csv").write_text(text.getvalue())
    bring_in(tmp_path / "a.csv")
    for row in ROWS:
        contact = next(c for c in Contact.objects.all() if c.last_name == row[1])
        copy, _archive = exported(contact)
        # Numbers stand in their international form; their digits are the same.
        missing = [cell for cell in row if cell and cell not in copy and cell.replace("-", "") not in copy]
        assert missing == []


def test_every_value_of_an_imported_vcard_reappears_and_its_photo_is_a_file(tmp_path) -> None:
    (tmp_path / "a.vcf").write_text("\r\n".join(CARD) + "\r\n")
    bring_in(tmp_path / "a.vcf")
    copy, files = exported(Contact.objects.get())
    for value in ("Nováková", "Jana", "Marie", "Ing.", "Ph.D.", "Janička", "Dřevo s. r. o.", "Obchod", "ředitelka"):
        assert value in copy
    for value in (
        "jana@drevo.example",
        "+420603111222",
        "Nádražní 1",
        "285 06",
        "1980-03-22",
        "modrá",
        "Má ráda dub.",
    ):
        assert value in copy
    assert [files.read(name) for name in files.namelist() if name.startswith("files/")] == [b"\x89PNG\r\n\x1a\n"]
