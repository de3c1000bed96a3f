"""What letters add to the timeline of a card: those that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import CharField, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from contacts.happenings import Happening, Show
from contacts.models import Contact
from gdpr_requests.letters.register import letters_for
from gdpr_requests.models import Letter

ICONS = {Letter.Via.EMAIL: "envelope", Letter.Via.HANDED: "hand-raised"}


@dataclass(frozen=True)
class LettersOf:
    """Letters about the person's rights, of the card and of the requests that the user may see."""

    contact: Contact
    user: User

    def latest(self, show: Show, limit: int) -> Sequence[Happening]:
        """The newest `limit`; one query."""
        if show not in (Show.ALL, Show.EMAILS):
            return []
        sender = User.objects.filter(pk=OuterRef("sent_by_id")).values("full_name")[:1]
        found = letters_for(self.user).filter(contact=self.contact, sent_at__isnull=False).order_by("-sent_at")
        if show is Show.EMAILS:
            found = found.filter(sent_via=Letter.Via.EMAIL)
        named = found.annotate(sender=Subquery(sender, output_field=CharField()))
        return [_happening(letter, letter.sender) for letter in named[:limit]]


def _happening(letter: Letter, sender: str | None) -> Happening:
    assert letter.sent_at is not None  # noqa: S101 - only sent ones come here
    via = Letter.Via(letter.sent_via)
    return Happening(
        at=letter.sent_at,
        icon=ICONS.get(via, "paper-airplane"),
        title=letter.get_kind_display(),
        who=sender or "",
        by_system=letter.sent_by_id is None,
        subject=letter.recipient or letter.subject,
        note=gettext("sent: %(how)s") % {"how": letter.get_sent_via_display()},
        link=reverse("gdpr_requests:letter", args=[letter.pk]),
    )
