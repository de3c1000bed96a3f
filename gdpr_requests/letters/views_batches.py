"""Informing everybody of one import (Art. 14)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from accounts.current import current_user
from gdpr_requests.letters.batches import ask_to_inform, standing
from gdpr_requests.letters.preview import preview
from gdpr_requests.letters.templates import template_for
from gdpr_requests.models import LetterKind
from intake.views_import import get_batch_for


@permission_required(["contacts.import_contact", "gdpr_requests.handle_request"], raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def inform(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET: how many were informed and how the letter reads. POST: write to all who were not and have an e-mail."""
    user = current_user(request)
    batch = get_batch_for(user, pk)
    if request.method == "POST":
        ask_to_inform(batch=batch, actor=user)
        messages.success(request, gettext("The letters are being written."))
        return redirect("gdpr_requests:inform_batch", batch.pk)
    row = template_for(LetterKind.INDIRECT, (get_language() or "cs")[:2])
    context = {
        "batch": batch,
        "standing": standing(batch, user),
        "preview": preview(row.kind, row.language, subject=row.subject, body=row.body),
        "language": row.language,
    }
    return render(request, "gdpr_requests/letters/inform.html", context)
