"""The list of contacts: who matches, in which order, and what each row shows, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.utils import timezone

from consents.filters import consent_ending_between, ending_by, in_consent_state, on_basis, without_ground
from consents.models import Basis, Consent, LegalGround, State
from contacts.collation import in_order
from contacts.models import Contact, EmailAddress, Phone, Tag
from contacts.querysets import ContactQuerySet

if TYPE_CHECKING:
    from accounts.models import User

PER_PAGE = 50
TAGS = 3
# Ciphertext can't be sorted by the database: beyond this many results the newest come first.
SORTED_UP_TO = 5_000


@dataclass
class Row:
    """One contact as the list shows it."""

    contact: Contact
    email: str = ""
    phone: str = ""
    firm: str = ""
    bases: list[str] = field(default_factory=list)
    # The nearest last day of a consent or ground.
    ends: dt.date | None = None

    @property
    def tags(self) -> list[Tag]:
        """The first few: a card can have many, and a row stays a row."""
        return list(self.contact.tags.all())[:TAGS]

    @property
    def more_tags(self) -> int:
        return max(0, len(self.contact.tags.all()) - TAGS)


@dataclass(frozen=True)
class Listing:
    """One page of the list. `by_name` says whether it runs from A to Z or newest first."""

    page: Page[Any]
    rows: list[Row]
    by_name: bool


def matching(user: User, wanted: Mapping[str, Any]) -> ContactQuerySet:
    """The contacts that the user may see and that meet every filter given (see `ContactFilterForm`)."""
    found = Contact.objects.visible_to(user)
    officer = user.has_perm("contacts.restrict_contact")
    if not officer and any(wanted.values()):
        found = found.unrestricted()  # a restricted card is in nobody's segment (Art. 18)
    found = found.matching(wanted.get("q") or "", restricted=officer)
    if kind := wanted.get("kind"):
        found = found.filter(kind=kind)
    if tag := wanted.get("tag"):
        found = found.filter(tags=tag)
    if owner := wanted.get("owner"):
        found = found.filter(owner=None) if owner == "none" else found.filter(owner=owner)
    if basis := wanted.get("basis"):
        found = without_ground(found) if basis == "none" else on_basis(found, basis)
    if state := wanted.get("consent"):
        found = in_consent_state(found, state)
    if day := wanted.get("ends_by"):
        found = ending_by(found, day)
    if wanted.get("consent_from") or wanted.get("consent_to"):
        found = consent_ending_between(found, wanted.get("consent_from"), wanted.get("consent_to"))
    return found


def listing(user: User, found: ContactQuerySet, number: int | str | None) -> Listing:
    """The page of that number, from A to Z where the results are few enough, else newest first."""
    total = found.count()
    by_name = total <= SORTED_UP_TO
    items: Any = _ids_by_name(found) if by_name else found.order_by("-created_at", "pk").values_list("pk", flat=True)
    page = Paginator(items, PER_PAGE).get_page(number)
    return Listing(page, _rows(user, list(page.object_list)), by_name)


def _ids_by_name(found: ContactQuerySet) -> list[uuid.UUID]:
    named = found.only("key", "kind", "first_name", "last_name", "organisation_name")
    return [contact.pk for contact in in_order(named, lambda contact: contact.sort_name)]


def _rows(user: User, ids: list[uuid.UUID]) -> list[Row]:
    cards = Contact.objects.visible_to(user).filter(pk__in=ids).select_related("owner").prefetch_related("tags")
    contacts = {contact.pk: contact for contact in cards}
    rows = {pk: Row(contacts[pk]) for pk in ids if pk in contacts}
    _add_employers(user, rows)
    for email in EmailAddress.objects.filter(contact__in=ids, is_primary=True):
        rows[email.contact_id].email = email.value
    for phone in Phone.objects.filter(contact__in=ids, is_primary=True):
        rows[phone.contact_id].phone = phone.value
    _add_grounds(rows)
    return list(rows.values())


def _add_employers(user: User, rows: dict[uuid.UUID, Row]) -> None:
    """The firm beside the name: the card it works for where the user may see it, else what the card itself says."""
    ids = {row.contact.employer_id for row in rows.values() if row.contact.employer_id}
    firms = {firm.pk: firm.display_name for firm in Contact.objects.visible_to(user).filter(pk__in=ids)} if ids else {}
    for row in rows.values():
        if row.contact.kind == Contact.Kind.PERSON:
            employer = row.contact.employer_id
            row.firm = (employer and firms.get(employer)) or row.contact.organisation_name


def _add_grounds(rows: dict[uuid.UUID, Row]) -> None:
    """The bases a card is held on, in the order of Art. 6(1), and the end that comes first."""
    ends: dict[uuid.UUID, list[dt.date]] = defaultdict(list)
    grounds = LegalGround.objects.open().filter(subject__contact__in=list(rows))
    for contact_id, basis, until in grounds.values_list("subject__contact_id", "basis", "valid_until"):
        if basis not in rows[contact_id].bases:
            rows[contact_id].bases.append(basis)
        if until:
            ends[contact_id].append(until)
    consents = Consent.objects.filter(subject__contact__in=list(rows), state=State.GIVEN)
    consents = consents.filter(valid_until__gte=timezone.localdate())
    for contact_id, until in consents.values_list("subject__contact_id", "valid_until"):
        if until:
            ends[contact_id].append(until)
    for row in rows.values():
        row.bases.sort(key=Basis.values.index)
    for contact_id, days in ends.items():
        rows[contact_id].ends = min(days)
