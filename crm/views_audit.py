"""Pages of the audit, for those who may read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.current import current_user
from accounts.models import User
from audit.models import AuditEvent, AuditLink
from audit.services import record
from contacts import spreadsheet
from contacts.models import Contact
from crm.audit_list import lines, matching, page_of
from crm.forms_audit import AuditFilterForm

reads = permission_required("audit.view_auditevent", raise_exception=True)
MOST_LINES = 100_000
# "2027-01-01" and the like are no numbers of an event: a page that makes no sense is the first one.
LONGEST_NUMBER = 18


@reads
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Who did what and who saw what, newest first."""
    user = current_user(request)
    form = AuditFilterForm(request.GET or None)
    wanted = form.wanted if form.is_bound else {}
    events, following = page_of(matching(wanted), _number(request.GET.get("before", "")))
    card = Contact.objects.visible_to(user).filter(pk=wanted["contact"]).first() if "contact" in wanted else None
    context = {
        "form": form,
        "lines": list(lines(events, user)),
        "following": following,
        "card": card,
        "by_contact": "contact" in wanted,
        "linked": AuditLink.objects.order_by("-position").first(),
    }
    return render(request, "crm/audit.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


@reads
@require_GET
def download(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered record as CSV, and a line in the record that it was taken."""
    user = current_user(request)
    form = AuditFilterForm(request.GET or None)
    events = matching(form.wanted if form.is_bound else {}).order_by("-pk")[:MOST_LINES]
    record("audit.downloaded", actor=user)
    return spreadsheet.download(f"audit-{timezone.localdate()}.csv", _rows(list(events), user))


def _rows(events: list[AuditEvent], reader: User) -> Iterator[Sequence[object]]:
    """Names of contacts stay out: the file travels, and the ids lead to the cards for those who may see them."""
    yield [_("When"), _("Who"), _("What"), _("Card"), _("Details")]
    for line in lines(events, reader):
        when = timezone.localtime(line.event.at).isoformat(timespec="seconds")
        yield when, line.who, line.what, line.event.contact_id or "", line.about
