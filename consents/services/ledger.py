"""The consent ledger: one event in, one projection row out, in one transaction (Art. 7)."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import record
from consents import projection
from consents.models import Basis, Channel, Consent, ConsentEvent, EventKind, LegalGround, Method, Purpose, State
from consents.periods import last_day
from consents.services.aftermath import follow
from consents.services.grounds import withdraw_proposals
from contacts.models import Contact, Source, Subject
from contacts.services.door import enter
from privacy.keys import subject_key_for, system_key

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from consents.models import NoticeVersion

GIVING = frozenset({EventKind.GIVEN, EventKind.CONFIRMED, EventKind.RENEWED})
TAKING_BACK = projection.TAKING_BACK

# What a colleague records in daily work, and so not on a restricted card (Art. 18). The person's own confirmation, and
# whatever they take back, is heard always.
WORK = frozenset({EventKind.REQUESTED, EventKind.GIVEN, EventKind.RENEWED})
# What a person says, or we decide, of a purpose that rests on something else than consent.
ABOUT_ANY_BASIS = frozenset({EventKind.OBJECTED, EventKind.OVERRULED, EventKind.WITHDRAWN})


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """How we can show it: by which method, where the proof lies, which text was shown."""

    method: str
    reference: str = ""
    file_id: uuid.UUID | None = None
    notice: NoticeVersion | None = None
    is_weak: bool = False


@dataclass(frozen=True, kw_only=True)
class Word:
    """What was said, how and when: the same for every consent that it is about."""

    kind: str
    evidence: Evidence
    actor: User | None
    when: dt.datetime
    address: str = ""
    valid_until: dt.date | None = None


@transaction.atomic
def record_event(
    *,
    contact: Contact,
    purpose: Purpose,
    kind: str,
    evidence: Evidence,
    actor: User | None,
    channel: str = Channel.ANY,
    address: str = "",
    occurred_at: dt.datetime | None = None,
    valid_until: dt.date | None = None,
    subject_id: uuid.UUID | None = None,
) -> Consent:
    """Append one event and bring its projection up to date.

    `subject_id` chooses among the subjects of a merged card; by default the consent's own, else the card's. An
    objection to marketing is recorded on every marketing consent that still stands on the card (Art. 21(2), (3)).
    Raises ValidationError where the event makes no sense: a time in the future, a period that ended before it began,
    a consent older than a withdrawal of it; Contact.DoesNotExist where the card was merged away or erased meanwhile.
    """
    when = occurred_at or timezone.now()
    check_event(kind, when, valid_until, purpose)
    if kind in WORK:
        enter(contact, actor)
    subjects = _lock_subjects(contact)
    subject = subjects.get(subject_id or _subject_of(contact, purpose, channel))
    if subject is None:
        raise Contact.DoesNotExist
    if kind in GIVING:
        check_not_overtaken(contact, purpose, channel, when)
        valid_until = valid_until or last_day(timezone.localdate(when), purpose.retention_months)
    word = Word(kind=kind, evidence=evidence, actor=actor, when=when, address=address, valid_until=valid_until)
    consent = _record_one(contact, subject, purpose, channel, word)
    if kind == EventKind.OBJECTED and purpose.is_marketing:
        for other in _marketing_consents(contact).exclude(pk=consent.pk):
            _record_one(contact, subjects[other.subject_id], other.purpose, other.channel, word)
    return consent


def _marketing_consents(contact: Contact) -> QuerySet[Consent]:
    """What an objection to marketing takes away: every marketing consent given or asked for."""
    standing = Consent.objects.filter(state__in=[State.GIVEN, State.REQUESTED], purpose__is_marketing=True)
    return standing.filter(subject__contact=contact).select_related("purpose").order_by("pk")


def _record_one(contact: Contact, subject: Subject, purpose: Purpose, channel: str, word: Word) -> Consent:
    """One event with its projection and everything that follows from it."""
    event = _append(subject, purpose, channel, word)
    consent = projection.apply(event)
    if word.kind in GIVING:
        _ensure_ground(contact, subject, purpose, event, word.actor)
    follow(contact=contact, consent=consent, event=event, actor=word.actor)
    record(
        f"consent.{word.kind}",
        actor=word.actor,
        contact_id=contact.pk,
        target=event,
        detail={"purpose": purpose.slug, "channel": str(channel)},
    )
    return consent


def _lock_subjects(contact: Contact) -> dict[uuid.UUID, Subject]:
    """Every subject of the card, held until the end of the transaction.

    All of them, and in the order of their ids: a merged card's consents hang on several subjects, and what one event
    decides (is there a later withdrawal, does a ground still stand) depends on what happens to the others meanwhile.
    """
    subjects = Subject.objects.filter(contact=contact).order_by("pk").select_for_update()
    return {subject.pk: subject for subject in subjects}


def check_event(kind: str, when: dt.datetime, valid_until: dt.date | None, purpose: Purpose) -> None:
    """Raise ValidationError for an event that makes no sense."""
    if purpose.basis != Basis.CONSENT and kind not in ABOUT_ANY_BASIS:
        raise ValidationError(_("This purpose does not rest on consent."), code="basis")
    if when > timezone.now() + dt.timedelta(minutes=5):
        raise ValidationError(_("This has not happened yet: choose today or an earlier day."), code="future")
    if kind in GIVING and valid_until is not None and valid_until < timezone.localdate(when):
        raise ValidationError(_("The consent would end before it was given."), code="period")


def check_not_overtaken(contact: Contact, purpose: Purpose, channel: str, when: dt.datetime) -> None:
    """Raise ValidationError for a consent that the person took back, refused or objected to after giving it.

    The ledger folds in the order of recording: an old paper found later would otherwise undo the withdrawal.
    """
    later = ConsentEvent.objects.filter(
        subject__contact=contact, purpose=purpose, kind__in=TAKING_BACK, occurred_at__gt=when
    )
    if channel != Channel.ANY:
        later = later.filter(channel__in=(channel, Channel.ANY))
    if later.exists():
        raise ValidationError(
            _("The person said no after that day: an older consent does not count."), code="overtaken"
        )


def _subject_of(contact: Contact, purpose: Purpose, channel: str) -> uuid.UUID:
    """A renewal or withdrawal goes on with the subject that gave the consent."""
    held = Consent.objects.filter(subject__contact=contact, purpose=purpose, channel=channel).first()
    return held.subject_id if held else contact.subject_id


def _append(subject: Subject, purpose: Purpose, channel: str, word: Word) -> ConsentEvent:
    before = ConsentEvent.objects.filter(subject=subject).order_by("-sequence").first()
    event = ConsentEvent(
        key=subject_key_for(subject_id=subject.pk, retention_class="proof"),
        subject=subject,
        sequence=before.sequence + 1 if before else 1,
        purpose=purpose,
        channel=channel,
        kind=word.kind,
        method=word.evidence.method,
        notice=word.evidence.notice,
        address=word.address,
        evidence_reference=word.evidence.reference,
        evidence_file_id=word.evidence.file_id,
        is_weak=word.evidence.is_weak,
        occurred_at=word.when,
        valid_until=word.valid_until if word.kind in GIVING else None,
        recorded_by_id=word.actor.pk if word.actor else None,
    )
    event.mac = chain_mac(event, before.mac if before else "")
    event.save(force_insert=True)
    return event


def chain_mac(event: ConsentEvent, previous: str) -> str:
    """What binds an event to the one before it: HMAC-SHA-256 under the audit key over its open columns."""
    parts = [
        previous,
        event.pk.hex,
        event.subject_id.hex,
        str(event.sequence),
        event.purpose_id.hex,
        event.channel,
        event.kind,
        event.method,
        event.notice_id.hex if event.notice_id else "",
        event.evidence_file_id.hex if event.evidence_file_id else "",
        str(event.is_weak),
        event.occurred_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        event.valid_until.isoformat() if event.valid_until else "",
        event.recorded_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        event.recorded_by_id.hex if event.recorded_by_id else "",
    ]
    return hmac.new(system_key("audit"), "|".join(parts).encode(), hashlib.sha256).hexdigest()


def source_of(is_weak: bool, contact: Contact) -> str:
    """A proven consent came from the person; a stated one says no more than the card."""
    return contact.source if is_weak else Source.PERSON.value


def _ensure_ground(
    contact: Contact, subject: Subject, purpose: Purpose, event: ConsentEvent, actor: User | None
) -> None:
    """A given consent is a ground: opened with it, and again where an earlier one had ended."""
    if LegalGround.objects.filter(subject=subject, purpose=purpose, ended_at__isnull=True).exists():
        return
    LegalGround.objects.create(
        key=contact.key,
        subject=subject,
        purpose=purpose,
        basis=Basis.CONSENT,
        source=source_of(event.is_weak, contact),
        method=event.method,
        valid_from=timezone.localdate(event.occurred_at),
        created_by=actor,
    )
    withdraw_proposals([contact.pk], actor=actor)


def give(*, contact: Contact, purpose: Purpose, evidence: Evidence, actor: User | None, **where: object) -> Consent:
    """Record that the person gave a consent."""
    return record_event(contact=contact, purpose=purpose, kind=EventKind.GIVEN, evidence=evidence, actor=actor, **where)  # type: ignore[arg-type]


def withdraw(
    *,
    contact: Contact,
    purpose: Purpose,
    actor: User | None,
    channel: str = Channel.ANY,
    method: str = Method.IN_PERSON,
    reference: str = "",
    occurred_at: dt.datetime | None = None,
) -> Consent:
    """Record a withdrawal. It takes no more than this one step and stops sends in the same transaction (Art. 7(3))."""
    evidence = Evidence(method=method, reference=reference)
    return record_event(
        contact=contact,
        purpose=purpose,
        kind=EventKind.WITHDRAWN,
        evidence=evidence,
        actor=actor,
        channel=channel,
        occurred_at=occurred_at,
    )
