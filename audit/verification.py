"""Proving the audit record: every event, every link, the checkpoint and the anchor."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from audit import anchor, chain
from audit.chain import Head
from audit.mac import event_mac
from audit.models import AuditEvent, AuditLink
from audit.services import record

VERIFIED = "audit.verified"
FAILED = "audit.verification_failed"
#: How long an event may wait for its link before that counts as wrong.
PATIENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verification found: how many links hold, up to where, and the first thing that is wrong.

    `reason` is "" or one of checkpoint_broken, link_missing, link_changed, event_changed, event_not_linked,
    anchor_missing, anchor_broken, anchor_disagrees, tail_cut.
    """

    links: int
    head: int
    reason: str = ""
    position: int | None = None
    event_id: int | None = None

    @property
    def ok(self) -> bool:
        return not self.reason


def verify(now: datetime | None = None) -> Verdict:
    """Check the record from its beginning; stops at the first thing that is wrong."""
    with transaction.atomic():
        try:
            begin = chain.start()
        except chain.CheckpointBroken:
            return Verdict(0, 0, "checkpoint_broken")
        verdict = _walk(begin)
        verdict = _compare_anchor(verdict) if verdict.ok else verdict
        return _check_waiting(verdict, now or timezone.now()) if verdict.ok else verdict


def verify_and_record() -> Verdict:
    """Check the record and leave what was found in it, so that people who read it see since when it holds."""
    verdict = verify()
    detail: dict[str, int | str] = {"links": verdict.links, "head": verdict.head}
    if verdict.reason:
        places = {"position": verdict.position, "event": verdict.event_id}
        detail |= {"reason": verdict.reason, **{name: at for name, at in places.items() if at is not None}}
    record(VERIFIED if verdict.ok else FAILED, actor=None, detail=detail)
    return verdict


def last_verification() -> AuditEvent | None:
    """The event that the newest whole verification left, if it is genuine."""
    event = AuditEvent.objects.filter(action__in=[VERIFIED, FAILED]).order_by("-at").first()
    return event if event and hmac.compare_digest(event_mac(event), bytes(event.mac)) else None


def anchor_fault() -> str:
    """What is wrong with the anchor at this moment, in a few reads; "" where it agrees with the chain."""
    head = chain.current_head()
    return _compare_anchor(Verdict(0, head.position)).reason


def accept_restored() -> Verdict:
    """Pin the anchor where the database now ends, after an older database was restored. The links must all hold.

    Leaves an event in the record. Returns what is wrong with the links, changing nothing, if they do not hold.
    """
    with transaction.atomic():
        chain.lock()
        verdict = _walk(chain.start())
        if verdict.ok:
            record("audit.anchor_accepted", actor=None, detail={"position": verdict.head})
            with anchor.locked():
                anchor.write(verdict.head, chain.current_head().mac)
        return verdict


def _walk(head: Head) -> Verdict:
    links = 0
    for link in _links():
        bad = _bad_link(head, link)
        if bad:
            return Verdict(links, head.position, bad, head.position + 1, link.event_id)
        head, links = Head(link.position, bytes(link.mac)), links + 1
    return Verdict(links, head.position)


def _links() -> Iterator[AuditLink]:
    yield from AuditLink.objects.select_related("event").order_by("position").iterator(chunk_size=2000)


def _bad_link(head: Head, link: AuditLink) -> str:
    if link.position != head.position + 1:
        return "link_missing"
    if not hmac.compare_digest(event_mac(link.event), bytes(link.event.mac)):
        return "event_changed"
    if not hmac.compare_digest(chain.link_mac(head.mac, link.position, link.event), bytes(link.mac)):
        return "link_changed"
    return ""


def _compare_anchor(found: Verdict) -> Verdict:
    pinned = anchor.read()
    if isinstance(pinned, str):
        # A chain that has not begun yet has no anchor either.
        untouched = pinned == anchor.MISSING and found.head == 0
        return found if untouched else Verdict(found.links, found.head, pinned)
    if pinned.position > found.head:
        return Verdict(found.links, found.head, "tail_cut", found.head + 1)
    if chain.mac_at(pinned.position) != pinned.mac:
        return Verdict(found.links, found.head, "anchor_disagrees", pinned.position)
    return found


def _check_waiting(found: Verdict, now: datetime) -> Verdict:
    """Events without a link: recent ones are only waiting, but each must carry its own right MAC."""
    for event in AuditEvent.objects.filter(link=None).order_by("pk").iterator(chunk_size=2000):
        if not hmac.compare_digest(event_mac(event), bytes(event.mac)):
            return Verdict(found.links, found.head, "event_changed", None, event.pk)
        if event.at < now - PATIENCE:
            return Verdict(found.links, found.head, "event_not_linked", None, event.pk)
    return found
