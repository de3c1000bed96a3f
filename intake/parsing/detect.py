"""What a file is, told from its bytes alone: names and types that browsers send are not believed."""

import io
import re
import zipfile
from enum import StrEnum

from intake.parsing.encodings import decode, detect_encoding
from intake.parsing.limits import DEFAULT_LIMITS, MEGABYTE, Limits
from intake.parsing.problems import ImportProblem
from intake.parsing.text import words


class FileKind(StrEnum):
    """The kinds of file that can be read."""

    CSV = "csv"
    XLSX = "xlsx"
    VCARD = "vcard"
    EML = "eml"


# The first bytes of what people bring by mistake, with the name they know it by.
_FOREIGN = (
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7Z"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3\0", "SQLite"),
    (b"!BDN", "PST"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(r"\s*<(?:!doctype|html|table|\?xml|head|body|meta)\b", re.IGNORECASE)
_VCARD = re.compile(r"\s*BEGIN[ \t]*:[ \t]*VCARD\b", re.IGNORECASE)
_VCARD_BYTES = re.compile(rb"(?:\A|\n|\r)[\xef\xbb\xbf\s]*BEGIN[ \t]*:[ \t]*VCARD\b", re.IGNORECASE)
_HEADER_LINE = re.compile(r"([!-9;-~]+)[ \t]*:")
_MAIL_HEADERS = words(
    "from to cc bcc date subject received return-path delivered-to message-id mime-version reply-to sender "
    "content-type dkim-signature x-mailer"
)
# Control characters that no text has; those kept out of the class serve as delimiters in some exports.
_CONTROL = re.compile(r"[\x02-\x08\x0e-\x1a\x7f]")
_HEAD = 65_536


def detect_kind(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> FileKind:
    """The kind of the file.

    Raises ImportProblem: empty_file, file_too_big, legacy_excel, encrypted_office, outlook_message, unsupported_kind,
    binary_file, or what `encodings.decode` raises for a text that cannot be read.
    """
    check_size(data, limits=limits)
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    if data.startswith(_OLE):
        raise ImportProblem(_problem_of_ole(data))
    for start, name in _FOREIGN:
        if data.startswith(start):
            raise ImportProblem("unsupported_kind", kind=name)
    return _kind_of_text(data)


def check_size(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> None:
    """Refuse an empty file and one beyond the limit."""
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise ImportProblem("empty_file")
    if len(data) > limits.file_bytes:
        raise ImportProblem("file_too_big", megabytes=limits.file_bytes // MEGABYTE)


def _kind_of_zip(data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:80].decode("latin-1") if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        raise ImportProblem("xlsx_broken") from None
    if "xl/workbook.xml" in names or ("[Content_Types].xml" in names and any(n.startswith("xl/") for n in names)):
        if "xl/workbook.bin" in names:
            raise ImportProblem("unsupported_kind", kind="XLSB")
        return FileKind.XLSX
    known = {"word/": "DOCX", "ppt/": "PPTX", "Index/": "Numbers"}
    found = next((name for start, name in known.items() if any(n.startswith(start) for n in names)), "ZIP")
    raise ImportProblem("unsupported_kind", kind="ODS" if "spreadsheet" in kind else "ODT" if kind else found)


def _problem_of_ole(data: bytes) -> str:
    """OLE is the container of old Office files, of encrypted new ones and of Outlook messages."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "encrypted_office"
    if "__substg1.0".encode("utf-16-le") in data:
        return "outlook_message"
    return "legacy_excel"


def _kind_of_text(data: bytes) -> FileKind:
    if _VCARD_BYTES.search(data[:1024]):
        # A vCard 2.1 may name another charset for each line, so the file as a whole need not be one encoding.
        return FileKind.VCARD
    if _looks_like_mail(data[:_HEAD].decode("latin-1")):
        return FileKind.EML
    if _is_binary(data):
        raise ImportProblem("binary_file")
    text = decode(data).text
    if _VCARD.match(text):
        return FileKind.VCARD
    if _looks_like_mail(text[:_HEAD]):
        return FileKind.EML
    if _MARKUP.match(text):
        raise ImportProblem("unsupported_kind", kind="HTML/XML")
    if not text.strip():
        raise ImportProblem("empty_file")
    return FileKind.CSV


def _looks_like_mail(text: str) -> bool:
    """Two headers that every mail program writes, in an unbroken block at the top."""
    seen = set()
    for number, line in enumerate(text.lstrip("\ufeff\r\n").splitlines()):
        if number == 0 and line.startswith("From "):
            continue  # the envelope line of a mailbox file
        if line[:1] in (" ", "\t"):
            continue
        match = _HEADER_LINE.match(line)
        if not match:
            break
        seen.add(match.group(1).lower())
    return len(seen & _MAIL_HEADERS) >= 2


def _is_binary(data: bytes) -> bool:
    head = data[:_HEAD]
    head = head[: len(head) - len(head) % 4]
    try:
        encoding = detect_encoding(head)
    except ImportProblem:
        encoding = "latin-1"
    text = head.decode(encoding, errors="replace")
    strange = len(_CONTROL.findall(text)) + text.count("\0") + (text.count("\ufffd") if len(text) > 8 else 0)
    return strange > max(len(text) // 50, 8 if "\0" in text else 0)
