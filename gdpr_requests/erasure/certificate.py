"""The certificate: proves an erasure and names nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import get_language, gettext

from gdpr_requests.export.collect import roles_of_colleagues
from gdpr_requests.export.information import controller
from gdpr_requests.export.values import article_text, category_label, day_text, moment_text
from gdpr_requests.export.words import rank, table_words
from gdpr_requests.models import ErasureItem
from gdpr_requests.typesetting import pdf


@dataclass(frozen=True)
class Certificate:
    """Everything that the page and the PDF show, in the language that was active."""

    number: str
    title: str
    statement: str
    facts: list[tuple[str, str]]
    gone: list[tuple[str, str]]
    kept: list[list[str]]
    check: str
    is_checked: bool
    recipients: list[str]


def certificate_of(item: ErasureItem) -> Certificate:
    """Put the certificate of an erasure into words."""
    return Certificate(
        number=str(item.certificate),
        title=gettext("Certificate of erasure %(number)s") % {"number": item.certificate},
        statement=gettext(
            "All personal data of one person were erased from this system, with the keys under which they were stored, "
            "except for what is listed below as kept by law."
        ),
        facts=_facts(item),
        gone=_gone(item),
        kept=[_kept(row) for row in item.kept],
        check=_check(item),
        is_checked=item.checked_at is not None,
        recipients=list(item.recipients),
    )


def _facts(item: ErasureItem) -> list[tuple[str, str]]:
    requester = item.run.requested_by_id
    role = roles_of_colleagues().get(requester) if requester else gettext("the system")
    pairs = [
        (gettext("Number"), str(item.certificate)),
        (gettext("Company"), controller()["name"]),
        (gettext("Erased"), moment_text(item.erased_at) if item.erased_at else ""),
        (gettext("Reason"), f"{item.get_reason_display()} ({article_text(item.why.article)})"),
        (gettext("Decided by"), role or gettext("a former colleague")),
        (gettext("How it was started"), item.run.get_origin_display()),
    ]
    return [(term, str(value)) for term, value in pairs if value]


def _gone(item: ErasureItem) -> list[tuple[str, str]]:
    own = {
        "files": gettext("Files deleted from the disk"),
        "privacy.SubjectKey": gettext("Keys destroyed"),
        "suppressed": gettext("Addresses put on the block list, as keyed hashes"),
    }
    names = sorted((name for name in item.counts if name not in own), key=rank)
    tables = [(label(name), str(item.counts[name])) for name in names]
    others = [(words, str(item.counts[name])) for name, words in own.items() if item.counts.get(name)]
    return [*tables, *others]


def label(name: str) -> str:
    """A table in words; one that is not installed any more keeps its name."""
    try:
        return str(table_words(apps.get_model(name)))
    except LookupError:
        return name


def _kept(row: dict[str, Any]) -> list[str]:
    until = dt.date.fromisoformat(row["until"])
    return [
        row["name"],
        ", ".join(category_label(code) for code in row["categories"]),
        f"{row['because']} ({article_text(row['article'])})",
        day_text(until),
    ]


def _check(item: ErasureItem) -> str:
    if item.checked_at is None:
        return gettext("The check of the files has not run yet.")
    return gettext("Checked %(when)s: %(tables)s tables hold no row, no key and no file of the person is left.") % {
        "when": moment_text(item.checked_at),
        "tables": item.check_result.get("tables", 0),
    }


def certificate_pdf(item: ErasureItem) -> bytes:
    """The certificate as a tagged PDF, in the language that is active."""
    certificate = certificate_of(item)
    data = {
        "language": (get_language() or "cs")[:2],
        "title": certificate.title,
        "statement": certificate.statement,
        "facts": certificate.facts,
        "gone_title": gettext("What was erased"),
        "gone_head": [gettext("Kind of record"), gettext("How many")],
        "gone": certificate.gone,
        "kept_title": gettext("What the law keeps"),
        "kept_head": [gettext("Purpose"), gettext("Categories of data"), gettext("Because of"), gettext("Until")],
        "kept": certificate.kept,
        "kept_none": gettext("Nothing."),
        "check_title": gettext("Check"),
        "check": certificate.check,
        "footer": gettext("This certificate holds no personal data."),
    }
    return pdf("certificate.typ", data)
