"""Gunicorn's settings, shared by the embedded installation and the production image (`-c python:crm.webserver`)."""

import os
import re
from typing import Any

from gunicorn.glogging import Logger

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
graceful_timeout = 10
timeout = 120
accesslog = "-"
# Neither the query (it may hold a search for a person) nor the address of the machine that asked.
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
control_socket_disable = True

# Long random segments are keys to a person's own page; an id of a record is a UUID and stays readable.
SECRET_SEGMENT = re.compile(r"(?<=/)(?![0-9a-f]{8}-[0-9a-f]{4}-)[A-Za-z0-9_:.=-]{20,}(?=/|$)")
STATIC = "/static/"


def redacted(path: str) -> str:
    """A path as it may stand in a log: without the tokens that open a person's own page."""
    return path if path.startswith(STATIC) else SECRET_SEGMENT.sub("…", path)


class PathLogger(Logger):  # type: ignore[misc]
    """Gunicorn's logger that writes redacted paths."""

    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        values: dict[str, Any] = super().atoms(*args, **kwargs)
        return {**values, "U": redacted(values["U"] or ""), "q": "", "r": "", "f": ""}


logger_class = PathLogger
