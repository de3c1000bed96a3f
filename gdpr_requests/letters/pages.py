"""What the pages of letters show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import Http404, QueryDict
from django.utils import translation
from django.utils.translation import gettext, pgettext

from accounts.models import User
from gdpr_requests.letters.demands import obstacle
from gdpr_requests.letters.document import sheet_of
from gdpr_requests.letters.notices import Owed, facts_for, owed
from gdpr_requests.letters.places import Place, place_of
from gdpr_requests.letters.services import compose, language_for
from gdpr_requests.letters.text import gaps_in
from gdpr_requests.models import Letter, LetterKind, LetterLanguage

if TYPE_CHECKING:
    from gdpr_requests.letters.services import Draft


@dataclass(frozen=True)
class Beginning:
    """A letter about to be written: its filled wording, and what it will be saved with."""

    place: Place
    kind: LetterKind
    draft: Draft
    one: Owed | None = None
    owed: list[Owed] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.kind.label)

    @property
    def initial(self) -> dict[str, str]:
        """What the form begins with."""
        if self.kind == LetterKind.RECIPIENTS:
            return {"body": self.draft.body, "to_address": self.one.name if self.one else "", "to_email": ""}
        reach = self.draft.reach
        return {"body": self.draft.body, "to_address": reach.address, "to_email": reach.email}

    @property
    def arguments(self) -> dict[str, Any]:
        """What the service needs beside the form."""
        return {
            "kind": self.kind,
            "language": self.draft.language,
            "subject": self.draft.subject,
            "request": self.place.request,
            "contact": self.place.contact,
            "recipient": self.one.name if self.one else "",
            "event": self.one.event if self.one else "",
        }

    @property
    def languages(self) -> list[tuple[str, str, bool]]:
        """The languages to choose from: code, name, whether it is the one shown."""
        return [(code, label, code == self.draft.language) for code, label in LetterLanguage.choices]

    @property
    def obstacle(self) -> str:
        """Why the letter can't be sent yet; it can be written all the same."""
        return obstacle(self.place.request, self.kind)

    @property
    def emails(self) -> list[str]:
        """Other addresses that are known."""
        known = [] if self.kind == LetterKind.RECIPIENTS else self.draft.reach.emails
        return known[1:]


def beginning(place: Place, kind: str, params: QueryDict, user: User) -> Beginning:
    """Read what the address asks for. Raises Http404 for a letter that does not belong here."""
    if kind not in place.kinds:
        raise Http404
    language = params.get("language", "")
    waiting = owed(place.request, place.contact) if kind == LetterKind.RECIPIENTS else []
    one = _chosen(waiting, params) if kind == LetterKind.RECIPIENTS else None
    chosen = language if language in LetterLanguage.values else language_for(place.request, place.contact)
    with translation.override(chosen):
        facts = facts_for(one, place.contact) if one else {}
    draft = compose(kind=kind, request=place.request, contact=place.contact, language=chosen, facts=facts, actor=user)
    return Beginning(place, LetterKind(kind), draft, one, waiting)


def _chosen(waiting: list[Owed], params: QueryDict) -> Owed | None:
    """The recipient that the address names, else the first who waits."""
    name, event = params.get("recipient", ""), params.get("event", "")
    found = [one for one in waiting if one.name == name and event in ("", one.event)]
    return found[0] if found else waiting[0] if waiting else None


def initial_of(letter: Letter) -> dict[str, str]:
    return {"body": letter.body, "to_address": letter.to_address, "to_email": letter.to_email}


def index(place: Place) -> dict[str, Any]:
    """What was written from here, what may be written, and which recipients wait."""
    return {
        "place": place,
        "letters": list(place.letters),
        "kinds": [(kind.label, place.compose(kind)) for kind in place.kinds],
        "owed": owed(place.request, place.contact),
        "recipients_url": place.compose(LetterKind.RECIPIENTS),
    }


def one(letter: Letter) -> dict[str, Any]:
    """One letter."""
    sender = User.objects.filter(pk=letter.sent_by_id).first() if letter.sent_by_id else None
    return {
        "letter": letter,
        "place": place_of(letter),
        "sheet": sheet_of(letter),
        "gaps": gaps_in(letter.body) if letter.is_draft else [],
        "obstacle": obstacle(letter.request, letter.kind) if letter.is_draft else "",
        "sender": str(sender) if sender else gettext("the system"),
        "ways": [(code, label) for code, label in Letter.Via.choices if code != Letter.Via.EMAIL],
    }


def file_name(letter: Letter) -> str:
    """The name of the PDF: the number of the request, or a plain word."""
    if letter.request_id is not None and letter.request is not None:
        return f"{letter.request.number}.pdf"
    with translation.override(letter.language):
        return f"{pgettext('name of a file', 'letter')}.pdf"
