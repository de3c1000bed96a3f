"""Gunicorn's settings, shared by the embedded installation and the production image (`-c python:crm.webserver`)."""

import os
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


class SafeLogger(Logger):  # type: ignore[misc]
    """Gunicorn's logger with the formatter of all our logs."""

    def setup(self, cfg: Any) -> None:
        from crm.logs import SafeFormatter

        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(SafeFormatter("{asctime} {levelname} {name} {message}", style="{"))

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        from crm.logs import path_in_one_piece

        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        found["U"] = path_in_one_piece(str(found.get("U") or ""))
        return found


logger_class = SafeLogger


def on_starting(server: Any) -> None:
    """Before the master listens: nobody can connect while people whom a backup brought back are erased again.

    The workers it forks find Django loaded.
    """
    from django.core.exceptions import ImproperlyConfigured

    try:
        import crm.wsgi  # noqa: F401  (prepares the installation when it is loaded)
    except ImproperlyConfigured as problem:
        server.log.critical("%s", problem)
        raise SystemExit(1) from None
