"""Everything the data map knows about one contact, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import role_label
from consents.models import Basis, Consent, LegalGround, Suppression
from consents.services.suppression import all_digests
from contacts.models import Contact, ContactAlias, EmailAddress, Phone, StoredFile
from gdpr_requests.export import values
from gdpr_requests.export.values import Cell
from gdpr_requests.export.words import field_words, table_words
from privacy.datamap import Entry, Kind, collect
from privacy.sealed import SealedCharField, SealedTextField

# By which column rows are put in order: the first of these that the table has.
TIMES = ("sequence", "occurred_at", "at", "created_at", "valid_from", "merged_at")


class Variant(StrEnum):
    """COMPLETE: the copy of Art. 15(3). PORTABLE: what the person provided, under consent or contract (Art. 20)."""

    COMPLETE = "complete"
    PORTABLE = "portability"


@dataclass(frozen=True, slots=True)
class Column:
    """One exported field of a table."""

    name: str
    label: str
    category: str
    kind: str
    is_colleague: bool = False
    is_free_text: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its id, and a cell for each column."""

    id: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Table:
    """The rows of one table that are about the contact."""

    name: str
    label: str
    columns: list[Column]
    records: list[Record]


@dataclass(frozen=True)
class Collected:
    """Everything about one contact, in the language that was active while it was read."""

    contact: Contact
    aliases: list[UUID]
    tables: list[Table]
    files: list[StoredFile] = field(default_factory=list)

    def table(self, name: str) -> Table | None:
        """The table called "app.Model", or None where it holds nothing."""
        return next((table for table in self.tables if table.name == name), None)


def ids_of(contact: Contact) -> list[UUID]:
    """The ids under which rows about this card may stand: its own and those of cards merged into it."""
    return [contact.pk, *ContactAlias.objects.filter(contact=contact).values_list("old_id", flat=True)]


def gather(contact: Contact, variant: Variant = Variant.COMPLETE) -> Collected:
    """Read all tables of the data map that lead to the contact, and the block list's entries of their addresses."""
    ids, roles = ids_of(contact), roles_of_colleagues()
    if variant is Variant.PORTABLE:
        return portable(contact, ids, roles)
    tables = [_read(entry, ids, roles, partial(_is_shown, entry)) for entry in _selected()]
    return Collected(
        contact=contact,
        aliases=ids[1:],
        tables=[table for table in (*tables, _suppressions(contact, roles)) if table.records],
        files=list(StoredFile.objects.filter(contact=contact).order_by("created_at", "pk")),
    )


def portable(contact: Contact, ids: list[UUID], roles: dict[UUID, str]) -> Collected:
    """What the person provided themselves and what is held under their consent or a contract (Art. 20(1))."""
    covered = portable_categories(contact)

    def is_shown(entry: Entry, name: str) -> bool:
        return entry.fields[name].provided and entry.fields[name].category in covered

    chosen = [entry for entry in _selected() if any(is_shown(entry, name) for name in entry.fields)]
    tables = [_read(entry, ids, roles, partial(is_shown, entry), **entry.provided_if) for entry in chosen]
    sent = {UUID(record.id) for table in tables if table.name == StoredFile._meta.label for record in table.records}
    files = StoredFile.objects.filter(contact=contact, pk__in=sent).order_by("created_at", "pk")
    return Collected(contact, ids[1:], [table for table in tables if table.records], list(files))


def portable_categories(contact: Contact) -> set[str]:
    """The categories of data that a standing contract or a valid consent of the contact covers today."""
    grounds = LegalGround.objects.of_contact(contact.pk).open().select_related("purpose")
    agreed = set(Consent.objects.of_contacts([contact.pk]).valid().values_list("purpose_id", flat=True))
    return {
        str(category)
        for ground in grounds
        if ground.basis == Basis.CONTRACT or (ground.basis == Basis.CONSENT and ground.purpose_id in agreed)
        for category in ground.purpose.categories
    }


def _selected() -> list[Entry]:
    return [entry for entry in collect().about_contacts() if entry.named(export=True)]


def roles_of_colleagues() -> dict[UUID, str]:
    """What each colleague is called in a copy for the person: their role, never their name."""
    names: dict[UUID, list[str]] = {}
    for pk, group in User.objects.order_by("groups__name").values_list("pk", "groups__name"):
        names.setdefault(pk, []).extend([role_label(group)] if group else [])
    return {pk: ", ".join(roles) or gettext("a colleague") for pk, roles in names.items()}


def _read(
    entry: Entry, ids: Sequence[UUID], roles: dict[UUID, str], is_shown: Callable[[str], bool], **lookups: Any
) -> Table:
    model = entry.get_model()
    fields = [model._meta.get_field(name) for name in entry.fields if is_shown(name)]
    columns = [_column(entry, item) for item in fields]
    rows = _rows(entry, model, fields, ids).filter(**lookups)
    return Table(
        name=model._meta.label,
        label=str(table_words(model)),
        columns=columns,
        records=[
            Record(str(row.pk), {column.name: values.cell(row, item, roles) for column, item in pairs(columns, fields)})
            for row in rows
        ],
    )


def pairs(columns: Sequence[Column], fields: Sequence[Any]) -> Iterable[tuple[Column, Any]]:
    return zip(columns, fields, strict=True)


def _is_shown(entry: Entry, name: str) -> bool:
    """The fields to be exported, and those that say which colleague it was: these as a role."""
    declared = entry.fields[name]
    if declared.export or declared.kind is Kind.NONE:
        return declared.export
    return values.is_colleague(entry.get_model()._meta.get_field(name))


def _column(entry: Entry, item: Any) -> Column:
    declared = entry.fields[item.name]
    name = item.name.removesuffix("_id") if values.is_colleague(item) else item.name
    return Column(
        name=name,
        label=str(field_words(item)),
        category=declared.category,
        kind=str(declared.kind),
        is_colleague=values.is_colleague(item),
        # What people write is sealed; of the rest (codes, days, numbers) there is nothing to read.
        is_free_text=isinstance(item, (SealedCharField, SealedTextField)) and declared.kind is Kind.PERSONAL,
    )


def _rows(entry: Entry, model: type[models.Model], fields: Sequence[Any], ids: Sequence[UUID]) -> Any:
    names = {item.name for item in model._meta.concrete_fields}
    rows = model._default_manager.filter(**{f"{entry.to_contact}__in": list(ids)})
    related = [item.name for item in fields if item.is_relation and not values.is_colleague(item)]
    sealed = [f"{name}__key" for name in related if hasattr(model._meta.get_field(name).related_model, "key")]
    if related:
        rows = rows.select_related(*related, *sealed)
    return rows.order_by(*[name for name in TIMES if name in names][:1], "pk")


def _suppressions(contact: Contact, roles: dict[UUID, str]) -> Table:
    """The block list holds hashes only, so it is asked by the addresses of the card."""
    addresses = [email.value for email in EmailAddress.objects.filter(contact=contact)]
    addresses += [phone.value for phone in Phone.objects.filter(contact=contact)]
    digests = all_digests(addresses)
    names = ("kind", "scope", "purpose", "reason", "created_at", "ends_on")
    fields = [Suppression._meta.get_field(name) for name in names]
    columns = [Column("address", gettext("address"), "contact", str(Kind.IDENTIFYING))]
    columns += [Column(item.name, str(field_words(item)), "contact", str(Kind.PERSONAL)) for item in fields]
    records = [
        Record(
            str(row.pk),
            {"address": values.plain(address)} | {item.name: values.cell(row, item, roles) for item in fields},
        )
        for row in Suppression.objects.filter(digest__in=digests).select_related("purpose").order_by("created_at")
        for address in digests[row.digest]
    ]
    return Table(Suppression._meta.label, str(table_words(Suppression)), columns, records)
