"""Show: everything on one page, and the download."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.current import current_user
from contacts.access import get_contact_for
from contacts.models import Contact
from gdpr_requests.export.archive import MEDIA_TYPE, archive
from gdpr_requests.export.document import Copy, language_of
from gdpr_requests.services.access import export_contact, show_contact


@never_cache
@permission_required("contacts.export_contact", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """GET: everything on one page. POST: the same as a ZIP, in the person's language."""
    user = current_user(request)
    contact = get_contact_for(user, pk)
    if request.method == "POST":
        return _download(export_contact(contact=contact, actor=user))
    return _page(request, contact, show_contact(contact=contact, actor=user, language=get_language() or "cs"))


def _page(request: HttpRequest, contact: Contact, copy: Copy) -> HttpResponse:
    context = {
        "contact": contact,
        "document": copy.document,
        "deliveries": list(contact.deliveries.all()[:10]),
        "file_count": len(copy.collected.files),
        "language_name": {"cs": gettext("in Czech"), "en": gettext("in English")}[language_of(contact)],
    }
    return render(request, "gdpr_requests/export.html", context)


def _download(copy: Copy) -> StreamingHttpResponse:
    """The name of the file says nothing of the person: it stays in the list of downloads."""
    with override(copy.language):
        name = gettext("personal-data")
    response = StreamingHttpResponse(archive(copy), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate().isoformat()}.zip"'
    response["X-Accel-Buffering"] = "no"
    return response
