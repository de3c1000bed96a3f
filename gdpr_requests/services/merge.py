"""Two cards of one person become one, and nothing is lost (accuracy, Art. 5(1)(d)).

Nothing is sealed again: every row keeps its key, and the card that stays gets the subjects of the other with their
consents, grounds and events. What both cards say differently is decided by the colleague; what was not chosen stands
in a note on the card. The old address redirects.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.services import record
from consents.services.suppression import refused_on_cards
from contacts.models import (
    Contact,
    ContactAlias,
    EmailAddress,
    Phone,
    PostalAddress,
    StoredFile,
    Subject,
    TimelineEntry,
)
from contacts.refusal import AddressRefused, refused
from contacts.services.correct import correct_card
from contacts.services.index import reindex
from contacts.services.timeline import add_entry
from gdpr_requests.models import AffectedContact, DataSubjectRequest, ErasureItem, LegalHold, Letter, RecipientNotice
from tasks.models import Task

if TYPE_CHECKING:
    from accounts.models import User

# What a card says of its contact and two cards may say differently.
FIELDS = (
    "title_before",
    "first_name",
    "last_name",
    "title_after",
    "salutation",
    "organisation_name",
    "employer",
    "position",
    "birth_date",
    "ico",
    "dic",
    "language",
    "source",
    "source_detail",
    "owner",
)
CHANNELS = (EmailAddress, Phone, PostalAddress)


def differences(kept: Contact, other: Contact) -> list[tuple[str, Any, Any]]:
    """The fields that the two cards say differently, with both values."""
    pairs = [(name, getattr(kept, name), getattr(other, name)) for name in FIELDS]
    return [(name, mine, theirs) for name, mine, theirs in pairs if theirs and mine != theirs]


@transaction.atomic
def merge_contacts(*, kept: Contact, other: Contact, take: Mapping[str, bool], actor: User) -> Contact:
    """Merge `other` into `kept`. `take` names the fields whose value comes from `other`.

    Raises ValidationError for a card with itself, for a person with an organisation, where either is restricted
    (restriction is lifted by nobody silently, Art. 18), and where an address that asked to be left alone would come
    onto a card that stands on nothing but consent or our own interest.
    """
    locked = list(Contact.objects.select_for_update().filter(pk__in=[kept.pk, other.pk]).order_by("pk"))
    by_id = {contact.pk: contact for contact in locked}
    kept, other = _checked(by_id.get(kept.pk), by_id.get(other.pk))
    _demand_welcome(kept, other)
    different = differences(kept, other)
    values = {name: theirs for name, mine, theirs in different if take.get(name) or not mine}
    lost = [(name, mine if name in values else theirs) for name, mine, theirs in different]
    _move_rows(kept, other)
    if values:
        correct_card(contact=kept, values=values, actor=actor)
    _write_down(kept, [(name, value) for name, value in lost if value], actor)
    record("contact.merged", actor=actor, contact_id=kept.pk, fields=sorted(values), detail={"from": other.pk})
    record("contact.merged_away", actor=actor, contact_id=other.pk, detail={"into": kept.pk})
    Contact.objects.filter(pk=other.pk).delete()
    reindex([kept])
    return kept


def _checked(kept: Contact | None, other: Contact | None) -> tuple[Contact, Contact]:
    if kept is None or other is None:
        raise ValidationError(_("One of the cards is no longer here."))
    if kept.pk == other.pk:
        raise ValidationError(_("Choose two different cards."))
    if kept.kind != other.kind:
        raise ValidationError(_("A person can't be merged with an organisation."))
    if kept.is_restricted or other.is_restricted:
        raise ValidationError(_("Processing of one of them is restricted; a restricted card is not merged."))
    return kept, other


def _demand_welcome(kept: Contact, other: Contact) -> None:
    """An address that both hold is nothing new; one that only comes over is asked about like any other new one."""
    coming = [row.value for model in (EmailAddress, Phone) for row in model._default_manager.filter(contact=other)]
    if refused_on_cards([kept.pk, other.pk], refused(kept, coming)):
        raise AddressRefused


def _move_rows(kept: Contact, other: Contact) -> None:
    Subject.objects.filter(contact=other).update(contact=kept)
    for channel in CHANNELS:
        _move_channels(channel, kept, other)
    seen = TimelineEntry.objects.filter(contact=kept, message_digest__isnull=False)
    marks = seen.values_list("message_digest", flat=True)
    # The same message on both cards stays twice: only one can carry the mark that keeps it from coming again.
    TimelineEntry.objects.filter(contact=other, message_digest__in=list(marks)).update(message_digest=None)
    TimelineEntry.objects.filter(contact=other).update(contact=kept)
    StoredFile.objects.filter(contact=other).update(contact=kept)
    # A hold goes on, and so does a decision to erase the person.
    LegalHold.objects.filter(contact=other).update(contact=kept)
    ErasureItem.objects.filter(contact_id=other.pk, state__in=ErasureItem.OPEN).update(contact_id=kept.pk)
    Task.objects.filter(contact=other).update(contact=kept)
    DataSubjectRequest.objects.filter(contact=other).update(contact=kept)
    RecipientNotice.objects.filter(contact=other).update(contact=kept)
    both = AffectedContact.objects.filter(contact=kept).values_list("breach_id", flat=True)
    AffectedContact.objects.filter(contact=other).exclude(breach_id__in=list(both)).update(contact=kept)
    Letter.objects.filter(contact=other).update(contact=kept)
    Contact.objects.filter(employer=other).update(employer=kept)
    kept.tags.add(*other.tags.all())
    ContactAlias.objects.filter(contact=other).update(contact=kept)
    ContactAlias.objects.create(old_id=other.pk, contact=kept)


def _move_channels(model: type[Any], kept: Contact, other: Contact) -> None:
    """Channels that both cards hold stand on the merged one once; the primary of the kept card stays primary."""
    mine = {_same(row) for row in model._default_manager.filter(contact=kept)}
    rows = list(model._default_manager.filter(contact=other))
    double: list[uuid.UUID] = [row.pk for row in rows if _same(row) in mine]
    model._default_manager.filter(pk__in=double).delete()
    moved = model._default_manager.filter(contact=other)
    if mine:
        moved.update(is_primary=False)
    moved.update(contact=kept)


def _same(row: Any) -> tuple[str, ...]:
    if isinstance(row, PostalAddress):
        return tuple(line.casefold() for line in row.lines)
    return (str(row.value).casefold(),)


def _write_down(kept: Contact, lost: list[tuple[str, Any]], actor: User) -> None:
    """What was not chosen is kept as a note: a merge never throws a value away."""
    if not lost:
        return
    names = {field.name: field.verbose_name for field in Contact._meta.concrete_fields}
    lines = [f"{names[name]}: {getattr(value, 'display_name', value)}" for name, value in lost]
    add_entry(
        contact=kept,
        kind=TimelineEntry.Kind.SYSTEM,
        actor=actor,
        subject=gettext("Merged from another card"),
        body="\n".join(str(line) for line in lines),
    )
