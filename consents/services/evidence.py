"""Recording what a person said together with the file that proves it: both, or neither."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from consents.models import Consent, NoticeVersion, Purpose
from consents.services.ledger import Evidence, record_event
from contacts.models import Contact
from contacts.services.files import add_file, files_in_transaction

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User


@files_in_transaction()
def record_with_evidence(
    *,
    contact: Contact,
    purpose: Purpose,
    kind: str,
    actor: User,
    method: str,
    occurred_at: dt.datetime,
    reference: str = "",
    file: UploadedFile[Any] | None = None,
    notice: NoticeVersion | None = None,
    **where: Any,
) -> Consent:
    """Seal the evidence file on the card, where there is one, and append the event that refers to it."""
    evidence = seal_evidence(contact=contact, actor=actor, method=method, reference=reference, file=file, notice=notice)
    return record_event(
        contact=contact, purpose=purpose, kind=kind, evidence=evidence, actor=actor, occurred_at=occurred_at, **where
    )


@files_in_transaction()
def seal_evidence(
    *,
    contact: Contact,
    actor: User | None,
    method: str,
    reference: str = "",
    file: UploadedFile[Any] | None = None,
    notice: NoticeVersion | None = None,
) -> Evidence:
    """What proves an event, its file sealed on the card; to be called in the transaction that records the event."""
    if file is None:
        return Evidence(method=method, reference=reference, notice=notice)
    stored = add_file(
        contact=contact,
        stream=file,
        name=file.name or "evidence",
        content_type=file.content_type or "",
        actor=actor,
        is_evidence=True,
    )
    return Evidence(method=method, reference=reference, file_id=stored.pk, notice=notice)
