"""Files of a card: downloaded as files and never opened in the page, removed for good."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.current import current_user
from audit.services import record
from contacts.access import get_contact_for
from contacts.card import back_to
from contacts.models import StoredFile
from contacts.services.files import remove_file
from privacy.files import store


@require_safe
def download(request: HttpRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponseBase:
    """The file as it was given to us. Its type is not believed: browsers must not draw it on our address."""
    contact = get_contact_for(request.user, pk)
    row = get_object_or_404(StoredFile, pk=file, contact=contact)
    try:
        content = store.open(row.storage_name, key=row.key, row_id=row.pk)
    except FileNotFoundError:
        raise Http404 from None
    record("file.opened", actor=current_user(request), contact_id=contact.pk, target=row)
    answer = StreamingHttpResponse(content, content_type="application/octet-stream")
    answer["Content-Length"] = str(row.size)
    answer["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def remove(request: HttpRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    """Ask, then delete a file. It cannot be taken back: the bytes are gone."""
    contact = get_contact_for(request.user, pk, write=True)
    row = get_object_or_404(StoredFile, pk=file, contact=contact, is_evidence=False)
    if request.method == "POST":
        remove_file(file=row, actor=current_user(request))
        messages.success(request, _("The file is deleted."))
        return back_to(request, contact)
    return render(
        request, "contacts/remove.html", {"contact": contact, "title": _("Delete this file?"), "what": row.name}
    )
