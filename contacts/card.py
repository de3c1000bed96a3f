"""The contacts' panels of the card: who it is, how to reach them, what happened, who belongs to it, who looked.

Every room offers `panels(contact, user)`; `crm/card.py` puts them together. A panel is loaded only when it is drawn,
so a single one can be asked for as a fragment without paying for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property

from contacts import viewers
from contacts.forms.timeline import ON_CARD, EntryForm
from contacts.happenings import EntriesOf, Page, Query, Source, newest
from contacts.models import Contact, EmailAddress, Phone, PostalAddress, Tag

if TYPE_CHECKING:
    from accounts.models import User

Place = Literal["top", "actions", "main", "side"]
Context = Mapping[str, Any]
PEOPLE_SHOWN = 8
TAGS_OFFERED = 200


@dataclass(frozen=True)
class Panel:
    """A piece of the card: `name` is its address as a fragment, `template` draws it from `context`.

    `place`: "top" lies across the card, "actions" are the buttons beside the name, "main" and "side" the columns.
    A `context` that is a function is called when the panel is drawn, and not before.
    """

    name: str
    template: str
    context: Context | Callable[[], Context]
    place: Place = "main"

    def load(self) -> Context:
        """What the template needs beside `contact` and `may_change`."""
        return self.context() if callable(self.context) else self.context


class Channels:
    """How to reach the contact, read once for all panels that say it. The primary one of each sort comes first."""

    def __init__(self, contact: Contact) -> None:
        self.contact = contact

    @cached_property
    def emails(self) -> list[EmailAddress]:
        return list(EmailAddress.objects.filter(contact=self.contact).order_by("-is_primary", "pk"))

    @cached_property
    def phones(self) -> list[Phone]:
        return list(Phone.objects.filter(contact=self.contact).order_by("-is_primary", "pk"))

    @cached_property
    def addresses(self) -> list[PostalAddress]:
        return list(PostalAddress.objects.filter(contact=self.contact).order_by("-is_primary", "pk"))


def panels(contact: Contact, user: User, query: Query, more: Iterable[Source] = ()) -> list[Panel]:
    """The panels of this room. `query` says which part of the timeline to show, `more` what other rooms add to it."""
    channels = Channels(contact)
    found = [
        Panel("head", "contacts/card/head.html", partial(_head, contact, user, channels), "top"),
        Panel("timeline", "contacts/card/timeline.html", partial(_timeline, contact, query, more)),
        Panel("contact", "contacts/card/contact.html", partial(_contact, channels), "side"),
        Panel("viewers", "contacts/card/viewers.html", partial(viewers.of_card, contact, user), "side"),
    ]
    if contact.kind == Contact.Kind.ORGANISATION:
        found.append(Panel("people", "contacts/card/people.html", partial(_people, contact, user), "side"))
    return found


def back_to(request: HttpRequest, contact: Contact, panel: str = "", *, others: bool = False) -> HttpResponseRedirect:
    """Where a change on the card leads: to the fragment that changed when htmx asked, otherwise to the whole card.

    `others` lets the panels that depend on what changed (the lights) renew themselves.
    """
    if panel and getattr(request, "htmx", False):
        address = reverse("crm:panel", args=[contact.pk, panel])
        return HttpResponseRedirect(f"{address}?changed=1" if others else address)
    return redirect("crm:card", contact.pk)


def _head(contact: Contact, user: User, channels: Channels) -> Context:
    employer = None
    if contact.employer_id is not None:
        employer = Contact.objects.visible_to(user).filter(pk=contact.employer_id).first()
    known = Tag.objects.offered_to(user)[:TAGS_OFFERED]
    return {"employer": employer, "tags": list(contact.tags.all()), "known_tags": known, "channels": channels}


def _contact(channels: Channels) -> Context:
    return {"emails": channels.emails, "phones": channels.phones, "addresses": channels.addresses}


def _timeline(contact: Contact, query: Query, more: Iterable[Source]) -> Context:
    page: Page = newest([EntriesOf(contact), *more], query)
    form = EntryForm(initial={"kind": query.write} if query.write else None, auto_id=ON_CARD)
    return {"page": page, "query": query, "form": form, "writing": bool(query.write)}


def _people(contact: Contact, user: User) -> Context:
    people = Contact.objects.visible_to(user).filter(employer_id=contact.pk)
    shown = list(people.order_by("-created_at")[: PEOPLE_SHOWN + 1])
    total = people.count() if len(shown) > PEOPLE_SHOWN else len(shown)
    return {"people": shown[:PEOPLE_SHOWN], "total": total}
