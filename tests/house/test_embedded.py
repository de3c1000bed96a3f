"""One command starts everything, looks after it and leaves nothing behind."""

from __future__ import annotations

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

MANAGE = [sys.executable, "manage.py"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(condition: Callable[[], object], seconds: float = 20) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def descendants(pid: int) -> list[int]:
    found = []
    for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        found += [child, *descendants(child)]
    return found


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return 0


@dataclass
class Installation:
    """An installation in a folder of its own."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def environment(self) -> dict[str, str]:
        own = {"CRM_VAR": str(self.folder), "PORT": str(self.port), "HOST": "127.0.0.1", "PYTHONUNBUFFERED": "1"}
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "CELERY_BROKER_URL")}
        return {**kept, **own, "DJANGO_SETTINGS_MODULE": "crm.settings"}

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*MANAGE, *arguments],
            cwd=settings.BASE_DIR,
            env={**self.environment(), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [*MANAGE, "run_embedded"], cwd=settings.BASE_DIR, env=self.environment(), stdout=log, stderr=log
            )
        if not eventually(lambda: status(f"{self.url}/healthz") == 200):
            process.kill()
            pytest.fail(self.log)
        return process


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    found = Installation(tmp_path_factory.mktemp("var"), free_port())
    for command in (["migrate"], ["collectstatic", "--no-input"]):
        done = found.manage(*command, "--verbosity", "0")
        assert done.returncode == 0, done.stderr
    return found


@pytest.fixture
def running(installation: Installation) -> Iterator[subprocess.Popen[bytes]]:
    process = installation.start()
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(20)


def test_ctrl_c_stops_web_worker_and_beat(installation, running):
    family = descendants(running.pid)
    assert len(family) == 3  # gunicorn, its worker, and the job worker with beat as a thread
    running.send_signal(signal.SIGINT)
    assert running.wait(20) == 0
    assert [pid for pid in family if alive(pid)] == []
    assert "has stopped" in installation.log


def test_nothing_survives_a_supervisor_that_is_killed(running):
    family = descendants(running.pid)
    running.kill()
    running.wait()
    assert eventually(lambda: not any(alive(pid) for pid in family))


def test_a_part_that_dies_is_started_again(installation, running):
    web, worker = (int(pid) for pid in Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split())
    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: not {web, worker} & set(descendants(running.pid)) and len(descendants(running.pid)) == 3)
    assert eventually(lambda: status(f"{installation.url}/healthz") == 200)


@pytest.mark.usefixtures("running")
def test_a_second_instance_and_a_taken_port_are_refused_in_plain_words(installation, tmp_path):
    second = installation.manage("run_embedded")
    assert second.returncode != 0
    assert "already runs from this folder" in second.stderr
    elsewhere = Installation(tmp_path, installation.port).manage("run_embedded")
    assert elsewhere.returncode != 0
    assert f"Port {installation.port} is taken" in elsewhere.stderr
    assert "Traceback" not in second.stderr + elsewhere.stderr


def test_a_wrong_or_missing_key_is_refused_in_plain_words(installation):
    other = base64.urlsafe_b64encode(os.urandom(32)).decode()
    wrong = installation.manage("run_embedded", FIELD_ENCRYPTION_KEY=other)
    missing = installation.manage("run_embedded", FIELD_ENCRYPTION_KEY="")
    assert (wrong.returncode, missing.returncode) == (1, 1)
    assert "does not open the stored data keys" in wrong.stderr
    assert "FIELD_ENCRYPTION_KEY is missing" in missing.stderr
    assert "Traceback" not in wrong.stderr + missing.stderr


@pytest.mark.usefixtures("running")
def test_the_log_shows_paths_without_what_was_searched_for(installation):
    status(f"{installation.url}/?q=Josefina")
    status(f"{installation.url}/my/AbCdEfGhIjKlMnOpQrStUvWxYz012345/")
    assert eventually(lambda: re.search(r"GET /my/…/ \d{3}", installation.log))
    assert re.search(r"GET / \d{3}", installation.log)
    assert "Josefina" not in installation.log
    assert "AbCdEfGhIjKl" not in installation.log
