"""One e-mail message (RFC 5322, MIME) into what a timeline shows: who, when, what, and the attached files."""

import datetime
import email
import email.policy
import email.utils
import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from intake.parsing.detect import check_size
from intake.parsing.encodings import decode
from intake.parsing.html_text import text_of_html
from intake.parsing.limits import DEFAULT_LIMITS, Limits
from intake.parsing.problems import ImportProblem
from intake.parsing.record import FileValue

# Line breaks and controls would forge headers when a value is used in a new message; the last two groups turn the
# direction of text around, so that «gpj.exe» looks like a picture.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|]+')
_LONGEST_NAME = 150
_LONGEST_HEADER = 2_000
_LONGEST_RAW = 100_000
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A person in a header: `name` may be empty, `address` is as written."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address


@dataclass(repr=False)
class ParsedEmail:
    """A message. `sent_at` is aware, or None when no date can be read.

    `body` is plain text, made from HTML where there is nothing else. `attachments` are all other parts, a message
    inside the message included (as .eml). `digest` is the same for the same message, so that it joins a card once.
    """

    digest: uuid.UUID
    senders: list[Mailbox] = field(default_factory=list)
    to: list[Mailbox] = field(default_factory=list)
    cc: list[Mailbox] = field(default_factory=list)
    sent_at: datetime.datetime | None = None
    subject: str = ""
    body: str = ""
    attachments: list[FileValue] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)

    @property
    def sender(self) -> str:
        """Whom the message says it is from, in one line."""
        return ", ".join(map(str, self.senders))

    @property
    def recipients(self) -> list[str]:
        """Everybody the message says it is for."""
        return [str(mailbox) for mailbox in (*self.to, *self.cc)]

    def __repr__(self) -> str:
        return f"<ParsedEmail with {len(self.attachments)} attachments>"


def read_email(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> ParsedEmail:
    """The message in an .eml file.

    Raises ImportProblem: empty_file, file_too_big, not_email, too_many_parts. A damaged header or body is read as far
    as it goes and listed among the problems.
    """
    check_size(data, limits=limits)
    try:
        # The old policy keeps headers as they are: the new one raises on some damaged ones only when they are read.
        message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=email.policy.compat32)
        parsed = _read_headers(message, data)
        _read_body(message, parsed, limits)
    except RecursionError:
        raise ImportProblem("too_many_parts") from None
    if not parsed.senders and not parsed.to and not parsed.subject and parsed.sent_at is None:
        raise ImportProblem("not_email")
    return parsed


def _read_headers(message: Message, data: bytes) -> ParsedEmail:
    parsed = ParsedEmail(_digest(message, data))
    parsed.subject = _header(message, "Subject", parsed)
    parsed.senders = _mailboxes(message, "From", parsed) or _mailboxes(message, "Sender", parsed)
    parsed.to = _mailboxes(message, "To", parsed)
    parsed.cc = _mailboxes(message, "Cc", parsed)
    parsed.sent_at = _date(_header(message, "Date", parsed))
    return parsed


def _digest(message: Message, data: bytes) -> uuid.UUID:
    """By the message's own id where it has one: the same message saved by two programs differs in its bytes."""
    own = "".join(_raw_values(message, "Message-ID")[:1]).strip()
    return uuid.UUID(bytes=hashlib.sha256(own.encode("utf-8", "replace") if own else data).digest()[:16])


def _header(message: Message, name: str, parsed: ParsedEmail) -> str:
    values = _raw_values(message, name)
    return clean_header(_decoded(values[0], name, parsed)) if values else ""


def _raw_values(message: Message, name: str) -> list[str]:
    """The header's values as they are written. Bytes beyond ASCII are decoded by their own evidence."""
    return [_raw(value[:_LONGEST_RAW]) for key, value in message.raw_items() if key.lower() == name.lower()]


def _raw(value: object) -> str:
    raw = str(value)
    try:
        data = raw.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return raw
    return raw if data.isascii() else _text(data)


def _decoded(raw: str, name: str, parsed: ParsedEmail) -> str:
    try:
        return str(make_header(decode_header(raw)))
    except (MessageError, UnicodeError, LookupError, ValueError):
        parsed.problems.append(ImportProblem("header_broken", column=name))
        return raw


def clean_header(text: str) -> str:
    """The text of a header on one line, without controls, and of a sane length."""
    return _UNSAFE.sub(" ", text.encode("utf-8", "replace").decode("utf-8")).strip()[:_LONGEST_HEADER]


def _mailboxes(message: Message, name: str, parsed: ParsedEmail) -> list[Mailbox]:
    """The people in a header. Names are decoded after the list is split, so that no name can add an address."""
    raw = ", ".join(_raw_values(message, name))
    found = []
    for shown, address in email.utils.getaddresses([_UNSAFE.sub(" ", raw)]):
        if shown or address:
            found.append(Mailbox(clean_header(_decoded(shown, name, parsed)), clean_header(address)))
    if not found and raw.strip():
        if "@" in raw:  # else it is a group without members, such as «undisclosed-recipients:;»
            parsed.problems.append(ImportProblem("header_broken", column=name))
        found.append(Mailbox(clean_header(_decoded(raw, name, parsed)), ""))
    return found


def _date(text: str) -> datetime.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(text)
        # «-0000» says that the zone is unknown: then UTC is as good as any.
        return date if date.tzinfo else date.replace(tzinfo=datetime.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _read_body(message: Message, parsed: ParsedEmail, limits: Limits) -> None:
    plain: list[str] = []
    html: list[str] = []
    for count, part in enumerate(_leaves(message, 0)):
        if count >= limits.parts:
            raise ImportProblem("too_many_parts")
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or part.get_filename() or kind not in _BODIES:
            parsed.attachments.append(_attachment(part, len(parsed.attachments)))
        else:
            (plain if kind == "text/plain" else html).append(_part_text(part))
    text = "\n\n".join(part.strip() for part in plain if part.strip())
    if not text:
        text = "\n\n".join(text_of_html(part[: limits.body_chars]) for part in html)
    if len(text) > limits.body_chars or any(len(part) > limits.body_chars for part in html):
        parsed.problems.append(ImportProblem("body_cut"))
    parsed.body = text[: limits.body_chars].strip()


_BODIES = frozenset({"text/plain", "text/html"})


def _leaves(part: Message, depth: int) -> Iterator[Message]:
    """Parts that hold something themselves. A message inside the message is one of them: it stays whole."""
    if depth > _DEEPEST:
        raise ImportProblem("too_many_parts")
    inner = part.get_payload()
    if part.get_content_maintype() == "multipart" and isinstance(inner, list):
        for child in inner:
            if isinstance(child, Message):
                yield from _leaves(child, depth + 1)
    else:
        yield part


def _content(part: Message) -> bytes:
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"\n".join(child.as_bytes() for child in inner if isinstance(child, Message))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _part_text(part: Message) -> str:
    content = _content(part)
    charset = part.get_content_charset() or ""
    for name in filter(None, (charset, "utf-8")):
        try:
            return _without_controls(content.decode(name))
        except (ValueError, LookupError):
            continue
    return _without_controls(_text(content))


def _text(data: bytes) -> str:
    try:
        return decode(data).text
    except ImportProblem:
        return data.decode("utf-8", "replace")


def _without_controls(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))


def _attachment(part: Message, taken: int) -> FileValue:
    kind = part.get_content_type()
    for name in ("Content-Disposition", "Content-Type"):
        for value in _raw_values(part, name)[:1]:
            part.replace_header(name, value)  # a name in plain UTF-8, against the standard, stays readable
    try:
        raw = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        raw = ""
    default = "message.eml" if kind == "message/rfc822" else f"part-{taken + 1}"
    return FileValue(safe_name(_plain_decoded(raw)) or default, kind, _content(part))


def _plain_decoded(raw: str) -> str:
    """A file's name; many programs encode it as a header, which the standard does not allow."""
    try:
        return str(make_header(decode_header(_raw(raw))))
    except (MessageError, UnicodeError, LookupError, ValueError):
        return raw


def safe_name(name: str) -> str:
    """A file's name without a path, controls or characters that some system forbids; its suffix is kept."""
    plain = _UNSAFE.sub("", name.encode("utf-8", "replace").decode("utf-8")).replace("\\", "/").rpartition("/")[2]
    plain = _FORBIDDEN_IN_NAMES.sub("_", plain).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if len(plain) > _LONGEST_NAME and dot and len(suffix) < 20:
        return f"{stem[: _LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return plain[:_LONGEST_NAME]
