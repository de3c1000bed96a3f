"""Who else has the data of a contact, and who still has to be told of a correction (Art. 16, 19).

The recipients are those that the purposes of the card's standing grounds name. Corrections are read from the audit
record, which knows the names of the changed fields; what a recipient never got is no matter for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models

from audit.models import AuditEvent
from consents.models import LegalGround
from contacts.models import Contact
from gdpr_requests.export.information import recipients_of_purpose
from gdpr_requests.export.words import field_words, table_words
from gdpr_requests.models import NoticeEvent, RecipientNotice
from privacy.datamap import collect
from privacy.sealed import SealedField

NAME_LENGTH = 250


@dataclass
class Recipient:
    """One recipient: for which purposes, which categories of data, and since when."""

    name: str
    since: dt.datetime
    purposes: list[str] = field(default_factory=list)
    categories: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Pending:
    """A recipient who has to be told, of which fields, and when the first and the last of them was corrected."""

    recipient: Recipient
    fields: list[str]
    first_at: dt.datetime
    last_at: dt.datetime

    @property
    def labels(self) -> str:
        """The corrected fields in words."""
        return ", ".join(dict.fromkeys(label_of(name) for name in self.fields))


def recipients_of(contact: Contact) -> list[Recipient]:
    """Everybody who gets data of the contact, by name, in one query."""
    found: dict[str, Recipient] = {}
    for ground in LegalGround.objects.of_contact(contact.pk).open().select_related("purpose"):
        for name in (name[:NAME_LENGTH] for name in recipients_of_purpose(ground.purpose)):
            recipient = found.setdefault(name, Recipient(name, ground.created_at))
            recipient.since = min(recipient.since, ground.created_at)
            recipient.purposes.append(ground.purpose.name)
            recipient.categories |= set(ground.purpose.categories)
    return [found[name] for name in sorted(found)]


def pending(contact: Contact) -> list[Pending]:
    """Recipients not yet told of what was corrected since they got the data or were last told."""
    recipients = recipients_of(contact)
    if not recipients:
        return []
    events = AuditEvent.objects.for_contact([contact.pk]).filter(action="contact.changed", at__gt=_earliest(recipients))
    changes = [(event.at, name) for event in events.order_by("at") for name in event.fields]
    told = dict(
        RecipientNotice.objects.filter(contact=contact, event=NoticeEvent.RECTIFICATION)
        .values_list("recipient")
        .annotate(last=models.Max("told_at"))
    )
    return [one for recipient in recipients if (one := _for(recipient, changes, told.get(recipient.name)))]


def _earliest(recipients: Iterable[Recipient]) -> dt.datetime:
    return min(recipient.since for recipient in recipients)


def _for(recipient: Recipient, changes: list[tuple[dt.datetime, str]], told: dt.datetime | None) -> Pending | None:
    since = max(recipient.since, told) if told else recipient.since
    mine = [(at, name) for at, name in changes if at > since and category_of(name) in recipient.categories]
    if not mine:
        return None
    return Pending(recipient, list(dict.fromkeys(name for _at, name in mine)), mine[0][0], mine[-1][0])


# --- what the audit calls a field ---------------------------------------------------------------------------------


def category_of(name: str) -> str:
    """The data category of a corrected field ("first_name", "emails.value", "emails.removed"), "" for inner ones.

    Only values are corrections: who owns a card, or which of two numbers is the first, is nobody else's business.
    """
    model, column = _resolve(name)
    if model is None or not isinstance(column, SealedField):
        return ""
    return collect().entry_for(model).fields[column.name].category


def label_of(name: str) -> str:
    """The field in words."""
    model, column = _resolve(name)
    if model is None or column is None:
        return name
    return str(table_words(model) if "." in name else field_words(column))


def _resolve(name: str) -> tuple[type[models.Model] | None, models.Field[object, object] | None]:
    """The model and column that a name of the audit stands for; of a whole row, its first sealed column."""
    way, _dot, last = name.rpartition(".")
    model: type[models.Model] | None = Contact
    if way:
        relations = {relation.get_accessor_name(): relation.related_model for relation in Contact._meta.related_objects}
        model = relations.get(way)
    if model is None:
        return None, None
    columns = {column.name: column for column in model._meta.concrete_fields}
    if last in ("added", "removed"):
        return model, next((column for column in columns.values() if isinstance(column, SealedField)), None)
    return model, columns.get(last)
