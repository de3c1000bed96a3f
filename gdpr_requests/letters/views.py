"""Pages of letters: what was written, writing one, the sheet, sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.current import current_user
from audit.services import record
from consents.forms.ground import add_errors
from gdpr_requests.letters import pages
from gdpr_requests.letters.document import letter_pdf
from gdpr_requests.letters.forms import LetterForm
from gdpr_requests.letters.places import Place, at_contact, at_request, place_of
from gdpr_requests.letters.register import get_letter_for
from gdpr_requests.letters.services import discard_letter, send_letter, take_back, write_letter
from gdpr_requests.models import Letter

if TYPE_CHECKING:
    from accounts.models import User

writes = permission_required("gdpr_requests.handle_request", raise_exception=True)
reads = permission_required("gdpr_requests.view_datasubjectrequest", raise_exception=True)


@reads
@require_GET
def of_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letters of a request, and which may be written."""
    return _index(request, at_request(current_user(request), pk))


@reads
@require_GET
def of_contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letters of a card, and which may be written."""
    return _index(request, at_contact(current_user(request), pk))


def _index(request: HttpRequest, place: Place) -> HttpResponse:
    return render(request, "gdpr_requests/letters/index.html", pages.index(place))


@never_cache
@writes
@require_http_methods(["GET", "HEAD", "POST"])
def write_for_request(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Write a letter that belongs to a request."""
    return _write(request, at_request(current_user(request), pk), kind)


@never_cache
@writes
@require_http_methods(["GET", "HEAD", "POST"])
def write_for_contact(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Write a letter from a card."""
    return _write(request, at_contact(current_user(request), pk), kind)


def _write(request: HttpRequest, place: Place, kind: str) -> HttpResponse:
    """GET: the filled wording, nothing saved. POST: save it and, by the button pressed, send it."""
    user = current_user(request)
    start = pages.beginning(place, kind, request.GET, user)
    form = LetterForm(request.POST or None, initial=start.initial)
    if request.method == "POST" and form.is_valid():
        letter = _saved(form, user, **start.arguments)
        if letter is not None:
            return _after(request, letter, form.via)
    context = {"form": form, "place": place, "start": start}
    return render(request, "gdpr_requests/letters/write.html", context, status=422 if form.errors else 200)


@never_cache
@writes
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct a draft."""
    user = current_user(request)
    letter = get_letter_for(user, pk)
    if not letter.is_draft:
        return redirect("gdpr_requests:letter", letter.pk)
    form = LetterForm(request.POST or None, initial=pages.initial_of(letter))
    if request.method == "POST" and form.is_valid():
        saved = _saved(form, user, letter=letter)
        if saved is not None:
            return _after(request, saved, form.via)
    context = {"form": form, "place": place_of(letter), "letter": letter}
    return render(request, "gdpr_requests/letters/write.html", context, status=422 if form.errors else 200)


def _saved(form: LetterForm, user: User, **arguments: Any) -> Letter | None:
    try:
        return write_letter(values=form.values, via=form.via, actor=user, **arguments)
    except ValidationError as error:
        add_errors(form, error)
        return None


def _after(request: HttpRequest, letter: Letter, via: str) -> HttpResponse:
    words = {
        "": gettext("The letter is saved as a draft."),
        Letter.Via.EMAIL: gettext("The letter is on its way."),
    }
    messages.success(request, words.get(via) or gettext("The letter is noted as sent."))
    if via and letter.request_id is not None:
        # The request says what comes next, and whether the letter arrived at the mail server.
        return redirect("gdpr_requests:request", letter.request_id)
    return redirect("gdpr_requests:letter", letter.pk)


@never_cache
@reads
@require_GET
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One letter as it reads, and what became of it."""
    user = current_user(request)
    found = get_letter_for(user, pk)
    record("letter.opened", actor=user, contact_id=found.contact_id, target=found)
    return render(request, "gdpr_requests/letters/letter.html", pages.one(found))


@never_cache
@reads
@require_GET
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter as PDF, to look at or to print."""
    user = current_user(request)
    found = get_letter_for(user, pk)
    record("letter.opened", actor=user, contact_id=found.contact_id, target=found)
    response = HttpResponse(letter_pdf(found), content_type="application/pdf")
    # The name says nothing of the person: it stays in the list of downloads.
    response["Content-Disposition"] = f'inline; filename="{pages.file_name(found)}"'
    return response


@writes
@require_POST
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send by e-mail, or note that it was sent otherwise (`via`)."""
    user = current_user(request)
    found = get_letter_for(user, pk)
    via = request.POST.get("via", "")
    if via not in Letter.Via.values:
        raise Http404
    try:
        send_letter(letter=found, via=via, actor=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("gdpr_requests:letter", found.pk)
    return _after(request, found, via)


@writes
@require_POST
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make what could not be delivered a draft again."""
    user = current_user(request)
    try:
        found = take_back(letter=get_letter_for(user, pk), actor=user)
    except ValidationError:
        raise Http404 from None
    return redirect("gdpr_requests:letter_edit" if found.is_draft else "gdpr_requests:letter", found.pk)


@writes
@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away."""
    user = current_user(request)
    found = get_letter_for(user, pk)
    place = place_of(found)
    try:
        discard_letter(letter=found, actor=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("gdpr_requests:letter", found.pk)
    messages.success(request, gettext("The draft is thrown away."))
    return redirect(place.index)
