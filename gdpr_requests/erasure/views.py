"""Erasures of many cards: their list, the progress of one, and the second colleague's decision. What the law keeps."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.current import current_user
from accounts.reauth import reauthentication_required
from gdpr_requests.erased import may_know
from gdpr_requests.erasure.overview import kept_by_law, progress_of, recent_runs
from gdpr_requests.erasure.runs import MAY_DECIDE, approve_run, may_decide, refuse_run, retry_run
from gdpr_requests.models import ErasureRun

PAGE = 50
decides = permission_required(MAY_DECIDE, raise_exception=True)


@never_cache
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """Erasures of several cards, newest first."""
    _demand_knowing(request)
    page = Paginator(recent_runs(), PAGE).get_page(request.GET.get("page"))
    return render(request, "gdpr_requests/erasure/runs.html", {"page": page})


@never_cache
@require_GET
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One run: how far it is, and what did not go through. As a fragment: the progress alone."""
    _demand_knowing(request)
    user, found = current_user(request), get_object_or_404(ErasureRun, pk=pk)
    context = {
        "run": found,
        "progress": progress_of(found, user),
        "may_decide": may_decide(user, found),
        "may_refuse": user.has_perm(MAY_DECIDE),
    }
    is_fragment = getattr(request, "htmx", False)
    return render(request, f"gdpr_requests/erasure/{'_progress' if is_fragment else 'run'}.html", context)


@decides
@require_POST
@reauthentication_required
def approve(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The second colleague agrees: the erasures begin."""
    approve_run(run=get_object_or_404(ErasureRun, pk=pk), actor=current_user(request))
    messages.success(request, gettext("Approved. The erasures have begun."))
    return redirect("gdpr_requests:run", pk)


@decides
@require_POST
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """None of it happens."""
    refuse_run(run=get_object_or_404(ErasureRun, pk=pk), actor=current_user(request))
    messages.success(request, gettext("Refused. Nobody is erased."))
    return redirect("gdpr_requests:run", pk)


@decides
@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try again what failed."""
    count = retry_run(run=get_object_or_404(ErasureRun, pk=pk), actor=current_user(request))
    words = ngettext("%(count)d erasure is tried again.", "%(count)d erasures are tried again.", count)
    messages.success(request, words % {"count": count})
    return redirect("gdpr_requests:run", pk)


@never_cache
@permission_required("audit.view_auditevent", raise_exception=True)
@require_GET
def retained(request: HttpRequest) -> HttpResponse:
    """What legal duties keep of erased people: counts and ends, nobody's data."""
    return render(request, "gdpr_requests/erasure/retained.html", {"kept": kept_by_law()})


def _demand_knowing(request: HttpRequest) -> None:
    if not may_know(request.user):
        raise PermissionDenied
