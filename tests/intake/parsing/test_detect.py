"""What a file is follows from its bytes."""

import io
import zipfile

import pytest

from intake.parsing.detect import FileKind, detect_kind
from intake.parsing.limits import Limits
from intake.parsing.problems import ImportProblem
from tests.intake.parsing.files import CARDS, MAILS, TABLES, sample

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**parts: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, FileKind.XLSX if name.endswith("xlsx") else FileKind.CSV) for name in TABLES),
        *((name, FileKind.VCARD) for name in CARDS),
        *((name, FileKind.EML) for name in MAILS),
    ],
)
def test_each_sample_is_what_it_is(name, kind):
    assert detect_kind(sample(name)) == kind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n \t", "empty_file"),
        (OLE + b"\0" * 600, "legacy_excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted_office"),
        (OLE + "__substg1.0_0037".encode("utf-16-le"), "outlook_message"),
        (b"%PDF-1.7\n\xe2\xe3", "unsupported_kind"),
        (b"\x89PNG\r\n\x1a\n", "unsupported_kind"),
        (b"<html><table><tr><td>Jana</td>", "unsupported_kind"),
        (zipped(word__document_xml="x"), "unsupported_kind"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "unsupported_kind"),
        (b"PK\x03\x04" + b"junk" * 30, "xlsx_broken"),
        (bytes(range(1, 9)) * 200, "binary_file"),
    ],
)
def test_other_files_are_refused_by_their_right_name(data, code):
    with pytest.raises(ImportProblem) as caught:
        detect_kind(data)
    assert caught.value.code == code


def test_a_file_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(ImportProblem) as caught:
        detect_kind(b"a" * 11, limits=Limits(file_bytes=10))
    assert caught.value.code == "file_too_big"


def test_a_vcard_in_utf_16_is_a_vcard():
    assert detect_kind("BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD".encode("utf-16")) == FileKind.VCARD


def test_a_table_with_colons_is_no_mail():
    assert detect_kind("jméno:e-mail\nJana:jana@drevo.example\n".encode()) == FileKind.CSV
