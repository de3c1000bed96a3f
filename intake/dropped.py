"""Taking in what was dropped on a card: e-mails join its timeline, everything else stays a file."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from contacts.models import Contact, EmailAddress, TimelineEntry
from contacts.services.files import add_file, files_in_transaction
from contacts.services.timeline import add_entry
from intake.parsing.detect import FileKind, detect_kind
from intake.parsing.eml import ParsedEmail, read_email
from intake.parsing.problems import ImportProblem
from privacy import blind_index

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_SUBJECT = 250


@dataclass
class Taken:
    """How many files came onto the card, and how many e-mails were there already."""

    added: int = 0
    known: int = 0


def take(*, contact: Contact, files: Sequence[UploadedFile[Any]], actor: User) -> Taken:
    """Put the files on the card. Each stands for itself: one that fails takes no other with it."""
    taken = Taken()
    for file in files:
        message = _message_in(file)
        if message is None:
            add_file(
                contact=contact, stream=file, name=file.name or "", content_type=file.content_type or "", actor=actor
            )
        elif TimelineEntry.objects.filter(contact=contact, message_digest=_mark(message)).exists():
            taken.known += 1
            continue
        else:
            _add_message(contact, message, file, actor)
        taken.added += 1
    return taken


def _message_in(file: UploadedFile[Any]) -> ParsedEmail | None:
    """The e-mail in the file, or None where it is something else: that stays a file and is not opened."""
    if not (file.name or "").lower().endswith(".eml") and file.content_type != "message/rfc822":
        return None
    data = file.read()
    file.seek(0)
    try:
        return read_email(data) if detect_kind(data) is FileKind.EML else None
    except ImportProblem:
        return None


@files_in_transaction()
def _add_message(contact: Contact, message: ParsedEmail, file: UploadedFile[Any], actor: User) -> None:
    """The message with its attachments, and the original file, which keeps whatever the text could not."""
    people = f"{message.sender} → {', '.join(message.recipients)}".strip(" →")
    entry = add_entry(
        contact=contact,
        kind=TimelineEntry.Kind.EMAIL,
        actor=actor,
        subject=message.subject[:LONGEST_SUBJECT],
        body=f"{people}\n\n{message.body}".strip(),
        direction=_direction(contact, message),
        occurred_at=min(message.sent_at or timezone.now(), timezone.now()),
        message_digest=_mark(message),
    )
    for part in message.attachments:
        add_file(
            contact=contact,
            stream=io.BytesIO(part.content),
            name=part.name,
            content_type=part.content_type,
            actor=actor,
            entry=entry,
        )
    add_file(
        contact=contact, stream=file, name=file.name or "", content_type="message/rfc822", actor=actor, entry=entry
    )


def _mark(message: ParsedEmail) -> uuid.UUID:
    return uuid.UUID(bytes=blind_index.message_digest(message.digest.hex))


def _direction(contact: Contact, message: ParsedEmail) -> str:
    """From the contact, where the sender's address stands on the card; else to them."""
    own = {email.value.casefold() for email in EmailAddress.objects.filter(contact=contact)}
    # The whole address: a name may quote somebody else's.
    is_from = own & {mailbox.address.casefold() for mailbox in message.senders}
    return TimelineEntry.Direction.IN if is_from else TimelineEntry.Direction.OUT
