"""Pages of the breach register (Art. 33, 34)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from audit.services import record
from consents.forms.ground import add_errors
from consents.models import DataCategory
from gdpr_requests.breaches import notices, services
from gdpr_requests.breaches.forms import AssessForm, BreachForm, NotifiedForm, ToldForm, now_local
from gdpr_requests.breaches.history import history_of
from gdpr_requests.models import Breach
from tasks.models import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms

    from accounts.signed_in import SignedIn

PAGE = 50
reads = permission_required("gdpr_requests.view_breach", raise_exception=True)
manages = permission_required(["gdpr_requests.view_breach", "gdpr_requests.manage_breach"], raise_exception=True)


@reads
def register(request: SignedIn) -> HttpResponse:
    """Every breach, open ones first, then the newest."""
    rows = Breach.objects.order_by("-state", "-became_aware_at", "-number")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "gdpr_requests/breaches/register.html", {"page": page})


@manages
def new(request: SignedIn) -> HttpResponse:
    """Enter a breach; the clock starts."""
    form = BreachForm(request.POST or None, initial={"became_aware_at": now_local()})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.record_breach(values=form.cleaned_data, actor=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The breach is in the register and its 72 hours run."))
            return redirect("gdpr_requests:breach", made.pk)
    context = {"form": form, "heading": _("Record a breach"), "submit": _("Record")}
    return render(request, "gdpr_requests/breaches/form.html", context, status=422 if form.errors else 200)


@never_cache
@reads
def breach(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """One breach: where its clock stands, what is missing, what happened, its tasks and its history."""
    row = _row(pk)
    natures, categories = dict(Breach.Nature.choices), dict(DataCategory.choices)
    context = {
        "breach": row,
        "missing": services.missing(row),
        "natures": [natures.get(code, code) for code in row.natures],
        "categories": [categories.get(code, code) for code in row.categories],
        "tasks": Task.objects.open().filter(about_id=row.pk).select_related("assignee").order_by("due_on"),
        "history": history_of(row),
        "may_change": request.user.has_perm("gdpr_requests.manage_breach"),
        "linked": row.affected.count(),
    }
    return render(request, "gdpr_requests/breaches/breach.html", context)


@manages
def edit(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Write what became known since."""
    return _form_page(
        request,
        _row(pk),
        form_class=BreachForm,
        heading=_("Write more about the breach"),
        save=lambda row, values: services.change_breach(breach=row, values=values, actor=request.user),
    )


@manages
def assess(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """How high the risk is, and what is decided."""
    return _form_page(
        request,
        _row(pk),
        form_class=AssessForm,
        heading=_("Assess the risk and decide"),
        save=lambda row, values: services.assess_breach(breach=row, values=values, actor=request.user),
    )


@manages
def notified(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Note that the authority was notified."""
    row = _row(pk)
    initial = {"at": now_local(), "reference": row.authority_reference, "delay_reason": row.delay_reason}
    return _form_page(
        request,
        row,
        form_class=NotifiedForm,
        heading=_("The authority was notified"),
        initial=initial,
        save=lambda row, values: services.note_notified(breach=row, actor=request.user, **values),
    )


@manages
def told(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Note that the people were told."""
    return _form_page(
        request,
        _row(pk),
        form_class=ToldForm,
        heading=_("The people were told"),
        initial={"at": now_local()},
        save=lambda row, values: services.note_told(breach=row, actor=request.user, **values),
    )


@manages
@require_POST
def close(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Close the entry, or say what is missing."""
    try:
        services.close_breach(breach=_row(pk), actor=request.user)
        messages.success(request, _("The breach is closed."))
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    return redirect("gdpr_requests:breach", pk)


@manages
@require_POST
def reopen(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Open a closed entry again."""
    services.reopen_breach(breach=_row(pk), actor=request.user)
    messages.success(request, _("The breach is open again."))
    return redirect("gdpr_requests:breach", pk)


@never_cache
@reads
def notice(request: SignedIn, pk: uuid.UUID, kind: str) -> HttpResponse:
    """The draft of a notice, to be read and taken away."""
    row = _row(pk)
    context = {"breach": row, "draft": _draft(request, row, kind), "languages": (("cs", "Čeština"), ("en", "English"))}
    return render(request, "gdpr_requests/breaches/notice.html", context)


@never_cache
@reads
def notice_file(request: SignedIn, pk: uuid.UUID, kind: str, form: str) -> HttpResponse:
    """The same as a PDF or as plain text."""
    row = _row(pk)
    draft = _draft(request, row, kind)
    if form not in ("pdf", "txt"):
        raise Http404
    record("breach.drafted", actor=request.user, target=row, detail={"kind": kind, "form": form})
    is_pdf = form == "pdf"
    content = notices.notice_pdf(draft) if is_pdf else draft.text.encode()
    response = HttpResponse(content, content_type="application/pdf" if is_pdf else "text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.number}-{kind}.{form}"'
    return response


def _row(pk: uuid.UUID) -> Breach:
    return get_object_or_404(Breach, pk=pk)


def _draft(request: SignedIn, row: Breach, kind: str) -> notices.Notice:
    if kind not in notices.KINDS:
        raise Http404
    wanted = request.GET.get("language", "")
    language = wanted if wanted in ("cs", "en") else (get_language() or "cs")[:2]
    return notices.draft(row, kind, language)


def _form_page(
    request: SignedIn,
    row: Breach,
    *,
    form_class: type[forms.Form],
    heading: str,
    save: Callable[[Breach, dict[str, Any]], Breach],
    initial: dict[str, Any] | None = None,
) -> HttpResponse:
    """One form about a breach: validated, saved by a service, back to the breach."""
    start = initial if initial is not None else {name: getattr(row, name) for name in form_class.base_fields}
    form = form_class(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            save(row, form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("gdpr_requests:breach", row.pk)
    context = {"form": form, "heading": heading, "submit": _("Save"), "breach": row}
    return render(request, "gdpr_requests/breaches/form.html", context, status=422 if form.errors else 200)
