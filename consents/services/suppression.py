"""Addresses to leave alone: kept as keyed hashes, asked before every send and every import (Art. 21(3))."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import Installation
from audit.services import record
from consents.models import Basis, LegalGround, Suppression
from consents.periods import add_months
from contacts.index import phone_e164
from privacy.blind_index import normalise_email
from privacy.keys import system_key, system_key_versions

if TYPE_CHECKING:
    from accounts.models import User
    from consents.models import Purpose
    from contacts.models import Contact

# A person who was erased or objected may still be a party to a contract or named in an invoice.
IN_SPITE = frozenset({Basis.CONTRACT, Basis.LEGAL_OBLIGATION, Basis.VITAL_INTERESTS, Basis.PUBLIC_TASK})
# What keeps an address out of the house altogether, whatever the purpose of marketing.
EVERYWHERE = (Suppression.Scope.IMPORT, Suppression.Scope.MARKETING)


def kept_months() -> int:
    """How long a hash is kept: as long as an objection is expected to be remembered; the installation says."""
    return 12 * int(Installation.current().suppression_years)


def suppression_digest(address: str, version: int | None = None) -> uuid.UUID:
    """The keyed hash of an e-mail or phone under the suppression key, apart from the search index."""
    plain = (
        normalise_email(address)
        if "@" in address
        else (phone_e164(address) or re.sub(r"\D", "", address) or address.strip())
    )
    mac = hmac.new(system_key("suppression", version), plain.encode(), hashlib.sha256).digest()
    return uuid.UUID(bytes=mac[:16])


def all_digests(addresses: Iterable[str]) -> dict[uuid.UUID, list[str]]:
    """Digest to its spellings among the addresses, under every key version: what is hashed can't be hashed again.

    Two spellings of one address ("Jana@…" and "jana@…") share a digest, and what is known of it binds both.
    """
    versions = system_key_versions("suppression")
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for address in dict.fromkeys(addresses):
        for version in versions:
            found[suppression_digest(address, version)].append(address)
    return dict(found)


@transaction.atomic
def suppress(
    *,
    addresses: Iterable[str],
    scope: str,
    reason: str,
    actor: User | None,
    purpose: Purpose | None = None,
    ends_on: dt.date | None = None,
    is_named: bool = False,
) -> int:
    """Leave these addresses alone from now on; returns how many were new. Doing it again only makes it last longer.

    `is_named` says that the person spoke of this very address, so that no general word of theirs lifts it again.
    """
    until = ends_on or add_months(timezone.localdate(), kept_months())
    version = max(system_key_versions("suppression"))
    rows = [
        Suppression(
            digest=suppression_digest(address, version),
            key_version=version,
            kind=Suppression.Kind.EMAIL if "@" in address else Suppression.Kind.PHONE,
            scope=scope,
            purpose=purpose,
            reason=reason,
            ends_on=until,
            is_named=is_named,
        )
        for address in dict.fromkeys(addresses)
    ]
    # One that is there already may be about to end, or be over: a new word of the person starts its time anew.
    held = Suppression.objects.filter(digest__in=[row.digest for row in rows], scope=scope, purpose=purpose)
    held.filter(ends_on__lt=until).update(ends_on=until)
    if is_named:
        held.filter(is_named=False).update(is_named=True)
    before = Suppression.objects.count()
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)
    added = Suppression.objects.count() - before
    if added:
        record("suppression.added", actor=actor, detail={"reason": str(reason), "count": added})
    return added


@transaction.atomic
def lift(
    *, addresses: Iterable[str], purpose: Purpose, everything: bool, actor: User | None, is_named: bool = True
) -> int:
    """Lift what a withdrawal of this purpose closed; `everything` only after the person's own confirmation.

    `is_named` says that the new consent names the address. One that names none leaves those alone that the person named
    when they took their consent back.
    """
    found = Suppression.objects.filter(digest__in=all_digests(addresses))
    if not everything:
        found = found.filter(scope=Suppression.Scope.PURPOSE, purpose=purpose)
        if not is_named:
            found = found.filter(is_named=False)
    count, _rows = found.delete()
    if count:
        record("suppression.lifted", actor=actor, detail={"count": count})
    return count


def suppressed(addresses: Iterable[str], *, scopes: Iterable[str] | None = None) -> set[str]:
    """Which of these addresses are suppressed, in one query."""
    digests = all_digests(addresses)
    rows = Suppression.objects.filter(digest__in=digests, ends_on__gte=timezone.localdate())
    if scopes is not None:
        rows = rows.filter(scope__in=list(scopes))
    return {address for digest in rows.values_list("digest", flat=True) for address in digests[digest]}


def refused_on_card(contact: Contact, addresses: Collection[str]) -> set[str]:
    """Those that a card may not take: suppressed, and the card stands on nothing but consent or our own interest."""
    return refused_on_cards([contact.pk], addresses)


def refused_on_cards(contact_ids: Collection[uuid.UUID], addresses: Collection[str]) -> set[str]:
    """The same for what will be one card."""
    left_alone = suppressed(addresses, scopes=EVERYWHERE)
    if not left_alone:
        return set()
    grounds = LegalGround.objects.open().filter(subject__contact__in=list(contact_ids), basis__in=IN_SPITE)
    return set() if grounds.exists() else left_alone


@transaction.atomic
def end_old(on: dt.date) -> int:
    """Forget the hashes that were kept until a day before that one; returns how many."""
    count, _rows = Suppression.objects.filter(ends_on__lt=on).delete()
    if count:
        record("suppression.ended", actor=None, detail={"count": count})
    return count
