"""Pages of mailing lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.models import PostalAddress
from contacts.models.channels import on_one_line
from contacts.spreadsheet import download
from outreach.audience import Audience, audience
from outreach.forms import AudienceForm
from outreach.models import MailingList
from outreach.services import record_export

if TYPE_CHECKING:
    from accounts.signed_in import SignedIn


exports = permission_required("outreach.export_mailinglist", raise_exception=True)


@exports
def lists(request: SignedIn) -> HttpResponse:
    """Past lists, and the form of a new one with what the gate says of it."""
    form = AudienceForm(request.GET or None)
    found = None
    if form.is_bound and form.is_valid():
        found = audience(user=request.user, purpose=form.cleaned_data["purpose"], channel=form.cleaned_data["channel"])
    past = MailingList.objects.select_related("purpose", "created_by")
    page = Paginator(past, 20).get_page(request.GET.get("page"))
    return render(request, "outreach/lists.html", {"form": form, "audience": found, "page": page})


@exports
@require_POST
def export(request: SignedIn) -> HttpResponseBase:
    """Hand the list out as CSV. The gate is asked anew: between the look and the click a consent may have ended."""
    form = AudienceForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "audience": None, "page": Paginator(MailingList.objects.none(), 1).get_page(1)}
        return render(request, "outreach/lists.html", context, status=422)
    purpose, channel = form.cleaned_data["purpose"], form.cleaned_data["channel"]
    found = audience(user=request.user, purpose=purpose, channel=channel)
    record_export(purpose=purpose, channel=channel, audience=found, actor=request.user)
    return download(f"list-{purpose.slug}-{timezone.localdate()}.csv", _rows(found, channel))


def _rows(found: Audience, channel: str) -> Iterator[Sequence[object]]:
    yield [_("Contact name"), _("Salutation"), _("Address"), _("Language"), _("Why we may")]
    posts = _postal(found) if channel == "post" else {}
    for contact, address, answer in found.allowed:
        yield contact.display_name, contact.salutation, posts.get(address, address), contact.language, answer.reason


def _postal(found: Audience) -> dict[str, str]:
    ids = [address for _contact, address, _answer in found.allowed]
    rows = (
        row
        for start in range(0, len(ids), 500)
        for row in PostalAddress.objects.filter(pk__in=ids[start : start + 500])
    )
    return {str(row.pk): on_one_line(row) for row in rows}
