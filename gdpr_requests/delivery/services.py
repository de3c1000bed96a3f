"""Making a copy that waits behind a link, opening it for whoever knows the code, and ending it."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from audit.services import record
from contacts.models import Contact
from gdpr_requests.export.archive import archive
from gdpr_requests.export.collect import Variant
from gdpr_requests.export.document import make_copy
from gdpr_requests.export.review import Review
from gdpr_requests.models import CopyDelivery, DataSubjectRequest
from gdpr_requests.services.access import held
from privacy.files import ChunkStream, store

if TYPE_CHECKING:
    from accounts.models import User

#: For how many days a copy can be fetched, unless a colleague says otherwise.
DAYS = 14
LONGEST_DAYS = 30
#: The wrong code that ends a delivery. The code has eight digits: five guesses find one in 20 million.
WRONG_CODES = 5
ROW_KEPT = dt.timedelta(days=365)


class DeliveryEnded(Exception):  # noqa: N818 - read as a sentence
    """There is nothing to fetch behind this link (any more). Which of the reasons it is, a stranger is not told."""


class WrongCode(Exception):  # noqa: N818 - read as a sentence
    """The code is not the one. `left` says how many tries there are."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left


@transaction.atomic
def prepare(
    *,
    contact: Contact,
    variant: Variant,
    choices: Mapping[str, str],
    actor: User,
    request: DataSubjectRequest | None = None,
    days: int = DAYS,
) -> CopyDelivery:
    """Make the copy as reviewed, seal it, and give it a link and a code.

    `choices` is what the review decided, by the id of each place. `days` is 1 to 30. Raises Contact.DoesNotExist when
    the card was just erased, ValueError for other days. Nothing is left on the disk when anything fails.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"A copy waits 1 to {LONGEST_DAYS} days")
    card = held(contact.pk)
    review = Review(choices)
    copy = make_copy(card, variant=variant, review=review)
    pk, token = CopyDelivery.new_id(), secrets.token_urlsafe(32)
    name, size, _digest = store.seal(ChunkStream(archive(copy)), key=card.key, row_id=pk)
    try:
        delivery = CopyDelivery(
            pk=pk,
            key=card.key,
            contact=card,
            request=request,
            variant=str(variant),
            language=copy.language,
            token=token,
            token_digest=digest_of(token),
            code=new_code(),
            storage_name=name,
            size=size,
            left_out=review.left_out,
            created_by_id=actor.pk,
            ends_at=timezone.now() + dt.timedelta(days=days),
        )
        delivery.save(force_insert=True)
        record(
            "delivery.prepared",
            actor=actor,
            contact_id=card.pk,
            target=delivery,
            detail={"variant": str(variant), "days": days, "left_out": review.left_out},
        )
    except BaseException:
        store.delete(name)
        raise
    return delivery


def new_code() -> str:
    """Eight digits, said easily on the phone."""
    return f"{secrets.randbelow(10**8):08d}"


def digest_of(token: str) -> str:
    """How a link is found. A random token of 256 bits needs no key."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(delivery: CopyDelivery) -> str:
    """The whole address for a letter. It starts with SITE_URL: a request's Host header could be forged."""
    return str(settings.SITE_URL).rstrip("/") + reverse("gdpr_requests:my_copy", args=[delivery.token])


def waiting_copy(contact: Contact, variant: str) -> CopyDelivery | None:
    """The newest copy of this kind that waits for the person, or None."""
    rows = CopyDelivery.objects.filter(contact=contact, variant=variant, ended_at__isnull=True)
    return rows.filter(ends_at__gt=timezone.now()).order_by("-created_at").first()


def waiting_for(token: str) -> CopyDelivery:
    """The delivery behind a link. Raises DeliveryEnded."""
    row = CopyDelivery.objects.filter(token_digest=digest_of(token)).first()
    if row is None or not row.is_open:
        raise DeliveryEnded
    return row


def fetch(*, token: str, code: str) -> tuple[CopyDelivery, Iterator[bytes]]:
    """The bytes of the ZIP for whoever holds the link and knows the code. Raises DeliveryEnded or WrongCode.

    The row is locked while a code is tried, so that many tries at once count as many.
    """
    with transaction.atomic():
        row = CopyDelivery.objects.select_for_update(of=("self",)).filter(token_digest=digest_of(token)).first()
        if row is None or not row.is_open:
            raise DeliveryEnded
        is_right = constant_time_compare("".join(filter(str.isdecimal, code)), row.code)
        if is_right:
            row.fetched_at = row.fetched_at or timezone.now()
            row.save(update_fields=["fetched_at"])
            record("delivery.fetched", actor=None, contact_id=row.contact_id, target=row)
        else:
            _count_wrong(row)
    if not is_right:
        raise WrongCode(WRONG_CODES - row.wrong_codes)
    return row, store.open(str(row.storage_name), key=row.key, row_id=row.pk)


def _count_wrong(row: CopyDelivery) -> None:
    row.wrong_codes += 1
    row.save(update_fields=["wrong_codes"])
    record("delivery.refused", actor=None, contact_id=row.contact_id, target=row, detail={"wrong": row.wrong_codes})
    if row.wrong_codes >= WRONG_CODES:
        _end(row, CopyDelivery.End.GUESSED, None)


@transaction.atomic
def revoke(*, delivery: CopyDelivery, actor: User) -> None:
    """End a delivery by hand and delete the copy. Does nothing to one that has ended."""
    row = CopyDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.ended_at is None:
        _end(row, CopyDelivery.End.REVOKED, actor)


def _end(row: CopyDelivery, reason: CopyDelivery.End, actor: User | None) -> None:
    name, row.storage_name = row.storage_name, None
    row.ended_at, row.end_reason = timezone.now(), reason
    row.save(update_fields=["storage_name", "ended_at", "end_reason"])
    record("delivery.ended", actor=actor, contact_id=row.contact_id, target=row, detail={"reason": str(reason)})
    if name:
        transaction.on_commit(partial(store.delete, name))


def end_expired() -> int:
    """End what was not fetched in time, and forget rows a year after their end. Safe to repeat and in parallel."""
    ended = 0
    now = timezone.now()
    for pk in CopyDelivery.objects.filter(ended_at__isnull=True, ends_at__lte=now).values_list("pk", flat=True):
        with transaction.atomic():
            rows = CopyDelivery.objects.select_for_update(of=("self",)).filter(pk=pk, ended_at__isnull=True)
            for row in rows:
                _end(row, CopyDelivery.End.EXPIRED, None)
                ended += 1
    CopyDelivery.objects.filter(ended_at__lt=now - ROW_KEPT).delete()
    return ended
