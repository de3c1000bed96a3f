"""What is done about one request: who asks, whose card it is, who handles it, the note, and that it is done."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.current import current_user
from contacts.models import Contact
from gdpr_requests.desk.access import DECIDES, HANDLES, get_request_for
from gdpr_requests.desk.forms import AssignForm, CardForm, DoubtForm, IdentityForm, NoteForm
from gdpr_requests.desk.services import (
    ask_identity,
    assign_request,
    check_identity,
    link_contact,
    mark_worked,
    write_note,
)
from gdpr_requests.models import DataSubjectRequest

MOST_FOUND = 20


def _back(request: HttpRequest, found: DataSubjectRequest) -> HttpResponse:
    return redirect("gdpr_requests:request", found.pk)


def _tried(request: HttpRequest, change: Callable[[], object], said: str) -> bool:
    """Whether the change went through; what speaks against it is said at the top of the page."""
    try:
        change()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, said)
    return True


@require_POST
def identity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note how it was made sure who asks."""
    user = current_user(request)
    found = get_request_for(user, pk, needs=HANDLES)
    form = IdentityForm(request.POST, about=found)
    if form.is_valid():
        method = form.cleaned_data["method"]
        _tried(request, lambda: check_identity(request=found, method=method, actor=user), _("The identity is checked."))
    else:
        messages.error(request, _("Choose how the identity was checked."))
    return _back(request, found)


@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that there are doubts, and go on to the letter that asks."""
    user = current_user(request)
    found = get_request_for(user, pk, needs=HANDLES)
    form = DoubtForm(request.POST)
    doubt = form.cleaned_data["doubt"] if form.is_valid() else ""
    said = _("Write what would be enough. The clock goes on.")
    if _tried(request, lambda: ask_identity(request=found, doubt=doubt, actor=user), said):
        return redirect("gdpr_requests:request_letter", found.pk, "identity")
    return _back(request, found)


@require_POST
def assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give it to a colleague."""
    user = current_user(request)
    found = get_request_for(user, pk, needs=DECIDES)
    form = AssignForm(request.POST)
    if form.is_valid():
        assignee = form.cleaned_data["assignee"]
        said = _("%(colleague)s handles it from now on.") % {"colleague": assignee}
        _tried(request, lambda: assign_request(request=found, assignee=assignee, actor=user), said)
    return _back(request, found)


@require_POST
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the note."""
    user = current_user(request)
    found = get_request_for(user, pk, needs=HANDLES)
    form = NoteForm(request.POST)
    if form.is_valid():
        write_note(request=found, note=form.cleaned_data["note"], actor=user)
        messages.success(request, _("The note is saved."))
    return _back(request, found)


@require_POST
def done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that what was asked for is done; the answer is next."""
    user = current_user(request)
    found = get_request_for(user, pk, needs=HANDLES)
    _tried(request, lambda: mark_worked(request=found, actor=user, what="done"), _("Done. Now write the answer."))
    return _back(request, found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look for the card of the person; POST with `contact` links it, with an empty one says that there is none."""
    user = current_user(request)
    found = get_request_for(user, pk, needs=HANDLES)
    form = CardForm(request.POST or None, initial={"q": found.requester_name})
    if request.method == "POST" and "contact" in request.POST:
        chosen = form.chosen(user)
        said = _("The card is linked.") if chosen else _("Nobody found: the answer says so.")
        _tried(request, lambda: link_contact(request=found, contact=chosen, actor=user), said)
        return _back(request, found)
    query = form.cleaned_data["q"] if form.is_valid() else found.requester_name
    hits = list(Contact.objects.visible_to(user).matching(query).order_by("-created_at")[:MOST_FOUND])
    context = {"one": found, "form": form, "hits": hits}
    return render(request, "gdpr_requests/desk/card.html", context)
