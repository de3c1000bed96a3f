"""The inner form of a vCard's values: escapes, structured values, types and binary content."""

import mimetypes
import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from intake.parsing.record import FileValue
from intake.parsing.targets import Kind
from intake.parsing.vcard_lines import Property, from_base64

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PIECE = re.compile(r"\\.|[^\\,;]+|[,;]|\\", re.DOTALL)
_DATA_URI = re.compile(r"data:([\w.+/-]*)((?:;[\w.=+\"-]+)*),(.*)", re.DOTALL | re.IGNORECASE)
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)

_KINDS: tuple[tuple[str, Kind], ...] = (
    ("fax", Kind.FAX),
    ("cell", Kind.MOBILE),
    ("mobile", Kind.MOBILE),
    ("iphone", Kind.MOBILE),
    ("pager", Kind.OTHER),
    ("work", Kind.WORK),
    ("home", Kind.PRIVATE),
    ("other", Kind.OTHER),
)
# Types that say no more than the property does, and the spellings of «preferred».
_NOISE = frozenset({"pref", "internet", "iphone", "voice", "postal", "parcel", "intl", "dom"})
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"-----BEGIN PGP", "application/pgp-keys"),
)
_SUFFIXES = {"image/jpeg": ".jpg", "application/pgp-keys": ".asc", "audio/wav": ".wav", "audio/basic": ".au"}


class Types(NamedTuple):
    """What the parameters say of a channel: its kind, whether it is preferred, and the words beyond that."""

    kind: Kind | None
    preferred: bool
    rest: list[str]


def unescape(text: str, version: str) -> str:
    """The text without backslashes. `\\n` is a line break except in 2.1, where it may be part of a path."""

    def replaced(match: re.Match[str]) -> str:
        char = match.group(1)
        if char in "nN":
            return "\n" if version != "2.1" else match.group()
        # `\:` and `\"` are not in the RFCs, but programs write them.
        return match.group() if char.isalnum() else char

    return _ESCAPE.sub(replaced, text)


def split_value(value: str, separator: str, version: str) -> list[str]:
    """The unescaped parts between separators that are not escaped themselves."""
    return [unescape(part, version).strip() for part in _split(value, separator)]


def split_list(value: str, version: str) -> list[str]:
    """The parts of a comma-separated list without empty ones."""
    return [part for part in split_value(value, ",", version) if part]


def split_name(value: str, version: str) -> list[list[str]]:
    """The components of N, each a list: family, given and additional names, prefixes, suffixes."""
    return [split_list(part, version) for part in _split(value, ";")]


def _split(value: str, separator: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for piece in _PIECE.findall(value):
        if piece == separator:
            parts.append([])
        else:
            parts[-1].append(piece)
    return ["".join(part) for part in parts]


def read_types(prop: Property) -> Types:
    """The kind is the most telling type: a fax at work is a fax, and «work» stays among the rest."""
    types = [word.lower() for word in prop.params.get("TYPE", [])]
    name, kind = next(((name, kind) for name, kind in _KINDS if name in types), ("", None))
    # A pager has no kind of its own, so the word stays.
    known = _NOISE | ({name} if kind is not Kind.OTHER or name == "other" else set())
    return Types(kind, "pref" in types or _first_preferred(prop), [word for word in types if word not in known])


def _first_preferred(prop: Property) -> bool:
    return prop.params.get("PREF", [""])[0] == "1"


def apple_label(text: str) -> str:
    """The label of a group as a person named it: Apple wraps its own in `_$!<…>!$_`."""
    match = _APPLE_LABEL.fullmatch(text.strip())
    return match.group(1) if match else text.strip()


def file_of(prop: Property, taken: int) -> FileValue | None:
    """The picture, sound or key as a file; None when the property only links to it. `taken` numbers further ones."""
    content, declared = prop.binary, prop.params.get("TYPE", prop.params.get("MEDIATYPE", [""]))[0].lower()
    if content is None:
        match = _DATA_URI.fullmatch(prop.value.strip())
        if not match:
            return None
        declared = match.group(1).lower()
        content = _data_content(match.group(2), match.group(3))
        if content is None:
            return None
    content_type = _content_type(content, declared, prop.name)
    suffix = _SUFFIXES.get(content_type) or mimetypes.guess_extension(content_type) or ".bin"
    number = f"-{taken + 1}" if taken else ""
    return FileValue(f"{prop.name.lower()}{number}{suffix}", content_type, content)


def _data_content(parameters: str, text: str) -> bytes | None:
    raw = unquote_to_bytes(text)
    return from_base64(raw) if ";base64" in parameters.lower() else raw


def _content_type(content: bytes, declared: str, name: str) -> str:
    """The bytes are believed first: programs label PNG as JPEG."""
    for start, content_type in _MAGIC:
        if content.startswith(start):
            return content_type
    if "/" in declared:
        return declared
    family = {"PHOTO": "image", "LOGO": "image", "SOUND": "audio"}.get(name, "")
    guessed = mimetypes.guess_type(f"x.{declared}")[0] or ""
    return guessed if family and guessed.startswith(family) else "application/octet-stream"
