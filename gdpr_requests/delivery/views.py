"""Pages of deliveries: the review before a copy leaves, the copy that waits, and the person's own page."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.current import current_user
from accounts.models import Installation
from accounts.throttle import Limit, client_address
from audit.services import record
from contacts.access import get_contact_for
from contacts.models import Contact
from gdpr_requests.delivery.forms import CodeForm, HandOverForm
from gdpr_requests.delivery.services import DeliveryEnded, WrongCode, fetch, link_of, prepare, revoke, waiting_for
from gdpr_requests.desk.access import asked_of
from gdpr_requests.desk.services import mark_worked
from gdpr_requests.export.archive import MEDIA_TYPE
from gdpr_requests.export.collect import Variant, gather
from gdpr_requests.export.document import language_of
from gdpr_requests.export.review import places
from gdpr_requests.models import CopyDelivery, DataSubjectRequest, LetterKind

# Somebody who tries links at random, from one machine.
STRANGERS = Limit("copy link", 30)


@never_cache
@permission_required("contacts.export_contact", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET: every text and file of the copy, to be looked through. POST: the copy is made and waits behind a link."""
    contact = get_contact_for(request.user, pk)
    named = request.POST.get("request") or request.GET.get("request", "")
    asked = asked_of(named, contact=contact, user=current_user(request))
    variant = _variant(request.GET.get("variant") or (asked and asked.right))
    form = HandOverForm(request.POST if request.method == "POST" else None, initial={"variant": variant})
    if request.method == "POST" and form.is_valid():
        made = prepare(
            contact=contact,
            variant=form.cleaned_data["variant"],
            choices=form.choices,
            actor=current_user(request),
            request=asked,
            days=form.cleaned_data["days"],
        )
        if asked is not None:
            mark_worked(request=asked, actor=current_user(request), what="exported")
        return redirect("gdpr_requests:delivery", contact.pk, made.pk)
    return _review(request, contact, form, asked)


def _review(
    request: HttpRequest, contact: Contact, form: HandOverForm, asked: DataSubjectRequest | None
) -> HttpResponse:
    variant = _variant(form.data.get("variant") or form.initial.get("variant"))
    record("contact.shown", actor=current_user(request), contact_id=contact.pk)
    with translation.override(language_of(contact)):
        found = places(gather(contact, variant))
    chosen = form.choices
    context = {
        "contact": contact,
        "form": form,
        "variant": variant,
        "places": [(place, chosen.get(place.id, place.proposed)) for place in found],
        "marked": sum(bool(place.marks) for place in found),
        "request_id": asked.pk if asked else "",
    }
    return render(request, "gdpr_requests/delivery/hand_over.html", context, status=422 if form.errors else 200)


def _variant(value: object) -> Variant:
    return Variant.PORTABLE if value == Variant.PORTABLE else Variant.COMPLETE


@never_cache
@permission_required("contacts.export_contact", raise_exception=True)
def delivery(request: HttpRequest, pk: UUID, delivery: UUID) -> HttpResponse:
    """One copy that waits: its link, its code, and what became of it."""
    contact = get_contact_for(request.user, pk)
    row = get_object_or_404(CopyDelivery, pk=delivery, contact=contact)
    context = {
        "contact": contact,
        "delivery": row,
        "link": link_of(row),
        "code": f"{row.code[:4]} {row.code[4:]}",
        "letter_url": _letter_url(row),
    }
    return render(request, "gdpr_requests/delivery/delivery.html", context)


def _letter_url(row: CopyDelivery) -> str:
    """Where the letter is written that brings the link: of the request that asked for the copy, or of the card."""
    kind = LetterKind.PORTABILITY if row.variant == CopyDelivery.Variant.PORTABLE else LetterKind.ACCESS
    if row.request_id:
        return reverse("gdpr_requests:request_letter", args=[row.request_id, kind])
    return reverse("gdpr_requests:contact_letter", args=[row.contact_id, kind])


@permission_required("contacts.export_contact", raise_exception=True)
@require_POST
def end(request: HttpRequest, pk: UUID, delivery: UUID) -> HttpResponse:
    """End the link at once and delete the copy."""
    contact = get_contact_for(request.user, pk)
    row = get_object_or_404(CopyDelivery, pk=delivery, contact=contact)
    revoke(delivery=row, actor=current_user(request))
    messages.success(request, gettext("The link has ended and the copy is deleted."))
    return redirect("gdpr_requests:delivery", contact.pk, row.pk)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def my_copy(request: HttpRequest, token: str) -> HttpResponseBase:
    """The person's page: a field for the code. It says nothing of whose copy it is."""
    if STRANGERS.reached(client_address(request)):
        raise Http404
    try:
        row = waiting_for(token)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            # The page speaks the language of the copy, until its reader chooses another.
            translation.activate(row.language)
        form = CodeForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return _open(token, form)
    except DeliveryEnded:
        STRANGERS.add(client_address(request))
        return render(request, "gdpr_requests/delivery/ended.html", _company(), status=404)
    except WrongCode as error:
        _refuse(form, error.left)
        if not error.left:
            return render(request, "gdpr_requests/delivery/ended.html", _company(), status=404)
    context = {**_company(), "form": form, "ends_at": row.ends_at}
    return render(request, "gdpr_requests/delivery/my_copy.html", context, status=422 if form.errors else 200)


def _company() -> dict[str, str]:
    own = Installation.current()
    return {"company": own.name, "company_email": own.email, "company_phone": own.phone}


def _refuse(form: CodeForm, left: int) -> None:
    words = ngettext(
        "That is not the code. You can try once more.", "That is not the code. You can try %(left)d more times.", left
    )
    form.add_error("code", words % {"left": left})


def _open(token: str, form: CodeForm) -> StreamingHttpResponse:
    row, chunks = fetch(token=token, code=form.cleaned_data["code"])
    with translation.override(row.language):
        name = gettext("personal-data")
    answer = StreamingHttpResponse(chunks, content_type=MEDIA_TYPE)
    answer["Content-Length"] = str(row.size)
    answer["Content-Disposition"] = (
        f'attachment; filename="{name}-{timezone.localdate(row.created_at).isoformat()}.zip"'
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
