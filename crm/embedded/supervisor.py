"""Starts the children, looks after them and ends them. It serves nothing itself, so there is little in it to fail."""

from __future__ import annotations

import fcntl
import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

logger = logging.getLogger(__name__)

# Seconds: a child may take this long to end by itself; a child that lived this long starts with a clean slate.
GRACE = 12
STEADY = 60
LONGEST_PAUSE = 30
# Deaths in a row before the first answer to a health check, after which waiting makes no sense.
HOPELESS = 3


class CannotStart(Exception):  # noqa: N818 - read as a sentence
    """Said in plain words to the person who started the command."""


class InstanceLock:
    """One running instance for each folder: two would share a queue, a schedule and a database file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            raise CannotStart(self._file.read().strip()) from None

    def describe(self, text: str) -> None:
        """Leave a note for whoever tries to start a second instance."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()


def port_is_free(host: str, port: int) -> bool:
    """Whether we could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(host: str, port: int) -> bool:
    """Whether the web server answers at all; what it says about its own health is not the supervisor's matter."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(local, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        connection.getresponse()
        return True
    except OSError:
        return False
    finally:
        connection.close()


@dataclass
class Child:
    """One process and its history."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    start_again_at: float = 0.0

    def start(self, lifeline: int) -> None:
        """Start the process in a session of its own: Ctrl-C reaches the supervisor, which ends all in order."""
        self.process = subprocess.Popen(  # noqa: S603 - the commands are our own, see commands()
            [*self.command, str(lifeline)], pass_fds=[lifeline], start_new_session=True, stdin=subprocess.DEVNULL
        )
        self.started_at = time.monotonic()

    def buried(self) -> bool:
        """Note the death of a process, once; the next start waits longer each time."""
        if self.process is None or self.process.poll() is None:
            return False
        status, self.process = self.process.returncode, None
        self.deaths = 1 if time.monotonic() - self.started_at > STEADY else self.deaths + 1
        pause = min(2 ** (self.deaths - 1), LONGEST_PAUSE)
        self.start_again_at = time.monotonic() + pause
        logger.error("%s ended (status %s); starting it again in %s s", self.name, status, pause)
        return True


class Supervisor:
    """Runs the children until it is told to stop."""

    def __init__(self, commands: dict[str, list[str]], *, healthy: Callable[[], bool]) -> None:
        self.children = [Child(name, command) for name, command in commands.items()]
        self.healthy = healthy
        self.stopping = False
        # Children hold the reading end. The writing end closes when this process is gone, whatever ended it.
        self._lifeline, self._alive = os.pipe()

    def run(self, *, on_ready: Callable[[], None]) -> None:
        """Start, wait until the web server answers, then keep everything alive until SIGTERM, SIGINT or SIGHUP.

        Raises CannotStart when a child dies again and again before the first answer.
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            for child in self.children:
                child.start(self._lifeline)
            ready = False
            while not self.stopping:
                self._revive(ready=ready)
                if not ready and self.healthy():
                    ready = True
                    on_ready()
                time.sleep(0.2 if ready else 0.05)
        finally:
            self._end_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _revive(self, *, ready: bool) -> None:
        for child in self.children:
            if child.buried() and not ready and child.deaths >= HOPELESS:
                raise CannotStart(child.name)
            if child.process is None and time.monotonic() >= child.start_again_at:
                child.start(self._lifeline)

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def commands() -> dict[str, list[str]]:
    """The children of an embedded installation."""
    return {role: [sys.executable, "-m", "crm.embedded.child", role] for role in ("web", "worker")}
