"""Everything the data map knows about one contact, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import role_label
from consents.models import Suppression
from consents.services.suppression import all_digests
from contacts.models import Contact, ContactAlias, EmailAddress, Phone, StoredFile
from gdpr_requests.export import values
from gdpr_requests.export.values import Cell
from gdpr_requests.export.words import field_words, table_words
from privacy.datamap import Entry, Kind, collect

# By which column rows are put in order: the first of these that the table has.
TIMES = ("sequence", "occurred_at", "at", "created_at", "valid_from", "merged_at")


class Variant(StrEnum):
    """COMPLETE: the copy of Art. 15(3). Portability (Art. 20) will select fields of the same tables."""

    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Column:
    """One exported field of a table."""

    name: str
    label: str
    category: str
    kind: str
    is_colleague: bool = False


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
    tables = [table for entry in _selected(variant) if (table := _read(entry, ids, roles)).records]
    blocked = _suppressions(contact, roles)
    return Collected(
        contact=contact,
        aliases=ids[1:],
        tables=[*tables, blocked] if blocked.records else tables,
        files=list(StoredFile.objects.filter(contact=contact).order_by("created_at", "pk")),
    )


def _selected(variant: Variant) -> list[Entry]:
    return [entry for entry in collect().about_contacts() if entry.named(export=True)]


def roles_of_colleagues() -> dict[UUID, str]:
    """What each colleague is called in a copy for the person: their role, never their name."""
    names: dict[UUID, list[str]] = {}
    for pk, group in User.objects.order_by("groups__name").values_list("pk", "groups__name"):
        names.setdefault(pk, []).extend([role_label(group)] if group else [])
    return {pk: ", ".join(roles) or gettext("a colleague") for pk, roles in names.items()}


def _read(entry: Entry, ids: Sequence[UUID], roles: dict[UUID, str]) -> Table:
    model = entry.get_model()
    fields = [model._meta.get_field(name) for name in entry.fields if _is_shown(entry, model, name)]
    columns = [_column(entry, item) for item in fields]
    rows = _rows(entry, model, fields, ids)
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


def _is_shown(entry: Entry, model: type[models.Model], name: str) -> bool:
    """The fields to be exported, and those that say which colleague it was: these as a role."""
    declared = entry.fields[name]
    return declared.export or (declared.kind is not Kind.NONE and values.is_colleague(model._meta.get_field(name)))


def _column(entry: Entry, item: Any) -> Column:
    declared = entry.fields[item.name]
    name = item.name.removesuffix("_id") if values.is_colleague(item) else item.name
    return Column(name, str(field_words(item)), declared.category, str(declared.kind), values.is_colleague(item))


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
