"""The wordings that letters begin with: shipped as files, kept in the database, edited by the privacy officer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone

from audit.services import record
from gdpr_requests.letters.kinds import names_of, placeholders_of, subject_placeholders
from gdpr_requests.letters.text import NBSP, demand_known, fill
from gdpr_requests.models import LetterKind, LetterLanguage, LetterTemplate

FOLDER = Path(__file__).resolve().parent / "defaults"


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject and a text."""

    subject: str
    body: str


@cache
def default_wording(kind: str, language: str) -> Wording:
    """The shipped wording. The first line of the file is the subject, the text follows after an empty line."""
    subject, _empty, body = (FOLDER / f"{kind}.{language}.txt").read_text(encoding="utf-8").partition("\n")
    return Wording(subject.strip(), body.strip())


def template_for(kind: str, language: str) -> LetterTemplate:
    """The wording in force; the shipped one where the database has none."""
    found = LetterTemplate.objects.filter(kind=kind, language=language).first()
    return found or _made(kind, language)


def filled(template: LetterTemplate, values: dict[str, str]) -> Wording:
    """The wording with `values`, which are under their English names."""
    named = {item.called(template.language): values.get(item.name, "") for item in placeholders_of(template.kind)}
    # Typography comes when the sheet is set: who edits a text must not meet spaces that they can't see.
    subject, body = (fill(text, named).replace(NBSP, " ") for text in (template.subject, template.body))
    return Wording(" ".join(subject.split()), body)


def check_wording(*, kind: str, language: str, subject: str, body: str) -> dict[str, list[ValidationError]]:
    """What is wrong with a wording, by field: an unknown placeholder, or one that a subject must not show."""
    allowed = {
        "subject": names_of(subject_placeholders(), language),
        "body": names_of(placeholders_of(kind), language),
    }
    found: dict[str, list[ValidationError]] = {}
    for name, text in (("subject", subject), ("body", body)):
        try:
            demand_known(text, allowed[name])
        except ValidationError as error:
            found[name] = error.error_list
    return found


@transaction.atomic
def change_template(*, kind: str, language: str, subject: str, body: str, actor: Any) -> LetterTemplate:
    """Put an edited wording in force. Raises ValidationError for a placeholder that the letter does not have."""
    errors = check_wording(kind=kind, language=language, subject=subject, body=body)
    if errors:
        raise ValidationError(errors)
    template = _saved(kind, language, Wording(subject.strip(), body.replace("\r\n", "\n").strip()))
    record("letter_template.changed", actor=actor, target=template, detail=_which(template))
    return template


@transaction.atomic
def restore_template(*, kind: str, language: str, actor: Any) -> LetterTemplate:
    """Go back to the shipped wording."""
    template = _saved(kind, language, default_wording(kind, language))
    record("letter_template.restored", actor=actor, target=template, detail=_which(template))
    return template


def _saved(kind: str, language: str, wording: Wording) -> LetterTemplate:
    values = {
        "subject": wording.subject,
        "body": wording.body,
        "is_edited": wording != default_wording(kind, language),
        "changed_at": timezone.now(),
    }
    template, _made_now = LetterTemplate.objects.update_or_create(kind=kind, language=language, defaults=values)
    return template


def _which(template: LetterTemplate) -> dict[str, str]:
    return {"kind": str(template.kind), "language": str(template.language)}


def _made(kind: str, language: str) -> LetterTemplate:
    wording = default_wording(kind, language)
    return LetterTemplate(kind=kind, language=language, subject=wording.subject, body=wording.body)


def ensure_templates() -> int:
    """Add the shipped wordings that are not there yet; one that stands is never touched. Returns how many."""
    known = set(LetterTemplate.objects.values_list("kind", "language"))
    missing = [
        _made(kind, language)
        for kind in LetterKind.values
        for language in LetterLanguage.values
        if (kind, language) not in known
    ]
    LetterTemplate.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def after_migrate(sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """Once the tables stand: the wordings of a new installation, and those that a new version brings."""
    if LetterTemplate._meta.db_table in connections[using].introspection.table_names():
        ensure_templates()
