"""Retention: the rules and what will end, the dry run, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Installation
from accounts.reauth import reauthentication_required
from contacts.models import Contact
from gdpr_requests.erasure.runs import MAY_DECIDE, NothingToErase
from gdpr_requests.retention import proposals
from gdpr_requests.retention.forecast import forecast

if TYPE_CHECKING:
    from accounts.signed_in import SignedIn

PAGE = 50
MAY_READ = (MAY_DECIDE, "audit.view_auditevent")


@never_cache
@require_GET
def retention(request: SignedIn) -> HttpResponse:
    """What will end in the next twelve months, by month and by purpose, and how many have nothing left now."""
    _demand_reading(request)
    seen = Contact.objects.visible_to(request.user)
    context = {"forecast": forecast(seen), "dry": proposals.dry_run(seen)}
    return render(request, "gdpr_requests/retention/retention.html", context)


@never_cache
@require_GET
def dry(request: SignedIn) -> HttpResponse:
    """What an execution would do now: counts, and the contacts. Nothing is written."""
    _demand_reading(request)
    page = Paginator(proposals.listed(request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "dry": proposals.dry_run(Contact.objects.visible_to(request.user)),
        "standings": dict(proposals.Standing.choices),
        "four_eyes": Installation.current().four_eyes,
        "may_decide": request.user.has_perm(MAY_DECIDE),
    }
    return render(request, "gdpr_requests/retention/dry_run.html", context)


@permission_required(MAY_DECIDE, raise_exception=True)
@require_POST
@reauthentication_required
def execute(request: SignedIn) -> HttpResponseBase:
    """Decide it in one go; with four eyes the run waits for a second colleague."""
    try:
        run = proposals.execute(actor=request.user)
    except NothingToErase:
        messages.info(request, gettext("There is nobody to erase."))
        return redirect("gdpr_requests:retention_dry_run")
    if run.state == run.State.WAITING:
        messages.success(request, gettext("Planned. A second colleague has to approve it."))
    else:
        messages.success(request, gettext("The erasures have begun."))
    return redirect("gdpr_requests:run", run.pk)


def _demand_reading(request: SignedIn) -> None:
    if not any(request.user.has_perm(name) for name in MAY_READ):
        raise PermissionDenied
