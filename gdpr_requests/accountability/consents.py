"""Everything that proves the consents of one person, read once for the proof and the receipts (Art. 7(1))."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from audit.models import AuditEvent
from consents.models import Basis, Consent, ConsentEvent, NoticeVersion
from consents.verify import Verdict, verify_consents
from contacts.models import Contact, StoredFile
from gdpr_requests.export.collect import roles_of_colleagues
from privacy.errors import SealError
from privacy.files import store


@dataclass(frozen=True)
class Evidence:
    """The file that an event refers to. `sha256` is that of its content; "" where it is gone or does not open."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Happened:
    """One event of a consent with what stands behind it. `audit_position` is its place in the audit's own chain."""

    event: ConsentEvent
    recorded_by: str
    evidence: Evidence | None
    audit_position: int | None


@dataclass(frozen=True)
class Proof:
    """One consent: where it stands, and every event from the first on."""

    consent: Consent
    history: list[Happened]

    @property
    def notices(self) -> list[NoticeVersion]:
        """The texts that were shown, each once, in order."""
        return list({h.event.notice_id: h.event.notice for h in self.history if h.event.notice}.values())


@dataclass(frozen=True)
class Proofs:
    """All consents of a card, and whether the chains of its subjects hold."""

    contact: Contact
    consents: list[Proof]
    verdict: Verdict


def gather_proofs(contact: Contact) -> Proofs:
    """Read every consent of the card, with its events, texts and evidence, and verify the chains."""
    subjects = list(contact.subjects.values_list("pk", flat=True))
    events = list(
        ConsentEvent.objects.filter(subject_id__in=subjects)
        .select_related("purpose", "notice")
        .order_by("subject_id", "sequence")
    )
    happened = _happened(contact, events)
    found = Consent.objects.filter(subject_id__in=subjects, purpose__basis=Basis.CONSENT)
    consents = [
        Proof(consent, [h for h in happened if _belongs(h.event, consent)])
        for consent in found.select_related("purpose", "notice").order_by("purpose__name", "channel", "pk")
    ]
    return Proofs(contact, consents, verify_consents(subjects))


def _belongs(event: ConsentEvent, consent: Consent) -> bool:
    """An event for every channel ends or opens each of the purpose's consents of this subject."""
    same = event.subject_id == consent.subject_id and event.purpose_id == consent.purpose_id
    return same and event.channel in (consent.channel, "any")


def _happened(contact: Contact, events: Sequence[ConsentEvent]) -> list[Happened]:
    roles, positions = roles_of_colleagues(), _positions(events)
    wanted = {event.evidence_file_id for event in events if event.evidence_file_id}
    files = {row.pk: _opened(row) for row in StoredFile.objects.filter(contact=contact, pk__in=wanted)}
    return [
        Happened(
            event=event,
            recorded_by=roles.get(event.recorded_by_id, "") if event.recorded_by_id else "",
            evidence=files.get(event.evidence_file_id) if event.evidence_file_id else None,
            audit_position=positions.get(event.pk),
        )
        for event in events
    ]


def _positions(events: Sequence[ConsentEvent]) -> dict[UUID, int]:
    """Where the audit recorded each event: a second, independent chain that names it."""
    rows = AuditEvent.objects.filter(
        target_type=ConsentEvent._meta.label_lower, target_id__in=[str(event.pk) for event in events]
    )
    found = rows.filter(link__isnull=False).values_list("target_id", "link__position")
    return {UUID(target): position for target, position in found}


def _opened(row: StoredFile) -> Evidence:
    """The file's digest, taken from its opened content: whoever gets the file can compare it."""
    digest = hashlib.sha256()
    try:
        for chunk in store.open(row.storage_name, key=row.key, row_id=row.pk):
            digest.update(chunk)
    except (SealError, OSError):
        return Evidence(row.name, row.size, "")
    return Evidence(row.name, row.size, digest.hexdigest())


def text_is_unchanged(notice: NoticeVersion) -> bool:
    """Whether the text still has the digest that it was put in force with."""
    return hashlib.sha256(notice.text.encode()).hexdigest() == notice.sha256
