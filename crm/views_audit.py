"""Pages of the audit, for those who may read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.current import current_user
from accounts.models import User
from audit.models import AuditEvent
from audit.services import record
from contacts import spreadsheet
from contacts.models import Contact
from crm.audit_list import all_pages, lines, matching, page_of
from crm.audit_state import chain_state
from crm.forms_audit import AuditFilterForm

reads = permission_required("audit.view_auditevent", raise_exception=True)
# "2027-01-01" and the like are no numbers of an event: a page that makes no sense is the first one.
LONGEST_NUMBER = 18


@reads
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Who did what and who saw what, newest first."""
    user = current_user(request)
    form = AuditFilterForm(request.GET)
    if not form.is_valid():
        return _refused(request, form)
    wanted = form.wanted
    events, following = page_of(matching(wanted), _number(request.GET.get("before", "")))
    context: dict[str, Any] = {"lines": list(lines(events, user)), "following": following, "card": _card(user, wanted)}
    return _page(request, form, **context, by_contact="contact" in wanted)


def _page(request: HttpRequest, form: AuditFilterForm, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "crm/audit.html", {"form": form, "chain": chain_state(), **context}, status=status)


def _refused(request: HttpRequest, form: AuditFilterForm) -> HttpResponse:
    """A filter that makes no sense shows nothing: left out, it would show more than was asked for."""
    return _page(request, form, status=422, refused=True)


def _card(user: User, wanted: dict[str, Any]) -> Contact | None:
    return Contact.objects.visible_to(user).filter(pk=wanted["contact"]).first() if "contact" in wanted else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


@reads
@require_GET
def download(request: HttpRequest) -> HttpResponseBase:
    """The filtered record as CSV, whole; the record keeps that it was taken, how much of it and by which filters."""
    user = current_user(request)
    form = AuditFilterForm(request.GET)
    if not form.is_valid():
        return _refused(request, form)
    newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    # What comes to be from now on, this download's own line included, is not in the file.
    events = matching(form.wanted).filter(pk__lte=newest)
    detail: dict[str, int | str | UUID] = {"count": events.count(), **form.codes}
    record("audit.downloaded", actor=user, contact_id=form.wanted.get("contact"), detail=detail)
    language = translation.get_language()
    return spreadsheet.download(f"audit-{timezone.localdate()}.csv", _rows(events, user, language))


def _rows(events: Any, reader: User, language: str | None) -> Iterator[Sequence[object]]:
    """Names of contacts stay out: the file travels, and the ids lead to the cards for those who may see them."""
    with translation.override(language):
        head = [_("When"), _("Who"), _("What"), _("Card"), _("Details")]
    yield head
    for page in all_pages(events):
        # The file is written while it is sent, when the language of the request may be gone.
        with translation.override(language):
            rows = [_row(line) for line in lines(page, reader)]
        yield from rows


def _row(line: Any) -> Sequence[object]:
    when = timezone.localtime(line.event.at).isoformat(timespec="seconds")
    return when, line.who, line.what, line.event.contact_id or "", line.about
