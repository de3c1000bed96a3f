"""The chain over the audit record: a removed, inserted, reordered or changed event shows.

Every event carries a MAC of its own content. A job links events in batches: the MAC of a link covers the link
before it, its position and its event, so the links stand or fall together. Count and head of the chain are pinned in
a file outside the database (audit/anchor.py); without it, a cut tail would go unseen. All MACs are under the system
key `audit`.

An event committed late (a long transaction) is linked when it is seen; order in the chain is order of linking. What
was written since the last run of the job, a minute, is covered by its own MAC only: its removal would go unseen.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from audit import anchor
from audit.models import AuditCheckpoint, AuditEvent, AuditLink
from privacy.keys import system_key

#: How long after its own time an event may be committed and still be linked by the minute's job.
LATEST = timedelta(days=1)
_LOCK = 0x4B41525441  # any number, the same in every process


@dataclass(frozen=True, slots=True)
class Head:
    """One end of the chain: a position (0 before the first link) and the MAC of the link there."""

    position: int
    mac: bytes


GENESIS = Head(0, bytes(32))


class CheckpointBroken(Exception):  # noqa: N818 - read as a sentence
    """The newest checkpoint was not written by this installation."""


def link_mac(before: bytes, position: int, event: AuditEvent) -> bytes:
    """MAC of one link: over the link before, the position, and the event with its own MAC."""
    content = b"|".join([str(position).encode(), str(event.pk).encode(), event.uid.bytes, bytes(event.mac)])
    return hmac.digest(system_key("audit"), b"link:" + before + content, "sha256")


def checkpoint_mac(position: int, head: bytes) -> bytes:
    """MAC of a checkpoint: this installation itself pruned the chain up to here."""
    content = b"checkpoint:" + str(position).encode() + b":" + head
    return hmac.new(system_key("audit"), content, hashlib.sha256).digest()


def start() -> Head:
    """Where the stored chain begins: the last checkpoint, or nothing. Raises CheckpointBroken."""
    last = AuditCheckpoint.objects.order_by("-position").first()
    if last is None:
        return GENESIS
    if not hmac.compare_digest(checkpoint_mac(last.position, bytes(last.head)), bytes(last.mac)):
        raise CheckpointBroken
    return Head(last.position, bytes(last.head))


def current_head() -> Head:
    """The last link, or where the chain goes on after all of it was pruned."""
    last = AuditLink.objects.order_by("-position").values_list("position", "mac").first()
    return Head(last[0], bytes(last[1])) if last is not None else start()


def link_events(*, batch: int = 2000, everything: bool = False) -> int:
    """Link what is not linked yet, in batches, and move the anchor. Returns how many events were linked.

    Safe in parallel and to interrupt: one process links at a time, the others wait. `everything` looks through the
    whole record for events committed more than a day late.
    """
    total = 0
    while True:
        done = _link_batch(batch, everything)
        total += done
        if done < batch:
            return total


@transaction.atomic
def _link_batch(batch: int, everything: bool) -> int:
    lock()
    first = head = current_head()
    events = AuditEvent.objects.filter(link=None).order_by("pk")
    newest = AuditLink.objects.filter(position=head.position).values_list("event__at", flat=True).first()
    if newest is not None and not everything:
        events = events.filter(at__gte=newest - LATEST)
    links = []
    for event in events[:batch]:
        head = Head(head.position + 1, link_mac(head.mac, head.position + 1, event))
        links.append(AuditLink(position=head.position, event=event, mac=head.mac))
    AuditLink.objects.bulk_create(links, batch_size=500)
    transaction.on_commit(lambda: pin(head, fresh=first == GENESIS))
    return len(links)


def pin(head: Head, *, fresh: bool = False) -> None:
    """Move the anchor to `head` if the chain still holds what the anchor saw last; otherwise leave it and log.

    Linking goes on all the same, so that new events are covered; `verify_audit` says what is wrong until somebody
    looks. `fresh` allows the first anchor of a new chain.
    """
    with anchor.locked():
        old = anchor.read()
        if old == anchor.MISSING and fresh:
            anchor.write(head.position, head.mac)
        elif isinstance(old, anchor.Anchor):
            if mac_at(old.position) != old.mac:
                anchor.alarm("anchor_disagrees")
            elif old.position < head.position:
                anchor.write(head.position, head.mac)
        else:
            anchor.alarm(old)


def mac_at(position: int) -> bytes | None:
    """The MAC that the stored chain has at this position, None where it has none."""
    begin = start()
    if position == begin.position:
        return begin.mac
    found = AuditLink.objects.filter(position=position).values_list("mac", flat=True).first()
    return None if found is None else bytes(found)


def lock() -> None:
    """One linker or pruner at a time. SQLite transactions are exclusive anyway (BEGIN IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
