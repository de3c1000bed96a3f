"""The import, step by step: the file, why, the columns, the run, the report."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from itertools import islice

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.current import current_user
from accounts.models import User
from audit.services import record
from consents.forms.ground import add_errors
from consents.models import Basis, Purpose
from contacts.models import Contact
from contacts.spreadsheet import download
from intake.batch import reading, services, undoing
from intake.batch.ground import as_json, check
from intake.batch.report import headers_of, reasons_of
from intake.forms_import import BatchConsentForm, BatchGroundForm, ColumnForm, OriginForm, ReadingForm, UploadForm
from intake.models import ImportBatch, ImportRow
from intake.parsing.problems import ImportProblem

imports = permission_required("contacts.import_contact", raise_exception=True)
State = ImportBatch.State


def steps() -> list[str]:
    return [_("File"), _("Why"), _("Columns"), _("Report")]


def get_batch_for(user: User, pk: uuid.UUID) -> ImportBatch:
    """A batch of the user's own; those who see all contacts see all batches. Raises Http404."""
    batches = ImportBatch.objects.select_related("purpose", "owner", "created_by")
    if not user.has_perm("contacts.view_all_contacts"):
        batches = batches.filter(created_by=user)
    batch = batches.filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


@imports
def start(request: HttpRequest) -> HttpResponse:
    """Bring a file, or look at earlier imports."""
    user = current_user(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = services.take_file(stream=file, name=file.name or "", actor=user)
        except ImportProblem as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("intake:batch", batch.pk)
    mine = ImportBatch.objects.select_related("purpose", "created_by")
    if not user.has_perm("contacts.view_all_contacts"):
        mine = mine.filter(created_by=user)
    page = Paginator(mine, 20).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "steps": steps()}
    return render(request, "intake/import.html", context, status=422 if form.errors else 200)


@imports
def batch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whatever comes next for this import."""
    found = get_batch_for(current_user(request), pk)
    if found.state == State.UPLOADED:
        slug = request.GET.get("purpose", "").replace("\x00", "")
        if not slug:
            context = {"batch": found, "purposes": Purpose.objects.active(), "steps": steps()}
            return render(request, "intake/import_why.html", context)
        return _decide(request, found, get_object_or_404(Purpose.objects.active(), slug=slug))
    return _report(request, found)


def _decide(request: HttpRequest, batch: ImportBatch, purpose: Purpose) -> HttpResponse:
    """Columns, source and ground, with a preview of the first contacts."""
    user = current_user(request)
    data = reading.content_of(batch)
    origin = OriginForm(request.POST or None, user=user, prefix="origin")
    ground = _ground_form(request, purpose)
    columns = _column_forms(request, batch, data)
    if request.method == "POST":
        valid = all([origin.is_valid(), ground.is_valid(), *[form.is_valid() for form, _h, _s in columns]])
        if all(form.is_valid() for form, _header, _samples in columns):
            _remember_columns(batch, [form for form, _header, _samples in columns])
        if valid and "preview" not in request.POST and _start(batch, purpose, origin, ground, user):
            return redirect("intake:batch", batch.pk)
    preview = [parsed for parsed, _cells in islice(reading.contacts_of(batch, data), reading.PREVIEWED)]
    context = {
        "batch": batch,
        "purpose": purpose,
        "origin": origin,
        "ground": ground,
        "columns": columns,
        "preview": preview,
        "reading": _reading_form(batch, data),
        "is_consent": purpose.basis == Basis.CONSENT,
        "steps": steps(),
    }
    failed = request.method == "POST" and "preview" not in request.POST
    return render(request, "intake/import_columns.html", context, status=422 if failed else 200)


def _ground_form(request: HttpRequest, purpose: Purpose) -> forms.Form:
    if purpose.basis == Basis.CONSENT:
        return BatchConsentForm(request.POST or None, purpose=purpose, prefix="ground")
    return BatchGroundForm(request.POST or None, purpose=purpose, prefix="ground")


def _reading_form(batch: ImportBatch, data: bytes) -> ReadingForm | None:
    if not batch.mapping:
        return None
    sheets = reading.table_of(batch, data).sheets
    return ReadingForm(initial=batch.options, sheets=sheets)


def _column_forms(request: HttpRequest, batch: ImportBatch, data: bytes) -> list[tuple[ColumnForm, str, list[str]]]:
    """For each column its form, its header and a few of its values."""
    if not batch.mapping:
        return []
    table = reading.table_of(batch, data)
    sample = table.sample(5)
    found = []
    for stored in batch.mapping:
        index = stored["index"]
        place = f"{stored['target']}:{stored['kind']}" if stored["kind"] else stored["target"]
        form = ColumnForm(request.POST or None, prefix=f"col{index}", initial={"place": place})
        known = {code for code, _label in form.fields["place"].choices}  # type: ignore[attr-defined]
        if place not in known:
            form.initial["place"] = stored["target"]
        header = table.headers[index] if index < len(table.headers) else ""
        values = [row.cells[index] for row in sample if index < len(row.cells) and row.cells[index]]
        found.append((form, header, [value[:60] for value in values[:3]]))
    return found


def _remember_columns(batch: ImportBatch, columns: list[ColumnForm]) -> None:
    decided = [{**stored, **form.stored} for stored, form in zip(batch.mapping, columns, strict=True)]
    if decided != batch.mapping:
        services.map_columns(batch=batch, mapping=decided)


def _start(batch: ImportBatch, purpose: Purpose, origin: OriginForm, ground: forms.Form, user: User) -> bool:
    try:
        check(purpose, ground.cleaned_data, origin.cleaned_data["source"])
    except ValidationError as error:
        add_errors(ground, error)
        return False
    try:
        services.start(
            batch=batch, purpose=purpose, ground=as_json(ground.cleaned_data), actor=user, **origin.cleaned_data
        )
    except ValidationError as error:
        origin.add_error(None, error)
        return False
    return True


@imports
@require_POST
def reread(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Read the file in another way."""
    found = get_batch_for(current_user(request), pk)
    options = {name: request.POST.get(name, "") for name in ("encoding", "delimiter", "sheet")}
    try:
        services.read_differently(batch=found, options=options)
    except ImportProblem as problem:
        messages.error(request, str(problem))
    target = redirect("intake:batch", pk)
    if purpose := request.POST.get("purpose"):
        target["Location"] += f"?purpose={purpose}" if purpose.replace("-", "").isalnum() else ""
    return target


@imports
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far the import is, as a fragment that asks for itself until the end."""
    found = get_batch_for(current_user(request), pk)
    answer = render(request, "intake/import_progress.html", {"batch": found})
    if not found.is_waiting:
        answer["HX-Refresh"] = "true"
    return answer


def _report(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """What came in, what did not and why, what may be double; and the way back."""
    rows = ImportRow.objects.filter(batch=batch)
    user = current_user(request)
    doubles = rows.filter(double_of__isnull=False, contact__isnull=False)
    visible = Contact.objects.visible_to(user)
    pairs = list(doubles.order_by("number").values_list("contact_id", "double_of_id")[:20])
    cards = {card.pk: card for card in visible.filter(pk__in=[pk for pair in pairs for pk in pair])}
    refused = Paginator(rows.filter(state=ImportRow.State.REFUSED).order_by("number"), 50)
    page = refused.get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page": page,
        "refused": [(row, reasons_of(row)) for row in page],
        "doubles": [(cards[new], cards[old]) for new, old in pairs if new in cards and old in cards],
        "doubles_total": doubles.count(),
        "problem": ImportProblem.from_dict(batch.problem) if batch.problem else None,
        "may_undo": undoing.may_undo(batch),
        "steps": steps(),
    }
    return render(request, "intake/import_report.html", context)


@imports
def refused(request: HttpRequest, pk: uuid.UUID) -> StreamingHttpResponse:
    """The refused rows with their reasons as CSV, to be corrected and brought again."""
    found = get_batch_for(current_user(request), pk)
    record("import.refused_downloaded", actor=current_user(request), target=found)
    return download("refused-rows.csv", _refused_rows(found))


def _refused_rows(batch: ImportBatch) -> Iterator[Sequence[object]]:
    yield [_("Row"), _("Why it was refused"), *headers_of(batch)]
    for row in ImportRow.objects.filter(batch=batch, state=ImportRow.State.REFUSED).order_by("number").iterator():
        yield [row.number, " ".join(reasons_of(row)), *(row.cells or [])]


@imports
@require_POST
def undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the whole import back."""
    found = get_batch_for(current_user(request), pk)
    try:
        removed, kept = undoing.undo(batch=found, actor=current_user(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = _("The import is undone. Cards removed: %(removed)s; kept because somebody worked with them: %(kept)s.")
        messages.success(request, text % {"removed": removed, "kept": kept})
    return redirect("intake:batch", pk)


@imports
@require_POST
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Throw away a file that was not imported."""
    found = get_batch_for(current_user(request), pk)
    try:
        services.discard(batch=found, actor=current_user(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("intake:batch", pk)
    messages.success(request, _("The file is thrown away."))
    return redirect("intake:import")
