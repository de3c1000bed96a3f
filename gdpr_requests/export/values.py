"""One value of one row, twice: for machines (JSON) and for people (text)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext

from accounts.models import User
from consents.models import DataCategory, NoticeVersion, Purpose
from contacts.models import Contact
from gdpr_requests.export.words import action_label

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as JSON holds it, and as people read it."""

    data: Any
    text: str


EMPTY = Cell(None, "")


def day_text(value: dt.date) -> str:
    """„24. 11. 2026“ in Czech, „24 Nov 2026“ in English."""
    if get_language() == "cs":
        return f"{value.day}.{NBSP}{value.month}.{NBSP}{value.year}"
    return str(formats.date_format(value, "j M Y")).replace(" ", NBSP)


def moment_text(value: dt.datetime) -> str:
    """The local day and hour: „24. 11. 2026 9:40“."""
    local = timezone.localtime(value)
    return f"{day_text(local.date())}{NBSP}{local.hour}:{local.minute:02d}"


def cell(row: models.Model, field: Any, roles: Mapping[UUID, str]) -> Cell:
    """The value of a declared field. A colleague is told by role, never by name."""
    if is_colleague(field):
        return role_cell(row.serializable_value(field.attname), roles)
    if field.is_relation:
        related = getattr(row, field.name)
        return EMPTY if related is None else _reference(related)
    value = getattr(row, field.attname)
    if value is None or value == "":
        return EMPTY
    if field.choices:
        label = str(getattr(row, f"get_{field.name}_display")())
        return Cell({"code": str(value), "label": label}, label)
    if field.model._meta.label == "audit.AuditEvent" and field.name == "action":
        label = action_label(value)
        return Cell({"code": value, "label": label}, label)
    return plain(value)


def is_colleague(field: Any) -> bool:
    """Whether the column says which colleague: a reference to a user, or a bare id kept past their account's end."""
    if field.is_relation:
        return bool(field.related_model is User)
    return isinstance(field, models.UUIDField) and (field.name.endswith("_by_id") or field.name == "actor_id")


def role_cell(user_id: UUID | None, roles: Mapping[UUID, str]) -> Cell:
    """Who it was, by role."""
    if user_id is None:
        return Cell({"role": None}, gettext("the system"))
    role = roles.get(user_id) or gettext("a former colleague")
    return Cell({"role": role}, role)


def plain(value: Any) -> Cell:
    """A value without choices or relations."""
    if isinstance(value, bool):
        return Cell(value, gettext("yes") if value else gettext("no"))
    if isinstance(value, dt.datetime):
        return Cell(timezone.localtime(value).isoformat(), moment_text(value))
    if isinstance(value, dt.date):
        return Cell(value.isoformat(), day_text(value))
    if isinstance(value, (bytes, memoryview)):
        return Cell(bytes(value).hex(), bytes(value).hex())
    if isinstance(value, (list, dict)):
        return Cell(value, _json_text(value))
    return Cell(value, str(value)) if isinstance(value, (int, str)) else Cell(str(value), str(value))


def _json_text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, (str, int)) for item in value):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return json.dumps(value, ensure_ascii=False)


def _reference(related: models.Model) -> Cell:
    """What the person is told of a row that theirs points to."""
    if isinstance(related, NoticeVersion):
        words = gettext("version %(version)s of %(day)s") % {
            "version": related.version,
            "day": day_text(timezone.localdate(related.created_at)),
        }
        return Cell(
            {
                "id": str(related.pk),
                "language": related.language,
                "version": related.version,
                "text": related.text,
                "sha256": related.sha256,
            },
            f"{related.text}\n({words}, SHA-256 {related.sha256})",
        )
    if isinstance(related, Purpose):
        return Cell({"id": str(related.pk), "code": related.slug, "label": related.name}, related.name)
    label = related.display_name if isinstance(related, Contact) else str(related)
    return Cell({"id": str(related.pk), "label": label}, label)


def article_text(code: str) -> str:
    """An article of the GDPR as lawyers write it: "6(1)(b)" is „čl. 6 odst. 1 písm. b) GDPR“ in Czech."""
    if get_language() != "cs":
        return f"Art.{NBSP}{code} GDPR"
    article, *parts = code.replace(")", "").split("(")
    words = [f"čl.{NBSP}{article}"]
    words += [f"písm.{NBSP}{part})" if part.isalpha() else f"odst.{NBSP}{part}" for part in parts]
    return f"{' '.join(words)} GDPR"


def category_label(code: str) -> str:
    """A data category in words; one that an app made up for itself (`history`) has words of its own."""
    own = {"history": gettext("record of access"), "staff": gettext("data of colleagues")}
    return own.get(code) or (str(DataCategory(code).label) if code in DataCategory.values else code)
