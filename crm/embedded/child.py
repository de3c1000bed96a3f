"""What the supervisor starts: `python -m crm.embedded.child web|worker LIFELINE`."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import warnings
from typing import Any

import django
from celery.beat import Service
from celery.signals import worker_shutting_down
from django.conf import settings
from gunicorn.app.base import BaseApplication

from crm import webserver
from crm.celery import app as celery_app
from crm.embedded import lifeline

logger = logging.getLogger(__name__)


class Web(BaseApplication):  # type: ignore[misc]
    """Gunicorn with one process and several threads: little memory, and SQLite has one writer anyway."""

    def load_config(self) -> None:
        options: dict[str, Any] = {
            name: getattr(webserver, name) for name in vars(webserver) if name in self.cfg.settings
        }
        options["bind"] = f"{settings.HOST}:{settings.PORT}"
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from crm.wsgi import application

        return application


class Beat(threading.Thread):
    """The scheduler beside the worker. A forked beat would outlive its parent and go on sending; a thread cannot."""

    def __init__(self) -> None:
        super().__init__(name="beat", daemon=True)
        # Awake every second: stopping waits for the nap to end.
        self.service = Service(celery_app, max_interval=1, scheduler_cls=celery_app.conf.beat_scheduler)
        self.stopping = False
        # The scheduler stops while the worker is still ending its job, not after it.
        worker_shutting_down.connect(self._wind_down)

    def _wind_down(self, **_kwargs: Any) -> None:
        self.stopping = True
        self.service.stop()

    def run(self) -> None:
        celery_app.set_current()
        try:
            self.service.start()
        except Exception:
            logger.exception("The scheduler failed; the worker starts anew with it")
        finally:
            if not self.stopping:
                os.kill(os.getpid(), signal.SIGTERM)

    def stop(self) -> None:
        """Let the running tick end and write the times of the last runs down."""
        self._wind_down()
        self.join(timeout=5)


def run_web() -> None:
    """Serve pages until SIGTERM."""
    Web().run()


def run_worker() -> None:
    """Work through the queue, one job at a time, and keep the schedule, until SIGTERM."""
    django.setup()
    # Celery warns of root because of pickled messages; ours are JSON.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    worker = celery_app.Worker(
        pool="solo", without_gossip=True, without_mingle=True, without_heartbeat=True, quiet=True, loglevel="INFO"
    )
    beat = Beat()
    beat.start()
    try:
        worker.start()
    finally:
        beat.stop()
    sys.exit(worker.exitcode)


ROLES = {"web": run_web, "worker": run_worker}

if __name__ == "__main__":
    lifeline.watch(int(sys.argv[2]))
    role, sys.argv = ROLES[sys.argv[1]], sys.argv[:1]
    role()
