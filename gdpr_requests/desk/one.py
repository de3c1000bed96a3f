"""What the page of one request shows: where it stands, what comes next, and everything that happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts.models import Contact
from gdpr_requests.desk.access import DECIDES, HANDLES
from gdpr_requests.desk.closing import ON_THE_WAY, needs_identity
from gdpr_requests.desk.identity import Doubt, methods_for
from gdpr_requests.desk.words import detail_words
from gdpr_requests.export.values import article_text, day_text
from gdpr_requests.models import DataSubjectRequest, ErasureItem, EventKind, Letter, RequestEvent, RequestState, Right
from tasks.assignees import holding

# What has to be done for each right, and the address (below the card) where it is done.
WORK: dict[str, tuple[str, str | Promise]] = {
    Right.ACCESS: ("gdpr_requests:export", _("Open the copy of all data")),
    Right.PORTABILITY: ("gdpr_requests:export", _("Open the copy of all data")),
    Right.RECTIFICATION: ("contacts:edit", _("Correct the card")),
    Right.ERASURE: ("gdpr_requests:erase", _("See what would be erased")),
    Right.RESTRICTION: ("gdpr_requests:restriction", _("Restrict the processing")),
    Right.OBJECTION: ("consents:object", _("Record the objection")),
    Right.WITHDRAWAL: ("crm:card", _("Withdraw the consent on the card")),
    Right.COMPLAINT: ("crm:card", _("Look at the card")),
}
HINTS: dict[str, str | Promise] = {
    Right.ACCESS: _("A copy of everything, with the information of Art. 15. Make it, then hand it over safely."),
    Right.PORTABILITY: _("What the person gave us by consent or contract, for machines. Make it, then hand it over."),
    Right.RECTIFICATION: _("Correct what is wrong; whoever got the data is told afterwards."),
    Right.ERASURE: _("The next page shows what goes and what the law keeps. Nothing is erased before you confirm it."),
    Right.RESTRICTION: _("The card is locked: the data are stored and nothing else."),
    Right.OBJECTION: _("Marketing stops at once and for good; other processing halts until the balance is recorded."),
    Right.WITHDRAWAL: _("The consent ends at once, as easily as it was given."),
    Right.COMPLAINT: _("Find out what happened, and put it right."),
}
ANSWERS = {Right.COMPLAINT: "answer"}
"""Kinds of letters that answer a right, where they are not called as the right is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history."""

    at: dt.datetime
    what: str
    who: str
    detail: str


@dataclass(frozen=True)
class Progress:
    """How far a request has come: who asks, which card, what was asked for, the answer."""

    request: DataSubjectRequest
    is_worked: bool
    is_erased: bool

    @property
    def steps(self) -> list[str | Promise]:
        return [_("Who asks"), _("Do it"), _("Answer")]

    @property
    def current(self) -> int:
        """The number of the step that comes next, from 1; 4 when all of it is over."""
        if not self.request.is_open:
            return 4
        if self.asks_identity:
            return 1
        return 3 if self.is_worked or self.is_unknown else 2

    @property
    def is_unknown(self) -> bool:
        """Nobody was found here: the answer says so."""
        return self.request.contact_id is None and not self.is_erased

    @property
    def asks_identity(self) -> bool:
        return needs_identity(self.request) and not self.is_unknown

    @property
    def answer_kind(self) -> str:
        """The letter that answers it."""
        return "not_found" if self.is_unknown else ANSWERS.get(Right(self.request.right), self.request.right)

    @property
    def work_url(self) -> str:
        """The name of the page where it is done; its address hangs below the card."""
        return WORK[self.request.right][0]

    @property
    def work_label(self) -> str | Promise:
        return WORK[self.request.right][1]


def progress_of(request: DataSubjectRequest, events: Iterable[RequestEvent]) -> Progress:
    """Read from the history what has been done."""
    done = [event.detail.get("what") for event in events if event.kind == EventKind.WORKED]
    return Progress(request, is_worked=bool(done), is_erased="erased" in done)


def page_of(request: DataSubjectRequest, user: User) -> dict[str, Any]:
    """Everything on the page."""
    seen = Contact.objects.visible_to(user).filter(pk=request.contact_id) if request.contact_id else None
    events = list(RequestEvent.objects.filter(request=request).order_by("-at", "-pk"))
    ids = {event.actor_id for event in events} | {request.identity_checked_by_id, request.answered_by_id}
    people = User.objects.in_bulk([pk for pk in ids if pk])
    progress = progress_of(request, events)
    letters = list(request.letters.order_by("-created_at"))
    return {
        "one": request,
        "article": article_text(Right(request.right).article),
        "contact": seen.first() if seen is not None else None,
        "progress": progress,
        "work_hint": HINTS.get(Right(request.right), ""),
        "history": [_line(event, people) for event in events],
        "letters": letters,
        "certificate": _certificate(request),
        "checked_by": people.get(request.identity_checked_by_id) if request.identity_checked_by_id else None,
        **_openings(request, user, letters),
        **_closed(request, people),
    }


def _certificate(request: DataSubjectRequest) -> str:
    """The number of the certificate of the erasure that was asked for, or ""."""
    items = ErasureItem.objects.filter(request_id=request.pk, certificate__isnull=False)
    return items.values_list("certificate", flat=True).first() or ""


def _openings(request: DataSubjectRequest, user: User, letters: list[Letter]) -> dict[str, Any]:
    """What may still be decided about it, and by whom."""
    in_time = request.is_open and timezone.localdate() <= request.due_on
    decides = user.has_perm(DECIDES)
    return {
        "ways": methods_for(request) if request.is_open else [],
        "doubts": Doubt.choices,
        "waits_for_identity": request.state == RequestState.IDENTITY,
        "may_extend": in_time and request.extended_on is None,
        "may_refuse": in_time,
        "may_handle": user.has_perm(HANDLES),
        "may_decide": decides,
        "people": holding(HANDLES).order_by("full_name") if decides and request.is_open else [],
        "closable": request.is_open and any(letter.sent_at and letter.kind not in ON_THE_WAY for letter in letters),
    }


def last_sent(request: DataSubjectRequest) -> Letter | None:
    """The newest letter that answers and has left."""
    sent = request.letters.filter(sent_at__isnull=False).exclude(kind__in=ON_THE_WAY)
    return sent.order_by("-sent_at").first()


def _closed(request: DataSubjectRequest, people: dict[Any, User]) -> dict[str, Any]:
    """How it ended, in words."""
    if request.answered_at is None:
        return {}
    who = people.get(request.answered_by_id) if request.answered_by_id else None
    words = gettext("The written answer left on %(day)s; it is kept here until %(until)s.") % {
        "day": day_text(timezone.localdate(request.answered_at)),
        "until": day_text(request.ends_on) if request.ends_on else "–",
    }
    title = str(request.get_state_display()).capitalize()
    return {"closed_title": f"{title} · {who}" if who else title, "closed_text": words}


def _line(event: RequestEvent, people: dict[Any, User]) -> Line:
    who = str(people[event.actor_id]) if event.actor_id in people else ""
    return Line(event.at, str(event.get_kind_display()), who, detail_words(event))
