"""The production services start with the commands of docker-compose.yml, find each other, and their checks agree."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.house.roles import Roles
from tests.house.test_embedded import eventually, free_port, status

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
BIN = Path(sys.executable).parent


def compose() -> dict[str, dict]:
    command = [str(BIN / "docker-compose"), "--env-file", ".env.example", "config", "--format", "json"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["services"]


def image_command() -> list[str]:
    (line,) = [line for line in (settings.BASE_DIR / "Dockerfile").read_text().splitlines() if line.startswith("CMD ")]
    return json.loads(line.removeprefix("CMD "))


@dataclass
class Production:
    """Web, worker and beat as Compose would start them, beside the PostgreSQL and Redis of the tests."""

    roles: Roles
    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.services = compose()
        broker = urlsplit(settings.CELERY_BROKER_URL)
        self.environment = {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOSTNAME": socket.gethostname(),
            "SECRET_KEY": "only-for-tests",
            "FIELD_ENCRYPTION_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            "DATABASE_URL": self.roles.url(self.roles.app),
            "CELERY_BROKER_URL": broker._replace(path="/40").geturl(),
            "CACHE_URL": broker._replace(path="/41").geturl(),
            "CRM_VAR": str(self.folder),
            "WEB_WORKERS": "1",
        }

    def run(self, command: list[str]) -> subprocess.Popen[bytes]:
        command = [part.replace("8000", str(self.port)).replace("$$", "$") for part in command]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment, stdout=log, stderr=log)

    def check(self, service: str) -> int:
        kind, *command = self.services[service]["healthcheck"]["test"]
        return self.run(["sh", "-c", *command] if kind == "CMD-SHELL" else command).wait(60)


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    roles = Roles()
    roles.create()
    found = Production(roles, tmp_path)
    try:
        roles.migrate(found.environment)
        assert found.run(["python", "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]).wait(60) == 0
        yield found
    finally:
        roles.drop()


def test_web_worker_and_beat_are_well_and_stop_when_told(production):
    commands = {name: production.services[name]["command"] or image_command() for name in ("web", "worker", "beat")}
    processes = {name: production.run(command) for name, command in commands.items()}
    try:
        well = eventually(lambda: status(f"http://127.0.0.1:{production.port}/healthz") == 200, seconds=40)
        assert well, (production.folder / "log").read_text()
        assert [name for name in commands if not eventually(lambda name=name: production.check(name) == 0)] == []
    finally:
        for process in processes.values():
            process.terminate()
        ended = {name: process.wait(30) for name, process in processes.items()}
    assert ended == {"web": 0, "worker": 0, "beat": 0}
