"""HTML into plain text: what a person would read, and no code, style or tracking picture.

The standard library's parser needs time that grows with the square of a hostile input (a few hundred kilobytes of
`<a<a<a…` take minutes), and a tree is not needed here, so tags are found by one pass that only goes forward.
"""

import html
import re
from collections.abc import Iterator

from intake.parsing.text import words

_SILENT = words("script style title template")
_BLOCKS = words(
    "address article aside blockquote body br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr li main nav ol p pre section table tr ul"
)
_CELLS = words("td th")
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ATTRIBUTE = r"""\s{}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_HREF = re.compile(_ATTRIBUTE.format("href"), re.IGNORECASE)
_ALT = re.compile(_ATTRIBUTE.format("alt"), re.IGNORECASE)
_TAG_START = re.compile(r"<[/!?a-zA-Z]")
# Attributes beyond this length carry no text for people (embedded pictures).
_LONGEST_TAG = 4_000


def text_of_html(source: str) -> str:
    """The readable text of an HTML document. The result is plain text: it still has to be escaped when shown."""
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for piece, is_tag in _pieces(source):
        if is_tag:
            _read_tag(piece, parts, links)
        else:
            parts.append(re.sub(r"[\s\xa0]+", " ", html.unescape(piece)))
    lines = [re.sub(r" {2,}", " ", line).strip() for line in "".join(parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _pieces(source: str) -> Iterator[tuple[str, bool]]:
    """Texts and the insides of tags in their order, without comments and without what is never read."""
    position = 0
    last_comment_end = source.rfind("-->")
    while (start := _next_tag(source, position)) >= 0:
        yield source[position:start], False
        if source.startswith("<!--", start) and start + 4 <= last_comment_end:
            position = source.find("-->", start + 4) + 3
            continue
        end = source.find(">", start)
        if end < 0:
            position = start
            break
        tag = source[start + 1 : min(end, start + _LONGEST_TAG)]
        yield tag, True
        position = _after_silence(source, tag, end + 1)
    yield source[position:], False


def _next_tag(source: str, position: int) -> int:
    """Where the next tag begins; a mere less-than sign is text."""
    match = _TAG_START.search(source, position)
    return match.start() if match else -1


def _after_silence(source: str, tag: str, position: int) -> int:
    match = _TAG.match(tag)
    if not match or match.group(1) or match.group(2).lower() not in _SILENT:
        return position
    end = re.compile(f"</{match.group(2)}", re.IGNORECASE).search(source, position)
    return end.start() if end else len(source)


def _read_tag(tag: str, parts: list[str], links: list[tuple[str, int]]) -> None:
    match = _TAG.match(tag)
    if not match:
        return
    closing, name = bool(match.group(1)), match.group(2).lower()
    if name in _BLOCKS:
        parts.append("\n")
    elif name in _CELLS:
        parts.append(" ")
    elif name == "img":
        parts.append(_attribute(_ALT, tag))
    elif name == "a" and not closing:
        # Links do not nest: a new one closes the one before.
        links[:] = [(_attribute(_HREF, tag), len(parts))]
    elif name == "a" and links:
        parts.append(_target(*links.pop(), parts))


def _attribute(pattern: re.Pattern[str], tag: str) -> str:
    match = pattern.search(tag)
    return html.unescape(match.group(1) or match.group(2) or match.group(3) or "").strip() if match else ""


def _target(href: str, start: int, parts: list[str]) -> str:
    """Where a link leads, when its text does not say so."""
    if not re.match(r"(?:https?:|mailto:|tel:)", href, re.IGNORECASE):
        return ""
    address = re.sub(r"^(?:mailto|tel):", "", href, flags=re.IGNORECASE)
    return "" if address in "".join(parts[start:]) else f" ({address})"
