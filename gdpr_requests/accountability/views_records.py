"""Pages of the record of processing, of the security measures, and of balancing tests as documents."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.current import current_user
from audit.services import record as note
from consents.models import BalancingTest
from gdpr_requests.accountability import measures
from gdpr_requests.accountability.forms import MeasureForm
from gdpr_requests.accountability.lia import assessment
from gdpr_requests.accountability.processing import Record, as_csv, as_json, document, record_of_processing
from gdpr_requests.export.people import summary_pdf
from gdpr_requests.models import SecurityMeasure

accounts_for = permission_required("gdpr_requests.view_inspectionpack", raise_exception=True)
manages = permission_required("consents.manage_purpose", raise_exception=True)
reads = permission_required("consents.view_purpose", raise_exception=True)

#: Form of the record -> how it is written and what it is.
FORMS: dict[str, tuple[Callable[[Record], bytes], str]] = {
    "pdf": (lambda record: summary_pdf(document(record)), "application/pdf"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}


def attachment(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to keep. Its name says nothing of any person."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def language() -> str:
    """The reader's language, one of those that documents are written in."""
    return "en" if get_language() == "en" else "cs"


@accounts_for
@require_safe
def processing(request: HttpRequest) -> HttpResponse:
    """The record of processing activities."""
    record = record_of_processing(language())
    incomplete = [one for one in record.activities if one.missing]
    context = {"record": record, "document": document(record), "incomplete": incomplete, "forms": FORMS}
    return render(request, "gdpr_requests/accountability/processing.html", context)


@accounts_for
@require_safe
def processing_file(request: HttpRequest, form: str) -> HttpResponse:
    """The record as a file."""
    if form not in FORMS:
        raise Http404
    write, media_type = FORMS[form]
    note("processing_record.downloaded", actor=current_user(request), detail={"form": form})
    name = f"record-of-processing-{timezone.localdate().isoformat()}.{form}"
    return attachment(write(record_of_processing(language())), media_type, name)


@manages
@require_safe
def measure_list(request: HttpRequest) -> HttpResponse:
    """All security measures, to be worded, left out or added to."""
    context = {"measures": measures.all_measures()}
    return render(request, "gdpr_requests/accountability/measures.html", context)


@manages
def measure(request: HttpRequest, which: str) -> HttpResponse:
    """Word one measure; "new" is one of the company's own."""
    row = SecurityMeasure() if which == "new" else measures.find_measure(which)
    if row is None:
        raise Http404
    initial = {"text": measures.text_of(row), "is_used": row.is_used}
    form = MeasureForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        measures.save_measure(row=row, actor=current_user(request), **form.cleaned_data)
        messages.success(request, _("The measure is saved."))
        return redirect("gdpr_requests:measures")
    context = {"form": form, "which": which}
    return render(request, "gdpr_requests/accountability/measure.html", context, status=422 if form.errors else 200)


@reads
@require_safe
def balancing_test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One balancing test as it stands."""
    test = get_object_or_404(BalancingTest.objects.select_related("owner", "replaces"), pk=pk)
    is_newest = not BalancingTest.objects.filter(replaces=test).exists()
    context = {"test": test, "document": assessment(test, language()), "is_newest": is_newest}
    context["is_overdue"] = is_newest and test.review_on < timezone.localdate()
    return render(request, "gdpr_requests/accountability/balancing_test.html", context)


@reads
@require_safe
def balancing_test_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same on paper."""
    test = get_object_or_404(BalancingTest.objects.select_related("owner", "replaces"), pk=pk)
    name = f"balancing-test-{test.dated.isoformat()}-v{test.version}.pdf"
    return attachment(summary_pdf(assessment(test, language())), "application/pdf", name)
