"""Decisions of whoever answers for privacy: more time, a refusal, a request that was taken back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.current import current_user
from consents.forms.ground import add_errors
from gdpr_requests.desk.access import DECIDES, get_request_for
from gdpr_requests.desk.closing import plan_extension, plan_refusal, take_back
from gdpr_requests.desk.deadlines import extended_deadline
from gdpr_requests.desk.forms import ExtensionForm, RefusalForm
from gdpr_requests.desk.one import last_sent
from gdpr_requests.desk.services import answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say why two more months are needed; the notice comes next, and the extension begins when it has left."""
    user = current_user(request)
    found = get_request_for(user, pk, needs=DECIDES)
    form = ExtensionForm(request.POST if request.method == "POST" else None, initial={"reason": found.extension_reason})
    if request.method == "POST" and form.is_valid():
        try:
            plan_extension(request=found, reason=form.cleaned_data["reason"], actor=user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect("gdpr_requests:request_letter", found.pk, "extension")
    context = {"one": found, "form": form, "until": extended_deadline(found.received_on)}
    return render(request, "gdpr_requests/desk/extend.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose the ground of the law and write the reasons; the letter comes next, and closes the request."""
    user = current_user(request)
    found = get_request_for(user, pk, needs=DECIDES)
    initial = {
        "ground": found.refusal_ground,
        "reason": found.refusal_reason,
        "keeps": found.refusal_keeps,
        "until": found.refusal_until,
    }
    form = RefusalForm(request.POST if request.method == "POST" else None, about=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            plan_refusal(request=found, actor=user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect("gdpr_requests:request_letter", found.pk, "refusal")
    return render(
        request, "gdpr_requests/desk/refuse.html", {"one": found, "form": form}, status=422 if form.errors else 200
    )


@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close with a letter that left before: as answered, or as taken back by the person (`as=withdrawn`)."""
    user = current_user(request)
    found = get_request_for(user, pk, needs=DECIDES)
    letter = last_sent(found)
    ends = take_back if request.POST.get("as") == "withdrawn" else answer
    try:
        if letter is None:
            raise ValidationError(_("Without a letter that was sent, no request is closed."), code="unsent")
        ends(request=found, letter=letter, actor=user)
        messages.success(request, _("The request is closed."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("gdpr_requests:request", found.pk)
