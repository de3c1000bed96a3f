"""A pipe that tells a child when its supervisor is gone, however it went: no process is left running alone."""

from __future__ import annotations

import os
import signal
import threading
import time

# Seconds for a clean end before the process kills itself.
PATIENCE = 15


def watch(descriptor: int) -> None:
    """End this process when the other end of the pipe closes. Nobody ever writes into it.

    A pipe works on every Unix and also after `kill -9`, when the supervisor can no longer pass a signal on.
    """
    threading.Thread(target=_wait, args=(descriptor,), name="lifeline", daemon=True).start()


def _wait(descriptor: int) -> None:
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os.kill(os.getpid(), signal.SIGKILL)
