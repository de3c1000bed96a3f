"""Delete: what would go and what stays, then the erasure itself; and the certificates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.current import current_user
from accounts.models import Installation
from accounts.reauth import reauthentication_required
from audit.services import record
from contacts.access import get_contact_for
from contacts.models import Contact
from gdpr_requests.desk.listing import tabs_of
from gdpr_requests.desk.services import mark_worked
from gdpr_requests.erased import may_know
from gdpr_requests.erasure.certificate import certificate_of, certificate_pdf
from gdpr_requests.erasure.decisions import decisions_of, grounds_of
from gdpr_requests.erasure.plan import plan_of
from gdpr_requests.forms import EraseForm
from gdpr_requests.models import DataSubjectRequest, ErasureItem, LegalHold
from gdpr_requests.services.erase import erase_contact

PAGE = 50


@never_cache
@permission_required(["gdpr_requests.erase_contact", "contacts.change_contact"], raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def erase(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """GET: the preview. POST: the erasure. A restricted card may be erased: the person's right goes on (Art. 18(2)).

    `?request=` names the request that it answers.
    """
    user = current_user(request)
    contact = get_contact_for(user, pk)
    form = EraseForm(request.POST or None, initial={"request": uuid_or_none(request.GET.get("request", ""))})
    if request.method == "POST" and form.is_valid():
        return _erased(request, contact, form)
    record("erasure.previewed", actor=user, contact_id=contact.pk)
    return render(request, "gdpr_requests/erase.html", {"contact": contact, "form": form, **_preview(contact)})


def _erased(request: HttpRequest, contact: Contact, form: EraseForm) -> HttpResponse:
    user, reason = current_user(request), form.cleaned_data["reason"]
    # Only a request about this very card is answered by its erasure.
    asked = DataSubjectRequest.objects.visible_to(user).filter(pk=form.cleaned_data["request"], contact=contact).first()
    item = erase_contact(pk=contact.pk, reason=reason, actor=user, request_id=asked.pk if asked else None)
    if item.state == ErasureItem.State.HELD:
        words = gettext("A legal hold keeps the card. It will be erased by itself when the hold ends.")
        messages.info(request, words)
        return redirect("crm:card", contact.pk)
    messages.success(request, gettext("Everything about the person was erased."))
    if asked is not None:
        mark_worked(request=asked, actor=user, what="erased")
        return redirect("gdpr_requests:request", asked.pk)
    return redirect("gdpr_requests:certificate", item.certificate)


def _preview(contact: Contact) -> dict[str, Any]:
    plan = plan_of(contact)
    holds = LegalHold.objects.filter(contact=contact).in_force().order_by("-until")
    return {
        "plan": plan,
        "request_years": Installation.current().request_years,
        "decisions": decisions_of(plan),
        "grounds": grounds_of(plan),
        "held_until": holds.values_list("until", flat=True).first(),
    }


def uuid_or_none(text: str) -> UUID | None:
    """An id from an address; anything else is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


@require_GET
def erasures(request: HttpRequest) -> HttpResponse:
    """Erasures with their certificates, newest first."""
    _demand_knowing(request)
    erased = ErasureItem.objects.filter(state=ErasureItem.State.ERASED).order_by("-erased_at", "-certificate")
    page = Paginator(erased, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "tab": "erasures", "tabs": tabs_of(current_user(request)), "may_know": True}
    return render(request, "gdpr_requests/desk.html", context)


@require_GET
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """One certificate."""
    item = _item(request, number)
    return render(request, "gdpr_requests/certificate.html", {"item": item, "certificate": certificate_of(item)})


@require_GET
def certificate_file(request: HttpRequest, number: str) -> HttpResponse:
    """The same as a PDF."""
    response = HttpResponse(certificate_pdf(_item(request, number)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    return response


def _item(request: HttpRequest, number: str) -> ErasureItem:
    _demand_knowing(request)
    return get_object_or_404(ErasureItem.objects.select_related("run"), certificate=number)


def _demand_knowing(request: HttpRequest) -> None:
    if not may_know(request.user):
        raise PermissionDenied
