"""The outer form of a vCard: cards, lines, properties, parameters and encodings, as programs really write them.

Versions 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) differ in folding and parameters, and files mix them. The reader works
on bytes, because a fold may cut a letter in half and a property of 2.1 may name a charset of its own.
"""

import binascii
import codecs
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from intake.parsing.encodings import decode, detect_encoding
from intake.parsing.problems import ImportProblem
from intake.parsing.text import words

_NEWLINE = re.compile(rb"\r*\n|\r")
_FOLD = re.compile(rb"\r*\n[ \t]")
_BEGIN = re.compile(rb"\s*BEGIN[ \t]*:[ \t]*VCARD\s*", re.IGNORECASE)
_END = re.compile(rb"\s*END[ \t]*:[ \t]*VCARD\s*", re.IGNORECASE)
_AGENT = re.compile(rb"\s*(?:[\w-]+\.)?AGENT[^:]*:\s*", re.IGNORECASE)
_VERSION = re.compile(rb"\s*VERSION[^:]*:\s*(\d\.\d)", re.IGNORECASE)
_PROPERTY = re.compile(rb"\s*([\w-]+\.)?([A-Za-z][\w-]*)\s*[;:]")
_HEAD = re.compile(rb'((?:[^:"]|"[^"]*")*):')
_PARAMETER = re.compile(r'(?:[^;"]|"[^"]*")+')
_CARET = re.compile(r"\^(['n^])", re.IGNORECASE)
# RFC 6868: characters that a parameter cannot hold otherwise.
_CARETS = {"n": "\n", "'": '"', "^": "^"}
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,3}")
# How pictures begin in base64; some programs leave out the parameter that says so.
_PICTURE = re.compile(rb"\s*(?:/9j/|iVBORw0K|R0lGOD)")

# Words that stand in a 2.1 parameter without a name and are not types.
_BARE_ENCODINGS = words("QUOTED-PRINTABLE BASE64 8BIT 7BIT B Q")
_BARE_PLACES = words("INLINE URL CID CONTENT-ID")
# A broken note may have lines that look like `http://…`; only these names, X- names and capitals start a property.
_KNOWN = words(
    "SOURCE KIND XML FN N NICKNAME PHOTO BDAY ANNIVERSARY GENDER ADR TEL EMAIL IMPP LANG TZ GEO TITLE ROLE LOGO ORG "
    "MEMBER RELATED CATEGORIES NOTE PRODID REV SOUND UID CLIENTPIDMAP URL VERSION KEY FBURL CALADRURI CALURI LABEL "
    "AGENT MAILER NAME PROFILE SORT-STRING CLASS"
)
BINARY_PROPERTIES = words("PHOTO LOGO SOUND KEY")


@dataclass(slots=True)
class Property:
    """One property. `name` and the names of `params` are in capitals; `value` is decoded but not yet unescaped.

    `binary` holds the bytes of a picture, sound or key; `damaged` says that it should but the base64 is broken, and
    then `value` has its text.
    """

    name: str
    value: str = ""
    group: str = ""
    params: dict[str, list[str]] = field(default_factory=dict)
    binary: bytes | None = None
    damaged: bool = False


@dataclass(slots=True)
class Card:
    """One card as written. `number` counts from 1; `unread` are lines that are no property."""

    number: int
    version: str
    properties: list[Property] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    closed: bool = True


def read_cards(data: bytes) -> Iterator[Card]:
    """The cards of a file in their order.

    Raises ImportProblem: null_bytes with the line, or what `encodings` raises for a text that cannot be read.
    """
    data, encoding = _one_byte_wide(data)
    if b"\0" in data:
        raise ImportProblem("null_bytes", row=data.count(b"\n", 0, data.index(b"\0")) + 1)
    for number, (lines, closed) in enumerate(_split_cards(_NEWLINE.split(data)), start=1):
        yield _read_card(lines, number, encoding, closed=closed)


def _one_byte_wide(data: bytes) -> tuple[bytes, str]:
    """The data in an encoding where line ends and colons are single bytes, and the encoding of what is not UTF-8."""
    if b"\0" in data[:1024]:
        return decode(data).text.encode("utf-8"), "utf-8"
    data = data.removeprefix(codecs.BOM_UTF8)
    # Lines in several encodings are allowed: each is UTF-8, or else what the others of its kind speak for.
    foreign = [line for line in _NEWLINE.split(_FOLD.sub(b"", data)) if not _is_utf8(line)]
    return data, detect_encoding(b"\n".join(foreign)) if foreign else "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _split_cards(lines: Iterable[bytes]) -> Iterator[tuple[list[bytes], bool]]:
    """The lines of each card and whether it was closed. A card inside AGENT becomes one line with line breaks in it."""
    card: list[bytes] | None = None
    agent: list[bytes] = []
    depth = 0
    for line in lines:
        begins, ends = _BEGIN.fullmatch(line) is not None, _END.fullmatch(line) is not None
        if card is None:
            card = [] if begins else None
        elif depth or (begins and _opens_agent(card)):
            depth += begins - ends
            agent.append(line)
            if not depth:
                card[-1] += b"\n".join(agent)
                agent = []
        elif begins or ends:
            yield card, ends
            card = [] if begins else None
        elif line.strip() or not _opens_agent(card):
            card.append(line)
    if card is not None:
        yield [*card, *agent], False


def _opens_agent(card: list[bytes]) -> bool:
    return bool(card) and _AGENT.fullmatch(card[-1]) is not None


def _read_card(lines: list[bytes], number: int, encoding: str, *, closed: bool) -> Card:
    version = next((match.group(1).decode("ascii") for line in lines if (match := _VERSION.match(line))), "3.0")
    card = Card(number, version, closed=closed)
    for line in _unfold(lines, version):
        prop = _read_property(line, version, encoding)
        if prop:
            card.properties.append(prop)
        elif line.strip():
            card.unread.append(_text(line, encoding))
    return card


def _unfold(lines: Iterable[bytes], version: str) -> Iterator[bytes]:
    """Logical lines: folds undone, soft breaks of quoted-printable joined, stray lines put to the one before them."""
    pieces: list[bytes] = []
    encoding = ""
    for line in lines:
        if encoding == "soft":
            pieces.append(line)
        elif encoding == "base64" and line.strip() and not _starts_property(line):
            pieces.append(line.strip())
        elif line[:1] in {b" ", b"\t"} and pieces and line.strip():
            # 2.1 folds at white space, which stays (RFC 822); later versions put in a space that goes.
            pieces.append(line if version == "2.1" else line[1:])
        elif _starts_property(line) or not pieces:
            yield from [b"".join(pieces)] if pieces else []
            pieces, encoding = [line], _continuation(line)
        elif line.strip():
            pieces.append(b"\n" + line)
        else:
            encoding = ""
        if encoding in {"soft", "quoted-printable"}:
            encoding = "soft" if pieces[-1].rstrip(b" \t").endswith(b"=") else "quoted-printable"
            pieces[-1] = pieces[-1].rstrip(b" \t")[:-1] if encoding == "soft" else pieces[-1]
    yield from [b"".join(pieces)] if pieces else []


def _starts_property(line: bytes) -> bool:
    match = _PROPERTY.match(line)
    if not match or line[:1] in {b" ", b"\t"}:
        return False
    name = match.group(2).decode("ascii")
    return bool(match.group(1)) or name.upper() in _KNOWN or name.upper().startswith("X-") or name.isupper()


def _continuation(line: bytes) -> str:
    """How the lines after this one may belong to it although they are not folded."""
    head = line.split(b":", 1)[0].upper()
    if b"QUOTED-PRINTABLE" in head:
        return "quoted-printable"
    return "base64" if re.search(rb"[;=](?:BASE64|B)(?:;|$)", head) else ""


def _read_property(line: bytes, version: str, encoding: str) -> Property | None:
    match = _HEAD.match(line) or re.match(rb"([^:]*):", line)
    if not match or not _PROPERTY.match(line):
        return None
    name, *parameters = _PARAMETER.findall(_text(match.group(1), encoding).strip())
    group, _dot, name = name.rpartition(".")
    prop = Property(name.strip().upper(), group=group.strip().lower())
    for parameter in parameters:
        _add_parameter(prop, parameter, version)
    _decode_value(prop, line[match.end() :], encoding)
    return prop


def _add_parameter(prop: Property, parameter: str, version: str) -> None:
    name, equals, value = parameter.partition("=")
    name = name.strip().upper()
    if not equals:
        name, value = (
            ("ENCODING" if name in _BARE_ENCODINGS else "VALUE" if name in _BARE_PLACES else "TYPE"),
            parameter,
        )
    # A quoted list of types is one value by the letter of RFC 6350, and a list in every file that has it.
    parts = value.replace('"', "").split(",") if name == "TYPE" else re.findall(r'(?:[^,"]|"[^"]*")+', value)
    for part in parts:
        text = part.strip().replace('"', "")
        if version != "2.1":
            text = _CARET.sub(lambda match: _CARETS[match.group(1).lower()], text)
        if text:
            prop.params.setdefault(name, []).append(text)


def _decode_value(prop: Property, raw: bytes, encoding: str) -> None:
    transfer = prop.params.pop("ENCODING", [""])[0].upper()
    charset = prop.params.pop("CHARSET", [""])[0]
    if transfer in {"QUOTED-PRINTABLE", "Q"}:
        raw = quopri.decodestring(raw)
    elif transfer in {"BASE64", "B"} or (prop.name in BINARY_PROPERTIES and _PICTURE.match(raw)):
        content = from_base64(raw)
        prop.damaged = content is None
        if content is not None and prop.name in BINARY_PROPERTIES:
            prop.binary = content
            return
        raw = raw if content is None else content
    prop.value = _text(raw, encoding, charset)


def from_base64(raw: bytes) -> bytes | None:
    compact = b"".join(raw.split())
    if not _BASE64.fullmatch(compact):
        return None
    try:
        return binascii.a2b_base64(compact.rstrip(b"=") + b"=" * (-len(compact.rstrip(b"=")) % 4))
    except binascii.Error:
        return None


def _text(raw: bytes, encoding: str, charset: str = "") -> str:
    """The text by its own charset, else UTF-8, else the encoding of the file; never an error, never a null."""
    text = raw.decode("latin-1")
    for name in filter(None, (charset, "utf-8", encoding)):
        try:
            text = raw.decode(name)
        except (ValueError, LookupError):
            continue
        break
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
