"""Which recipients still have to be told of a correction, an erasure or a restriction (Art. 19)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext

from contacts.models import Contact
from gdpr_requests.export.values import day_text
from gdpr_requests.letters.rights_facts import as_list, erasure_of
from gdpr_requests.models import DataSubjectRequest, Letter, LetterKind, NoticeEvent, RecipientNotice, Right
from gdpr_requests.recipients import label_of, pending, recipients_of


@dataclass(frozen=True)
class Owed:
    """One recipient who has to be told of one thing; `fields` are the corrected ones."""

    name: str
    event: NoticeEvent
    fields: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return str(self.event.label)


def owed(request: DataSubjectRequest | None, contact: Contact | None) -> list[Owed]:
    """Whom a notice is owed to, because of the request or of what happened with the card."""
    found: list[Owed] = []
    if contact is not None:
        found += [Owed(one.recipient.name, NoticeEvent.RECTIFICATION, tuple(one.fields)) for one in pending(contact)]
        found += _of_restriction(contact)
    if request is not None and request.right == Right.ERASURE:
        found += _of_erasure(request, contact)
    return found


def _of_restriction(contact: Contact) -> list[Owed]:
    if contact.restricted_at is None:
        return []
    told = RecipientNotice.objects.filter(
        contact=contact, event=NoticeEvent.RESTRICTION, told_at__gte=contact.restricted_at
    )
    names = set(told.values_list("recipient", flat=True))
    return [Owed(one.name, NoticeEvent.RESTRICTION) for one in recipients_of(contact) if one.name not in names]


def _of_erasure(request: DataSubjectRequest, contact: Contact | None) -> list[Owed]:
    """Before the erasure the recipients of the card, afterwards those whom the erasure has noted."""
    item = erasure_of(request)
    names = list(item.recipients) if item else [one.name for one in recipients_of(contact)] if contact else []
    letters = Letter.objects.filter(request=request, kind=LetterKind.RECIPIENTS, event=NoticeEvent.ERASURE)
    told = set(letters.filter(sent_at__isnull=False).values_list("recipient", flat=True))
    return [Owed(name, NoticeEvent.ERASURE) for name in names if name not in told]


def facts_for(one: Owed, contact: Contact | None) -> dict[str, str]:
    """What the letter to this recipient says."""
    corrected = corrections(contact, list(one.fields)) if contact is not None else []
    return {"recipient": one.name, "what_happened": what_happened(one.event, corrected)}


def what_happened(event: str, corrected: list[str]) -> str:
    """What a recipient is told of: these corrections ("last name: Novotná"), an erasure, or a restriction."""
    if event == NoticeEvent.ERASURE:
        return gettext("We have erased all the data that we passed on to you.")
    if event == NoticeEvent.RESTRICTION:
        return gettext("We have restricted the processing of these data: they are stored, and used for nothing else.")
    if not corrected:
        return ""
    now = gettext("We have corrected these data. They now read:")
    return f"{now}\n\n{as_list(corrected)}"


def corrections(contact: Contact, fields: list[str]) -> list[str]:
    """The corrected fields with their values as they are now: whoever has the old ones needs the new."""
    return [f"{label_of(name)}: {_value(contact, name)}" for name in dict.fromkeys(map(_whole, fields))]


def _whole(name: str) -> str:
    """ "emails.added" and "emails.value" are both told as the e-mails that there are now."""
    way, dot, _last = name.partition(".")
    return f"{way}.added" if dot else name


def _value(contact: Contact, name: str) -> str:
    way, dot, _last = name.partition(".")
    if not dot:
        value = getattr(contact, name, "")
        return day_text(value) if isinstance(value, dt.date) else str(value or gettext("(empty)"))
    rows = getattr(contact, way).all()
    return "; ".join(", ".join(row.lines) if hasattr(row, "lines") else row.value for row in rows) or gettext("(none)")
