"""The officer's page of addresses to leave alone: counts, days and codes, and one address by its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from audit.services import record
from consents.forms.suppression import LookUpForm, OptInForm
from consents.models import Suppression
from consents.services.ledger import Evidence
from consents.services.opt_in import found_for, lift_by_opt_in

if TYPE_CHECKING:
    from accounts.signed_in import SignedIn

manages = permission_required("consents.manage_suppression", raise_exception=True)
ON_A_PAGE = 50


@manages
def suppressions(request: SignedIn) -> HttpResponse:
    """GET: the list without an address. POST: what is known of one address; asking is recorded, the address is not."""
    form = LookUpForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        address = form.cleaned_data["address"]
        found = found_for(address)
        record("suppression.looked_up", actor=request.user, detail={"count": len(found)})
        context |= {"asked": address, "found": found}
        if found:
            context["opt_in"] = OptInForm(initial={"address": address}, auto_id="lift_%s")
    return _page(request, context)


@require_POST
@manages
def opt_in(request: SignedIn) -> HttpResponse:
    """Lift an address by the person's own confirmed opt-in."""
    form = OptInForm(request.POST, auto_id="lift_%s")
    if form.is_valid():
        values = form.cleaned_data
        evidence = Evidence(method=values["method"], reference=values["reference"])
        try:
            count = lift_by_opt_in(
                address=values["address"],
                purpose=values["purpose"],
                evidence=evidence,
                actor=request.user,
                occurred_at=form.moment,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            said = ngettext("%(count)d entry is lifted.", "%(count)d entries are lifted.", count)
            messages.success(request, said % {"count": count})
            return redirect("consents:suppressions")
    address = request.POST.get("address", "").replace("\x00", "")[:254]
    context = {"form": LookUpForm(initial={"address": address}), "asked": address, "found": found_for(address)}
    return _page(request, {**context, "opt_in": form}, status=422)


def _page(request: SignedIn, context: dict[str, Any], status: int = 200) -> HttpResponse:
    counts = Suppression.objects.values("reason", "scope").annotate(n=Count("pk"), next=Min("ends_on"))
    rows = Suppression.objects.select_related("purpose").order_by("-created_at", "pk")
    context |= {
        "counts": [
            (Suppression.Reason(row["reason"]).label, Suppression.Scope(row["scope"]).label, row["n"], row["next"])
            for row in counts.order_by("reason", "scope")
        ],
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
    }
    wrong = context["form"].is_bound and context["form"].errors
    return render(request, "consents/suppressions.html", context, status=422 if wrong else status)
