"""The wordings of letters: see them all, edit one with a preview, go back to the shipped one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.current import current_user
from gdpr_requests.letters.forms import TemplateForm
from gdpr_requests.letters.kinds import placeholders_of, subject_placeholders
from gdpr_requests.letters.preview import preview
from gdpr_requests.letters.templates import change_template, default_wording, restore_template, template_for
from gdpr_requests.models import LetterKind, LetterLanguage, LetterTemplate

manages = permission_required("gdpr_requests.manage_lettertemplate", raise_exception=True)


@manages
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """All kinds, each in its languages."""
    edited = {(row.kind, row.language): row for row in LetterTemplate.objects.filter(is_edited=True)}
    rows = [
        (kind, [(language, edited.get((kind.value, language.value))) for language in LetterLanguage])
        for kind in LetterKind
    ]
    return render(request, "gdpr_requests/letters/templates.html", {"rows": rows})


@manages
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Edit one. The button `preview` shows what was written filled with an example, and saves nothing."""
    _demand(kind, language)
    row = template_for(kind, language)
    initial = {"subject": row.subject, "body": row.body}
    form = TemplateForm(request.POST or None, initial=initial, kind=kind, language=language)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        change_template(kind=kind, language=language, actor=current_user(request), **form.cleaned_data)
        messages.success(request, gettext("The template is saved."))
        return redirect("gdpr_requests:template", kind, language)
    context = _context(row, form, form.cleaned_data if form.is_bound and form.is_valid() else initial)
    return render(request, "gdpr_requests/letters/template.html", context, status=422 if form.errors else 200)


def _context(row: LetterTemplate, form: TemplateForm, wording: dict[str, Any]) -> dict[str, Any]:
    def named(items: Any) -> list[tuple[str, Any]]:
        return [("{" + item.called(row.language) + "}", item.label) for item in items]

    return {
        "template": row,
        "form": form,
        "own": named(placeholders_of(row.kind)),
        "in_subject": named(subject_placeholders()),
        "preview": None if form.errors else preview(row.kind, row.language, **wording),
        "default": default_wording(row.kind, row.language),
    }


@manages
@require_POST
def restore(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Back to the shipped wording."""
    _demand(kind, language)
    restore_template(kind=kind, language=language, actor=current_user(request))
    messages.success(request, gettext("The shipped wording is in force again."))
    return redirect("gdpr_requests:template", kind, language)


def _demand(kind: str, language: str) -> None:
    if kind not in LetterKind.values or language not in LetterLanguage.values:
        raise Http404
