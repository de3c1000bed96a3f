"""What may stand in a log: no query, no key to a person's own page, and of an error only where it happened.

The message of an exception often quotes the value that caused it, so it is withheld, except for the kinds that speak of
the program or the machine alone.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

SPEAKS_OF_THE_PROGRAM = (
    ImproperlyConfigured,
    OperationalError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    ImportError,
    NameError,
    AttributeError,
)
QUERY = re.compile(r"(?<=/)\?\S+|(?<=[\w/])\?[\w%.~-]+=\S*")
# Long random parts of a path are keys; an id of a record is a UUID, and a file name has an ending.
SECRET_SEGMENT = re.compile(
    r"(?<=/)(?![0-9a-f]{8}-[0-9a-f]{4}-)(?![^/\s]*\.[a-z0-9]{2,5}(?:\s|$))[A-Za-z0-9_:.=-]{20,}(?=[/\s?]|$)"
)


# Addresses that somebody typed may hold an e-mail or a name: Django says the address last, gunicorn in one piece.
PATH = re.compile(r"(?<=: )/.*$|(?<![\w…])/[^\s\"'<>]*")
PLAIN_SEGMENT = re.compile(r"[\w.~…:;=,+-]*", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u2028\u2029]")


def redacted(text: str) -> str:
    """A line without queries, and without what in a path is a key or may be a name or an e-mail."""
    return PATH.sub(_plain, SECRET_SEGMENT.sub("…", QUERY.sub("", text)))


def _plain(found: re.Match[str]) -> str:
    return "/".join(part if PLAIN_SEGMENT.fullmatch(part) else "…" for part in found[0].split("/"))


def path_in_one_piece(path: str) -> str:
    """A decoded path as it is logged: nothing in it can look like the end of the line or of the path."""
    return CONTROL.sub("…", path).replace(" ", "%20")


def where(error: BaseException) -> str:
    """The way to an error and its type, with those that caused it; its message only where it cannot quote a person."""
    parts = []
    current: BaseException | None = error
    while current is not None:
        frames = "".join(traceback.format_tb(current.__traceback__))
        message = f": {current}" if isinstance(current, SPEAKS_OF_THE_PROGRAM) else ""
        parts.append(f"{frames}{type(current).__module__}.{type(current).__qualname__}{message}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n… while handling this:\n".join(parts)


class SafeFormatter(logging.Formatter):
    """The formatter of every log of the product."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        record.message = redacted(record.message)
        return super().formatMessage(record)

    def formatException(  # noqa: N802 - the name is logging's
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return where(ei[1]) if ei[1] is not None else ""
