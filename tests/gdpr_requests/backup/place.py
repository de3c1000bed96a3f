"""The installation that the test process works on, seen from other processes: manage.py and a real web server on it."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tests.house.test_embedded import free_port


def database_url() -> str:
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{parts['NAME']}"
    login = f"{parts['USER']}:{parts['PASSWORD']}" if parts["PASSWORD"] else parts["USER"]
    return f"postgres://{login}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": "filesystem://localhost/",
        "CRM_VAR": str(settings.VAR_DIR),
        "ERASURE_LEDGER": str(settings.ERASURE_LEDGER),
        "BACKUP_DIR": str(settings.BACKUP_DIR),
        "WEB_WORKERS": "1",
        "DJANGO_DEBUG": "true",  # static files are not collected here
        "PYTHONUNBUFFERED": "1",
    }


def manage(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@contextmanager
def web():
    """A gunicorn as production starts it; yields its port, its process and its log."""
    port, log = free_port(), settings.VAR_DIR / "web.log"
    command = [sys.executable, "-m", "gunicorn", "--config", "python:crm.webserver", "--bind", f"127.0.0.1:{port}"]
    with log.open("ab") as target:
        process = subprocess.Popen(
            [*command, "crm.wsgi"], cwd=settings.BASE_DIR, env=environment(), stdout=target, stderr=target
        )
    try:
        yield port, process, log
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def signed_in(user) -> str:
    """The cookie of a new session."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def first_response(port: int, path: str, cookie: str, seconds: float = 120) -> tuple[int, str]:
    """Ask again and again from the first moment on; what the first answer is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        try:
            asked.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
            answer = asked.getresponse()
            return answer.status, answer.read().decode()
        except ConnectionRefusedError:
            time.sleep(0.02)
        finally:
            asked.close()
    raise AssertionError("no answer in time")
