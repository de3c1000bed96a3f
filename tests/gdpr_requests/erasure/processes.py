"""Real processes that can really be killed: forked, with connections of their own, and never returning."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable

from django.db import connections


class Process:
    """Does the work and ends. Nothing of the test's own ending runs in it."""

    def __init__(self, work: Callable[[], object]) -> None:
        connections.close_all()
        self.exit_code: int | None = None
        self.pid = os.fork()
        if not self.pid:
            _run(work)

    def kill(self) -> None:
        """SIGKILL, and wait until it is over."""
        if not self.has_ended():
            os.kill(self.pid, signal.SIGKILL)
            self._note(os.waitpid(self.pid, 0)[1])

    def has_ended(self) -> bool:
        """Whether it is over."""
        if self.exit_code is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self._note(status)
        return self.exit_code is not None

    def wait(self, seconds: float = 120) -> int:
        """How it ended: 0, or the negative number of the signal. Raises AssertionError where it does not."""
        end = time.monotonic() + seconds
        while not self.has_ended():
            assert time.monotonic() < end, "a process hangs"
            time.sleep(0.02)
        return self.exit_code or 0

    def _note(self, status: int) -> None:
        self.exit_code = os.waitstatus_to_exitcode(status)
        assert self.exit_code in (0, -signal.SIGKILL), "a process failed, see its traceback"


def _run(work: Callable[[], object]) -> None:
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - nothing may return into the test
        traceback.print_exc()
    finally:
        os._exit(status)
