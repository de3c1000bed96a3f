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


def redacted(text: str) -> str:
    """A line without queries and without the long random parts of paths."""
    return SECRET_SEGMENT.sub("…", QUERY.sub("", text))


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
