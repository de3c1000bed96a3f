"""One e-mail message (RFC 5322, MIME) as text and attachments, whatever state it is in."""

from __future__ import annotations

import datetime
import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

from intake.parsing.limits import DEFAULT_LIMITS, Limits
from intake.parsing.problems import ImportProblem
from intake.parsing.record import FileValue
from intake.parsing.text import one_line

_HEADERS = ("from", "to", "date", "subject", "message-id", "received")
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table"})
_SILENT = frozenset({"script", "style", "head", "title"})


@dataclass(repr=False)
class ParsedEmail:
    """A message. `digest` is the same for the same message, so that it joins a card once."""

    sender: str
    recipients: list[str]
    subject: str
    sent_at: datetime.datetime | None
    body: str
    digest: uuid.UUID
    attachments: list[FileValue] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<ParsedEmail with {len(self.attachments)} attachments>"


def read_email(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> ParsedEmail:
    """The message in a .eml file.

    Raises ImportProblem: empty_file, file_too_big, not_email, too_many_parts.
    """
    if not data.strip():
        raise ImportProblem("empty_file")
    if len(data) > limits.file_bytes:
        raise ImportProblem("file_too_big", megabytes=limits.file_bytes // (1024 * 1024))
    message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=policy.default)
    if not any(name in message for name in _HEADERS):
        raise ImportProblem("not_email")
    leaves = list(_leaves(message, limits.parts))
    return ParsedEmail(
        sender=_header(message, "from"),
        recipients=[value for name in ("to", "cc") if (value := _header(message, name))],
        subject=_header(message, "subject"),
        sent_at=_sent_at(message),
        body=_body(leaves)[: limits.body_chars],
        digest=_digest(message, data),
        attachments=[_attachment(part, number) for number, part in enumerate(leaves, 1) if _is_attachment(part)],
    )


def _leaves(message: Message, most: int) -> Iterator[Message]:
    """The parts that hold something; a forwarded message is one attachment and is not opened."""
    stack, seen = [message], 0
    while stack:
        part = stack.pop(0)
        seen += 1
        if seen > most:
            raise ImportProblem("too_many_parts")
        payload = part.get_payload()
        if part.is_multipart() and part.get_content_type() != "message/rfc822" and isinstance(payload, list):
            stack[:0] = [inner for inner in payload if isinstance(inner, Message)]
        else:
            yield part


def _header(message: Message, name: str) -> str:
    """A header as text on one line; one that can't be decoded is read as it stands."""
    try:
        value = message.get(name, "")
    except (ValueError, IndexError, LookupError, AttributeError):
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name), "")
    return one_line(str(value).encode("utf-8", "replace").decode())


def _sent_at(message: Message) -> datetime.datetime | None:
    try:
        moment = parsedate_to_datetime(_header(message, "date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _digest(message: Message, data: bytes) -> uuid.UUID:
    """By the message's own id where it has one: the same message saved by two programs differs in its bytes."""
    own = _header(message, "message-id")
    return uuid.UUID(bytes=hashlib.sha256(own.encode() if own else data).digest()[:16])


def _is_attachment(part: Message) -> bool:
    if part.get_content_disposition() == "attachment" or _file_name(part):
        return True
    return part.get_content_maintype() != "text"


def _body(leaves: list[Message]) -> str:
    """The plain text where there is any, else the text of the HTML."""
    texts = [part for part in leaves if not _is_attachment(part)]
    plain = [_text(part) for part in texts if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n\n".join(text.strip() for text in plain if text.strip())
    return "\n\n".join(text_of_html(_text(part)) for part in texts)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    for encoding in (part.get_content_charset() or "utf-8", "utf-8", "cp1250"):
        try:
            return raw.decode(encoding).replace("\x00", "").replace("\r\n", "\n")
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("utf-8", "replace").replace("\x00", "")


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, AttributeError):
        return ""
    return re.sub(r"[\x00-\x1f/\\]+", "_", one_line(str(name)))[:200]


def _attachment(part: Message, number: int) -> FileValue:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        content = payload
    else:
        inner = part.get_payload()
        content = inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], Message) else b""
    kind = part.get_content_type()
    name = _file_name(part) or ("zprava.eml" if kind == "message/rfc822" else f"priloha-{number}")
    return FileValue(name=name, content_type=kind, content=content)


class _TextOnly(HTMLParser):
    """The words of a page; nothing of it is ever shown as markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def text_of_html(html: str) -> str:
    """The text of a piece of HTML, without markup, scripts and styles."""
    reader = _TextOnly()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
