"""The embedded installation's message queue: kombu's `filesystem://` transport, made safe.

kombu's own transport reads half-written files and forgets a message the moment it is read. Here a message is
published by renaming a finished file, claimed by renaming it again, and deleted only once it is acknowledged; what a
dead process had claimed returns to its queue. So every message is delivered at least once, and tasks are written to
be run twice. Rows in the database stay the truth: a message is only a hint to look at them.

    <folder>/ready/<queue>/<time>-<id>.<tries>      waiting, oldest first
    <folder>/claimed/<owner>/<queue>/…              being worked on by one process
    <folder>/claimed/<owner>.lock                   locked for as long as that process lives
    <folder>/failed/<queue>/…                       unreadable, or its process died three times over
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import threading
import time
import uuid
from collections import deque
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

MAX_TRIES = 3
# Seconds between two looks for messages whose process died.
RECLAIM_EVERY = 10.0
QUEUE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]*")


class Spool:
    """The folders of the queue. It knows files, not messages; every step is one atomic rename."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ready(self, queue: str) -> Path:
        """The folder of a queue's waiting messages, made if need be."""
        return self._folder("ready", queue)

    def _folder(self, *parts: str) -> Path:
        if not QUEUE_NAME.fullmatch(parts[-1]):
            raise ChannelError(f"Invalid queue name: {parts[-1]!r}")
        path = self.folder.joinpath(*parts)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def publish(self, queue: str, content: str) -> None:
        """Make a message visible, whole or not at all, and still there after a power cut."""
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}.0"
        folder = self.ready(queue)
        draft = folder / f".{name}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / name)

    def waiting(self, queue: str) -> list[str]:
        """Names of the waiting messages, oldest first."""
        return sorted(name for name in os.listdir(self.ready(queue)) if not name.startswith("."))

    def claim(self, queue: str, name: str, owner: str) -> Path | None:
        """Take a message; None when another process was faster."""
        target = self._folder("claimed", owner, queue) / name
        try:
            (self.ready(queue) / name).rename(target)
        except FileNotFoundError:
            return None
        return target

    def give_back(self, claim: Path, *, died: bool = False) -> None:
        """Return a claimed message to its queue. One whose process died too often is set aside, it may be the cause."""
        stem, _dot, tries = claim.name.rpartition(".")
        count = int(tries) + died
        if count >= MAX_TRIES:
            self.set_aside(claim)
            return
        claim.rename(self.ready(claim.parent.name) / f"{stem}.{count}")

    def set_aside(self, claim: Path) -> None:
        """Keep a message that nobody can work on where a person can find it; only its file name is logged."""
        claim.rename(self._folder("failed", claim.parent.name) / claim.name)
        logger.error("Message %s of queue %s was set aside", claim.name, claim.parent.name)

    def reclaim(self) -> int:
        """Give back what dead processes had claimed; how many messages."""
        count = 0
        for lock in (self.folder / "claimed").glob("*.lock"):
            handle = _try_lock(lock)
            if handle is None:
                continue
            folder = lock.with_suffix("")
            for claim in folder.glob("*/*"):
                self.give_back(claim, died=True)
                count += 1
            _remove_tree(folder)
            lock.unlink(missing_ok=True)
            os.close(handle)
        return count


def _try_lock(path: Path) -> int | None:
    """Lock a file; None when a living process holds it. Closing the returned descriptor lets go."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _remove_tree(folder: Path) -> None:
    for path in sorted(folder.glob("*"), reverse=True):
        path.rmdir()
    if folder.exists():
        folder.rmdir()


class Owner:
    """This process as the holder of claims: a lock file that the operating system lets go when the process dies."""

    _current: ClassVar[dict[Path, Owner]] = {}
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, folder: Path) -> None:
        self.pid = os.getpid()
        self.name = uuid.uuid4().hex
        claimed = folder / "claimed"
        claimed.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Locked under a hidden name first: a lock that stands unlocked for a moment would look like a dead owner's.
        draft = claimed / f".{self.name}"
        self._handle = os.open(draft, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        draft.rename(claimed / f"{self.name}.lock")

    @classmethod
    def of(cls, folder: Path) -> Owner:
        """The owner of this process; a forked child gets one of its own."""
        with cls._guard:
            owner = cls._current.get(folder)
            if owner is None or owner.pid != os.getpid():
                owner = cls._current[folder] = cls(folder)
            return owner


class QoS(virtual.QoS):
    """Keeps the claims in step with what kombu knows as delivered."""

    # The channel gives its claims back itself; kombu would publish copies beside them.
    restore_at_shutdown = False
    channel: Channel

    def ack(self, delivery_tag: str) -> None:
        self.channel.settle(delivery_tag)
        super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        self.channel.settle(delivery_tag, give_back=requeue)
        super().ack(delivery_tag)


class Channel(virtual.Channel):
    """One channel of the transport; its claims live until they are acknowledged or the channel closes."""

    QoS = QoS
    do_restore = False

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self.spool = Spool(Path(connection.client.transport_options["folder"]))
        self._claims: dict[str, Path] = {}
        self._listed: dict[str, deque[str]] = {}
        self._unacknowledged_queues: set[str] = set()
        self._reclaimed_at = 0.0

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        self.spool.publish(queue, dumps(message))

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        owner = Owner.of(self.spool.folder)
        while name := self._next_name(queue):
            claim = self.spool.claim(queue, name, owner.name)
            if claim is None:
                continue
            try:
                message: dict[str, Any] = loads(claim.read_text(encoding="utf-8"))
                tag = message["properties"]["delivery_tag"]
            except (ValueError, KeyError, TypeError):
                self.spool.set_aside(claim)
                continue
            self._claims[tag] = claim
            if queue in self._unacknowledged_queues:
                self.settle(tag)
            return message
        raise Empty

    def _next_name(self, queue: str) -> str | None:
        """The oldest message not yet tried; a listing is used up before the folder is read again."""
        listed = self._listed.setdefault(queue, deque())
        if not listed:
            if time.monotonic() - self._reclaimed_at > RECLAIM_EVERY:
                self.spool.reclaim()
                self._reclaimed_at = time.monotonic()
            listed.extend(self.spool.waiting(queue))
        return listed.popleft() if listed else None

    def settle(self, delivery_tag: str, *, give_back: bool = False) -> None:
        """Forget a claimed message, or return it to its queue."""
        claim = self._claims.pop(delivery_tag, None)
        if claim is None:
            return
        if give_back:
            self.spool.give_back(claim)
        else:
            claim.unlink(missing_ok=True)

    def basic_consume(self, queue: str, no_ack: bool, *args: Any, **kwargs: Any) -> str:
        if no_ack:
            self._unacknowledged_queues.add(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def basic_get(self, queue: str, no_ack: bool = False, **kwargs: Any) -> Any:
        message = super().basic_get(queue, no_ack=False, **kwargs)
        if message is not None and no_ack:
            self.qos.ack(str(message.delivery_tag))
        return message

    def close(self) -> None:
        for tag in list(self._claims):
            self.settle(tag, give_back=True)
        super().close()

    def _new_queue(self, queue: str, **kwargs: Any) -> None:
        self.spool.ready(queue)

    def _size(self, queue: str) -> int:
        return len(self.spool.waiting(queue))

    def _purge(self, queue: str) -> int:
        names = self.spool.waiting(queue)
        for name in names:
            (self.spool.ready(queue) / name).unlink(missing_ok=True)
        return len(names)


class Transport(virtual.Transport):
    """`filesystem://` with `transport_options = {"folder": …}`."""

    Channel = Channel
    default_port = 0
    driver_type = "filesystem"
    driver_name = "karta"
    # Seconds between two looks at an empty queue: short, since people wait for exports and imports.
    polling_interval = 0.25
    # Seconds after which a consumer comes up for air, to see whether it was told to stop.
    longest_wait = 0.5

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        super().drain_events(connection, timeout=min(timeout or self.longest_wait, self.longest_wait), **kwargs)


def register() -> None:
    """Let the address `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = "crm.broker:Transport"
