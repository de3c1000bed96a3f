"""The public address of the information under Art. 13 and 14: no sign-in, no cookie, no script."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from accounts.models import Installation
from gdpr_requests.accountability.publishing import document_of, in_force
from gdpr_requests.models import PublishedNotice
from gdpr_requests.models.accountability import LANGUAGES

MAX_AGE = 300


def _etag(request: HttpRequest, language: str, **_kwargs: Any) -> str:
    return f'"{in_force(_known(language)).sha256}"'


def _known(language: str) -> str:
    if language not in dict(LANGUAGES):
        raise Http404
    return language


def _answer(language: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page in the language of its address, whatever the reader's own is: a cache may hand it to anybody."""
    shown = {"company": Installation.current().name, "language": language, "languages": LANGUAGES}
    with translation.override(language):
        response = HttpResponse(render_to_string(template, {**shown, **context}))
    response["Content-Language"] = language
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return response


@login_not_required
@require_safe
@condition(etag_func=_etag)
def notice(request: HttpRequest, language: str) -> HttpResponse:
    """The version in force."""
    row = in_force(_known(language))
    context = {"notice": row, "document": document_of(row), "view_name": "gdpr_requests:notice"}
    return _answer(language, "gdpr_requests/accountability/notice.html", context)


@login_not_required
@require_safe
def versions(request: HttpRequest, language: str) -> HttpResponse:
    """Every version that ever stood here, with its day and its digest."""
    newest = in_force(_known(language))
    rows = PublishedNotice.objects.filter(language=language).defer("content", "page")
    context = {"versions": rows, "newest": newest, "view_name": "gdpr_requests:notice_versions"}
    return _answer(language, "gdpr_requests/accountability/notice_versions.html", context)


@login_not_required
@require_safe
def version(request: HttpRequest, language: str, version: int) -> HttpResponse:
    """One version as a file: the very bytes of the digest."""
    row = get_object_or_404(PublishedNotice, language=_known(language), version=version)
    response = HttpResponse(row.page.encode(), content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="privacy-notice-{language}-{version}.html"'
    response["ETag"] = f'"{row.sha256}"'
    patch_cache_control(response, public=True, max_age=24 * 3600)
    return response
