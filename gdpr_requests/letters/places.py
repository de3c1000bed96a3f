"""Where a letter is written from: a request or a card. Pages of both are the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from contacts.access import get_contact_for
from contacts.models import Contact
from gdpr_requests.letters.kinds import FROM_CARD
from gdpr_requests.models import DataSubjectRequest, Letter, LetterKind, Right

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

# Which letter answers which right, first of all.
BY_RIGHT = {
    Right.ACCESS: LetterKind.ACCESS,
    Right.RECTIFICATION: LetterKind.RECTIFICATION,
    Right.ERASURE: LetterKind.ERASURE,
    Right.RESTRICTION: LetterKind.RESTRICTION,
    Right.OBJECTION: LetterKind.OBJECTION,
    Right.PORTABILITY: LetterKind.PORTABILITY,
    Right.WITHDRAWAL: LetterKind.WITHDRAWAL,
    Right.COMPLAINT: LetterKind.ANSWER,
}


@dataclass(frozen=True)
class Place:
    """A request, a card, or a request with its card."""

    request: DataSubjectRequest | None
    contact: Contact | None

    @property
    def kinds(self) -> list[LetterKind]:
        """The letters that make sense here, the likeliest first."""
        if self.request is None:
            return list(FROM_CARD)
        answer = BY_RIGHT[Right(self.request.right)]
        first = [LetterKind.ACKNOWLEDGEMENT, answer]
        if self.contact is None:
            first.append(LetterKind.NOT_FOUND)
        last = [LetterKind.RECIPIENTS] if self.has_recipients else []
        usual = [LetterKind.IDENTITY, LetterKind.EXTENSION, LetterKind.REFUSAL, LetterKind.ANSWER, *last]
        rest = [kind for kind in LetterKind if kind not in {*first, *usual, LetterKind.INDIRECT}]
        return list(dict.fromkeys([*first, *usual, *rest]))

    @property
    def has_recipients(self) -> bool:
        return self.request is not None and self.request.right in (
            Right.RECTIFICATION,
            Right.ERASURE,
            Right.RESTRICTION,
        )

    @property
    def letters(self) -> QuerySet[Letter]:
        """What was written from here, newest first."""
        mine = {"request": self.request} if self.request else {"contact": self.contact}
        return Letter.objects.filter(**mine).order_by("-created_at")

    @property
    def index(self) -> str:
        """The page that lists them."""
        if self.request is not None:
            return reverse("gdpr_requests:request_letters", args=[self.request.pk])
        return reverse("gdpr_requests:contact_letters", args=[self._contact.pk])

    def compose(self, kind: str) -> str:
        """The page that writes one."""
        if self.request is not None:
            return reverse("gdpr_requests:request_letter", args=[self.request.pk, kind])
        return reverse("gdpr_requests:contact_letter", args=[self._contact.pk, kind])

    @property
    def back(self) -> str:
        """The request's own page, or the card."""
        if self.request is None:
            return self._contact.get_absolute_url()
        return reverse("gdpr_requests:request", args=[self.request.pk])

    @property
    def back_label(self) -> str:
        return self.request.number if self.request is not None else gettext("Back to the card")

    @property
    def name(self) -> str:
        """Whom it is about."""
        return self.contact.display_name if self.contact else self.request.requester_name if self.request else ""

    @property
    def _contact(self) -> Contact:
        assert self.contact is not None  # noqa: S101 - a place without a request has a card
        return self.contact


def at_request(user: User, pk: UUID) -> Place:
    """A request that the user may see; else Http404."""
    found = DataSubjectRequest.objects.visible_to(user).select_related("contact__key", "assignee").filter(pk=pk).first()
    if found is None:
        raise Http404
    return Place(found, found.contact)


def at_contact(user: User, pk: UUID) -> Place:
    """A card that the user may see; a restricted one too, since the person's rights go on (Art. 18(2))."""
    return Place(None, get_contact_for(user, pk))


def place_of(letter: Letter) -> Place:
    """Where a letter belongs."""
    return Place(letter.request if letter.request_id else None, letter.contact if letter.contact_id else None)
