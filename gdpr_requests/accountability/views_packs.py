"""Pages of the pack for an inspector: ask for it, watch it being made, take it away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.current import current_user
from gdpr_requests.accountability.pack.parts import PARTS
from gdpr_requests.accountability.pack.services import ask_for_pack, open_pack
from gdpr_requests.accountability.views_records import accounts_for, language
from gdpr_requests.models import InspectionPack

SHOWN = 20


@accounts_for
@require_http_methods(["GET", "HEAD", "POST"])
def packs(request: HttpRequest) -> HttpResponse:
    """GET: the packs and how far they are. POST: make one."""
    if request.method == "POST":
        ask_for_pack(actor=current_user(request), language=language())
        messages.success(request, _("The pack is being put together."))
        return redirect("gdpr_requests:packs")
    found = list(InspectionPack.objects.select_related("created_by")[:SHOWN])
    context = {"packs": found, "waiting": [pack for pack in found if pack.is_waiting], "parts": PARTS}
    return render(request, "gdpr_requests/accountability/packs.html", context)


@accounts_for
@require_safe
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far one is, as a fragment that asks again by itself."""
    pack = get_object_or_404(InspectionPack, pk=pk)
    return render(request, "gdpr_requests/accountability/pack_progress.html", {"pack": pack})


@accounts_for
@require_safe
def download(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    """The ZIP; 404 once its seven days are over."""
    pack = get_object_or_404(InspectionPack.objects.select_related("key"), pk=pk)
    try:
        content = open_pack(pack=pack, actor=current_user(request))
    except FileNotFoundError:
        raise Http404 from None
    response = StreamingHttpResponse(content, content_type="application/zip")
    response["Content-Length"] = str(pack.size)
    response["Content-Disposition"] = f'attachment; filename="inspection-{pack.created_at.date().isoformat()}.zip"'
    response["Cache-Control"] = "no-store"
    return response
