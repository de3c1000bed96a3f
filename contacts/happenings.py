"""What happened with a contact, newest first, from several rooms: each is a source, the timeline merges them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Protocol

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, StoredFile, TimelineEntry

PAGE = 15
LONG = 240
"""Characters of a text shown at first; the rest unfolds."""
LAST_PAGE = 1000


class Show(StrEnum):
    """What part of the timeline the reader wants."""

    ALL = "all"
    CALLS = "calls"
    EMAILS = "emails"
    FILES = "files"

    @property
    def label(self) -> str | Promise:
        return {
            Show.ALL: _("All"),
            Show.CALLS: _("Calls"),
            Show.EMAILS: _("E-mails"),
            Show.FILES: _("Files"),
        }[self]


@dataclass(frozen=True)
class Query:
    """Which part of the timeline, which page of it (from 1), and what kind of line is about to be written."""

    show: Show = Show.ALL
    page: int = 1
    write: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Query:
        """From the address; what makes no sense counts as not said."""
        show, page = params.get("show", ""), params.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
        write = params.get("write", "")
        return cls(
            Show(show) if show in list(Show) else Show.ALL,
            min(max(number, 1), LAST_PAGE),
            write if write in TimelineEntry.Kind.values else "",
        )

    @property
    def choices(self) -> list[Show]:
        return list(Show)


@dataclass(frozen=True)
class Happening:
    """One line of the timeline.

    `icon` is a Heroicon, `tone` "", "accent" or "bad", `who` a colleague's name. `entry_id` is set where the line
    can be removed, `can_edit` where it can be corrected; `link` is the page of its own that it has.
    """

    at: dt.datetime
    icon: str
    title: str | Promise
    who: str = ""
    subject: str = ""
    text: str = ""
    note: str | Promise = ""
    tone: str = ""
    by_system: bool = False
    entry_id: uuid.UUID | None = None
    can_edit: bool = False
    link: str = ""
    files: Sequence[StoredFile] = field(default_factory=tuple)

    @property
    def key(self) -> str:
        """The id of the entry as a word."""
        return str(self.entry_id or "")

    @property
    def can_be_changed(self) -> bool:
        return bool(self.entry_id or self.removable)

    @property
    def removable(self) -> list[StoredFile]:
        """The files that may be taken off: the proof of a consent may not."""
        return [file for file in self.files if not file.is_evidence]

    @property
    def short(self) -> str:
        """The beginning of a long text, cut at a word; empty where the text is short enough to stand whole."""
        lines = self.text.splitlines()
        head = "\n".join(lines[:4])
        if len(head) <= LONG and len(lines) <= 5:
            return ""
        return head[:LONG].rsplit(" ", 1)[0].rstrip() + "…"


class Source(Protocol):
    """A room that knows of things that happened."""

    def latest(self, show: Show, limit: int) -> Sequence[Happening]:
        """The newest `limit` happenings, newest first."""
        ...


@dataclass(frozen=True)
class Page:
    """One page of the merged timeline."""

    items: Sequence[Happening]
    number: int
    has_older: bool


def newest(sources: Sequence[Source], query: Query) -> Page:
    """The page of everything the sources know, newest first; one or two queries a source."""
    upto = query.page * PAGE + 1
    streams = [source.latest(query.show, upto) for source in sources]
    merged = list(islice(merge(*streams, key=lambda one: one.at, reverse=True), upto))
    return Page(merged[(query.page - 1) * PAGE : query.page * PAGE], query.page, len(merged) == upto)


ICONS = {
    TimelineEntry.Kind.NOTE: "pencil-square",
    TimelineEntry.Kind.CALL: "phone",
    TimelineEntry.Kind.MEETING: "user-group",
    TimelineEntry.Kind.EMAIL: "envelope",
    TimelineEntry.Kind.FILE: "paper-clip",
    TimelineEntry.Kind.SYSTEM: "cog-6-tooth",
}
TITLES = {
    TimelineEntry.Kind.NOTE: _("Note"),
    TimelineEntry.Kind.CALL: _("Call"),
    TimelineEntry.Kind.MEETING: _("Meeting"),
    TimelineEntry.Kind.EMAIL: _("E-mail"),
    TimelineEntry.Kind.FILE: _("File"),
    TimelineEntry.Kind.SYSTEM: _("Record"),
}


@dataclass(frozen=True)
class EntriesOf:
    """The contacts' own source: notes, calls, meetings, e-mails, and files that stand alone."""

    contact: Contact

    def latest(self, show: Show, limit: int) -> list[Happening]:
        files = Prefetch("files", StoredFile.objects.order_by("created_at"))
        entries = TimelineEntry.objects.filter(self._of(show), contact=self.contact).order_by("-occurred_at", "-pk")
        found = [_of_entry(entry) for entry in entries.select_related("author").prefetch_related(files)[:limit]]
        if show in (Show.ALL, Show.FILES):
            alone = StoredFile.objects.filter(contact=self.contact, entry=None).order_by("-created_at")
            found += [_of_file(file) for file in alone.select_related("uploaded_by")[:limit]]
            found.sort(key=lambda one: one.at, reverse=True)
        return found[:limit]

    def _of(self, show: Show) -> Q:
        kinds = {Show.CALLS: TimelineEntry.Kind.CALL, Show.EMAILS: TimelineEntry.Kind.EMAIL}
        if show in kinds:
            return Q(kind=kinds[show])
        if show is Show.FILES:
            return Q(Exists(StoredFile.objects.filter(entry=OuterRef("pk"))))
        return Q()


def _of_entry(entry: TimelineEntry) -> Happening:
    kind = TimelineEntry.Kind(entry.kind)
    return Happening(
        at=entry.occurred_at,
        icon=ICONS[kind],
        title=TITLES[kind],
        who=str(entry.author) if entry.author else "",
        by_system=kind is TimelineEntry.Kind.SYSTEM,
        subject=entry.subject,
        text=entry.body,
        note=_directed(entry),
        entry_id=entry.pk,
        can_edit=entry.is_handwritten,
        files=list(entry.files.all()),
    )


def _directed(entry: TimelineEntry) -> str | Promise:
    if entry.direction == TimelineEntry.Direction.IN:
        return _("incoming")
    return _("outgoing") if entry.direction == TimelineEntry.Direction.OUT else ""


def _of_file(file: StoredFile) -> Happening:
    return Happening(
        at=file.created_at,
        icon=ICONS[TimelineEntry.Kind.FILE],
        title=TITLES[TimelineEntry.Kind.FILE],
        who=str(file.uploaded_by) if file.uploaded_by else "",
        files=[file],
    )
