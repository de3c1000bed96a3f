"""Publishing the notice: whatever stands at the public address is kept, dated and hashed, before anybody reads it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from audit.services import record
from gdpr_requests.accountability.notice import content_of, notice
from gdpr_requests.export.document import Document, Section
from gdpr_requests.export.people import summary_html
from gdpr_requests.export.values import day_text
from gdpr_requests.models import PublishedNotice
from gdpr_requests.models.accountability import LANGUAGES


def keep_notice(language: str) -> PublishedNotice:
    """The version in force; a new one where what is to be said has changed. Safe in parallel and to repeat."""
    content = content_of(notice(language))
    newest = latest(language)
    if newest is not None and newest.content == content:
        return newest
    try:
        return _publish(language, content, newest.version + 1 if newest else 1)
    except IntegrityError:  # somebody published this version a moment ago
        return PublishedNotice.objects.get(language=language, version=newest.version + 1 if newest else 1)


def keep_notices() -> int:
    """Bring all languages up to date; returns how many new versions there are."""
    before = PublishedNotice.objects.count()
    for language, _name in LANGUAGES:
        keep_notice(language)
    return PublishedNotice.objects.count() - before


@transaction.atomic
def _publish(language: str, content: str, version: int) -> PublishedNotice:
    row = PublishedNotice(language=language, version=version, content=content, published_at=timezone.now())
    row.page = summary_html(document_of(row)).decode()
    row.sha256 = hashlib.sha256(row.page.encode()).hexdigest()
    row.save(force_insert=True)
    record("privacy_notice.published", actor=None, target=row, detail={"language": language, "version": version})
    return row


def latest(language: str) -> PublishedNotice | None:
    """The newest version that is kept, or None before the first."""
    return PublishedNotice.objects.filter(language=language).order_by("-version").first()


def in_force(language: str) -> PublishedNotice:
    """What the public page shows: always a version that is kept."""
    return latest(language) or keep_notice(language)


def document_of(row: PublishedNotice) -> Document:
    """The kept version as a document, with its date."""
    values = json.loads(row.content)
    values["sections"] = [Section(**section) for section in values["sections"]]
    with translation.override(row.language):
        made = gettext("version %(version)d, in force since %(day)s") % {
            "version": row.version,
            "day": day_text(timezone.localdate(row.published_at)),
        }
    return replace(Document(**values), made=made)
