"""Who is running on this installation: a restore must not pull the database away from under somebody."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# Held open for the life of the process: closing the file would let go of the lock.
_held: dict[Path, IO[str]] = {}


class StillRunning(Exception):  # noqa: N818 - read as a sentence
    """Web, worker or beat run on this installation."""


def _path() -> Path:
    return Path(settings.VAR_DIR) / "serving.lock"


def unfinished() -> Path:
    """Stands while a restore is under way, and stays when it was cut off."""
    return Path(settings.VAR_DIR) / "restore-unfinished"


def announce() -> None:
    """Say that this process serves, until it ends. Raises ImproperlyConfigured during, or after half, a restore."""
    if _path() not in _held:
        _path().parent.mkdir(parents=True, exist_ok=True)
        lock = _path().open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise ImproperlyConfigured("A backup is being restored: start again when it has finished.") from None
        _held[_path()] = lock
    if unfinished().exists():
        raise ImproperlyConfigured(
            f"A restore was cut off before its end ({unfinished()}): run `manage.py restore` again. Nothing is started "
            "on half a restore."
        )


@contextmanager
def nobody_else() -> Iterator[None]:
    """Hold off every start within the block. Raises StillRunning when somebody runs."""
    _path().parent.mkdir(parents=True, exist_ok=True)
    with _path().open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StillRunning from None
        yield
