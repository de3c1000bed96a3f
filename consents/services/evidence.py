"""Recording a consent together with the file that proves it: both, or neither."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction

from consents.models import Consent, EventKind, Method, NoticeVersion, Purpose
from consents.services.ledger import Evidence, record_event
from contacts.models import Contact
from contacts.services.files import add_file
from privacy.files import store

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User


@transaction.atomic
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
    stored = None
    if file is not None:
        stored = add_file(
            contact=contact,
            stream=file,
            name=file.name or "evidence",
            content_type=file.content_type or "",
            actor=actor,
            is_evidence=True,
        )
    evidence = Evidence(method=method, reference=reference, file_id=stored.pk if stored else None, notice=notice)
    try:
        return record_event(
            contact=contact,
            purpose=purpose,
            kind=kind,
            evidence=evidence,
            actor=actor,
            occurred_at=occurred_at,
            **where,
        )
    except BaseException:
        # The row goes with the transaction, the bytes would stay: nothing half written.
        if stored is not None:
            store.delete(stored.storage_name)
        raise


@transaction.atomic
def object_to_marketing(
    *, contact: Contact, purpose: Purpose, actor: User, occurred_at: dt.datetime, reference: str = ""
) -> Consent:
    """Record an objection to marketing: absolute and at once, for every marketing purpose (Art. 21(2), (3))."""
    return record_event(
        contact=contact,
        purpose=purpose,
        kind=EventKind.OBJECTED,
        evidence=Evidence(method=Method.IN_PERSON, reference=reference),
        actor=actor,
        occurred_at=occurred_at,
    )
