"""The copy for people: summary.pdf and summary.html."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation

from gdpr_requests.export.document import Document
from gdpr_requests.typesetting import pdf


def summary_pdf(document: Document) -> bytes:
    """A tagged PDF (PDF/UA-1) that a screen reader reads in order."""
    return pdf("summary.typ", document.as_json())


def summary_html(document: Document) -> bytes:
    """One file with everything inside: no script, nothing loaded from elsewhere, made to be printed too."""
    with translation.override(document.language):
        return render_to_string("gdpr_requests/summary.html", {"document": document}).encode()
