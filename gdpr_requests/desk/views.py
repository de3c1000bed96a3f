"""The desk: the list of requests, a new one, and the page of each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.current import current_user
from audit.services import record
from contacts.access import get_contact_for
from gdpr_requests.desk.access import get_request_for
from gdpr_requests.desk.forms import EmailForm, RequestForm
from gdpr_requests.desk.listing import TABS, in_tab, tabs_of, waiting
from gdpr_requests.desk.one import page_of
from gdpr_requests.desk.services import open_request
from gdpr_requests.desk.taking_in import Prefilled, from_card, from_email
from gdpr_requests.erased import may_know
from gdpr_requests.models import Right
from intake.parsing.problems import ImportProblem

if TYPE_CHECKING:
    from accounts.models import User

PAGE = 30
reads = permission_required("gdpr_requests.view_datasubjectrequest", raise_exception=True)
handles = permission_required("gdpr_requests.handle_request", raise_exception=True)


@reads
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The requests by urgency: mine, all open ones, closed ones."""
    user = current_user(request)
    counts = waiting(user)
    tab = request.GET.get("tab") or ("mine" if counts.mine else "open")
    tab = tab if tab in TABS else "open"
    right = request.GET.get("right", "")
    context = {
        "tab": tab,
        "tabs": tabs_of(user, counts),
        "rights": [(code, label, code == right) for code, label in Right.choices],
        "right": right if right in Right.values else "",
        "page": Paginator(in_tab(user, tab, right), PAGE).get_page(request.GET.get("page")),
        "counts": counts,
        "may_know": may_know(user),
    }
    return render(request, "gdpr_requests/desk/list.html", context)


@never_cache
@handles
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a request down: empty, from a card (`?contact=`), or from an e-mail dropped here."""
    user = current_user(request)
    start, email = _beginning(request, user)
    is_sent = request.method == "POST" and email is None
    form = RequestForm(request.POST if is_sent else None, user=user, cards=start.cards, initial=start.initial)
    if is_sent and form.is_valid():
        made = open_request(**form.values, actor=user)
        messages.success(request, _("The request is written down. The clock runs."))
        return redirect("gdpr_requests:request", made.pk)
    email = email or EmailForm()
    context = {"form": form, "email": email, "was_read": bool(start.initial.get("text"))}
    return render(request, "gdpr_requests/desk/new.html", context, status=422 if form.errors or email.errors else 200)


def _beginning(request: HttpRequest, user: User) -> tuple[Prefilled, EmailForm | None]:
    """What the form begins with; and the form of the e-mail, where one was sent."""
    if request.method == "POST":
        if "eml" not in request.FILES and "read" not in request.POST:
            return Prefilled(), None
        email = EmailForm(request.POST, request.FILES)
        return _read(email, user), email
    card = _uuid_or_none(request.GET.get("contact", ""))
    if card is None:
        return Prefilled({"received_on": timezone.localdate()}), None
    return from_card(get_contact_for(user, card)), None


def _read(email: EmailForm, user: User) -> Prefilled:
    if email.is_valid():
        try:
            return from_email(email.cleaned_data["eml"].read(), user=user)
        except ImportProblem as problem:
            email.add_error("eml", str(problem.message))
    return Prefilled({"received_on": timezone.localdate()})


def _uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@never_cache
@reads
@require_GET
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request: where it stands, what comes next, its letters and its history."""
    user = current_user(request)
    found = get_request_for(user, pk)
    record("request.viewed", actor=user, contact_id=found.contact_id, target=found)
    return render(request, "gdpr_requests/desk/one.html", page_of(found, user))
