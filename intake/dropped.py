"""Taking in what was dropped on a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile

from contacts.models import Contact
from contacts.services.files import add_file

if TYPE_CHECKING:
    from accounts.models import User


@dataclass
class Taken:
    """How many files came onto the card, and how many e-mails were there already."""

    added: int = 0
    known: int = 0


def take(*, contact: Contact, files: Sequence[UploadedFile[Any]], actor: User) -> Taken:
    """Put the files on the card. Each stands for itself: one that fails takes no other with it."""
    taken = Taken()
    for file in files:
        add_file(contact=contact, stream=file, name=file.name or "", content_type=file.content_type or "", actor=actor)
        taken.added += 1
    return taken
