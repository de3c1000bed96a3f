"""What the pack holds, part by part. A part is a folder with files; each is made in the language that is active."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from consents.models import BalancingTest, NoticeVersion, Purpose
from contacts.collation import in_order
from contacts.spreadsheet import lines
from gdpr_requests.accountability import processing
from gdpr_requests.accountability.lia import assessment
from gdpr_requests.accountability.pack import papers, statistics
from gdpr_requests.export.people import summary_pdf
from gdpr_requests.letters.templates import template_for
from gdpr_requests.models import LetterKind, LetterLanguage, PublishedNotice

File = tuple[str, bytes]


@dataclass(frozen=True)
class Part:
    """One folder of the pack: its name (no diacritics: old programs open ZIPs), what it is, and its files."""

    folder: str | Promise
    title: str | Promise
    files: Callable[[], Iterator[File]]


def table(rows: Sequence[Sequence[object]]) -> bytes:
    """A CSV that no spreadsheet runs."""
    return "".join(lines(rows)).encode()


def _record() -> Iterator[File]:
    record = processing.record_of_processing(get_language() or "cs")
    yield "record.pdf", summary_pdf(processing.document(record))
    yield "record.csv", processing.as_csv(record)
    yield "record.json", processing.as_json(record)


def _tests() -> Iterator[File]:
    """Every version of every balancing test: grounds rest on earlier ones too."""
    taken: set[str] = set()
    for test in BalancingTest.objects.select_related("owner", "replaces").order_by("name", "version"):
        name = f"{slugify(test.name)[:60] or 'test'}-v{test.version}"
        name = f"{name}-{test.pk.hex[:8]}" if name in taken else name
        taken.add(name)
        yield f"{name}.pdf", summary_pdf(assessment(test, get_language() or "cs"))


def _notices() -> Iterator[File]:
    """The public information and the texts of consents, every version, with the digests they are known by."""
    index: list[list[object]] = [[gettext("File"), gettext("In force since"), "SHA-256"]]
    for row in PublishedNotice.objects.order_by("language", "version"):
        name = f"public-{row.language}-v{row.version}.html"
        index.append([name, row.published_at.isoformat(), row.sha256])
        yield name, row.page.encode()
    for notice in NoticeVersion.objects.select_related("purpose").order_by("purpose__slug", "language", "version"):
        name = f"consent-{notice.purpose.slug}-{notice.language}-v{notice.version}.txt"
        index.append([name, notice.created_at.isoformat(), notice.sha256])
        yield name, notice.text.encode()
    yield "index.csv", table(index)


def _purposes() -> Iterator[File]:
    """All purposes, those out of use too."""
    rows: list[list[object]] = [[*processing.columns().values(), gettext("In use")]]
    for purpose in in_order(Purpose.objects.select_related("balancing_test", "owner"), str):
        one = processing.activity_of(purpose)
        rows.append(
            [*(getattr(one, name) for name in processing.columns()), gettext("yes") if one.in_use else gettext("no")]
        )
    yield "purposes.csv", table(rows)


def _requests() -> Iterator[File]:
    yield "requests.pdf", summary_pdf(papers.request_numbers())
    yield "requests.csv", table([statistics.head(), *statistics.table()])


def _breaches() -> Iterator[File]:
    yield "register.pdf", summary_pdf(papers.breach_register())
    yield "rules.pdf", summary_pdf(papers.breach_rules())


def _security() -> Iterator[File]:
    yield "measures.pdf", summary_pdf(papers.security_measures())


def _verification() -> Iterator[File]:
    yield "verification.pdf", summary_pdf(papers.verification())


def _answers() -> Iterator[File]:
    """The wording that answers to people begin with, in both languages."""
    for language in LetterLanguage.values:
        for kind in LetterKind.values:
            template = template_for(kind, language)
            yield f"{language}/{kind}.txt", f"{template.subject}\n\n{template.body}\n".encode()


PARTS: tuple[Part, ...] = (
    Part(_("01-record-of-processing"), _("Record of processing activities (Art. 30)"), _record),
    Part(_("02-balancing-tests"), _("Balancing tests of legitimate interests, every version"), _tests),
    Part(_("03-notices"), _("What people were told and shown, every version"), _notices),
    Part(_("04-purposes"), _("Purposes, their grounds and periods"), _purposes),
    Part(_("05-requests"), _("Requests of people in numbers"), _requests),
    Part(_("06-breaches"), _("Register of breaches and the rules for them"), _breaches),
    Part(_("07-security"), _("Security measures (Art. 32)"), _security),
    Part(_("08-verification"), _("Verification of the audit and of the ledger of consents"), _verification),
    Part(_("09-answers"), _("Templates of answers to people"), _answers),
)


def read_first() -> File:
    """The paper on top."""
    contents = [(str(part.folder), str(part.title)) for part in PARTS]
    return gettext("00-read-first.pdf"), summary_pdf(papers.read_first(contents))


def manifest(head: dict[str, str], files: Sequence[tuple[str, int, str]]) -> File:
    """Every file with its size and SHA-256."""
    listed = [{"path": path, "size": size, "sha256": digest} for path, size, digest in files]
    content = {"schema": "karta-inspection-pack/1", **head, "files": listed}
    return "manifest.json", json.dumps(content, ensure_ascii=False, indent=1).encode()
