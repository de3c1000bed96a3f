"""Pages where an objection is noted, and where the officer records the balance (Art. 21)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from consents.access import get_contact_to_record
from consents.forms.objection import MARKETING, BalanceForm, ObjectionForm
from consents.models import EventKind, Objection, Purpose
from consents.services.evidence import record_with_evidence
from consents.services.objections import decide_objection, may_be_objected_to, object_to_processing
from contacts.access import get_contact_for
from contacts.models import Contact

if TYPE_CHECKING:
    from accounts.signed_in import SignedIn

weighs = permission_required("consents.weigh_objection", raise_exception=True)
ON_A_PAGE = 50


def object_to(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Note an objection: to marketing it acts at once and for ever, anything else is halted and weighed."""
    contact = get_contact_to_record(request.user, pk, even_restricted=True)
    marketing = Purpose.objects.filter(is_marketing=True).order_by("-is_active", "name").first()
    purposes = may_be_objected_to(contact)
    form = ObjectionForm(
        request.POST or None, request.FILES or None, purposes=purposes, has_marketing=marketing is not None
    )
    if request.method == "POST" and form.is_valid() and (marketing or purposes):
        chosen = next((purpose for purpose in purposes if purpose.slug == form.slug), None)
        try:
            said = _record(form, contact, chosen, marketing, request.user)
        except ValidationError as error:
            form.add_error("occurred_on", error.messages)
        else:
            messages.success(request, said)
            return redirect(contact)
    context = {"contact": contact, "form": form, "anything": marketing is not None or purposes}
    return render(request, "consents/object.html", context, status=422 if form.is_bound and form.errors else 200)


def _record(
    form: ObjectionForm, contact: Contact, chosen: Purpose | None, marketing: Purpose | None, user: User
) -> str:
    proof = {name: form.cleaned_data[name] for name in ("method", "reference", "file")}
    if chosen is not None and form.slug != MARKETING:
        object_to_processing(
            contact=contact,
            purpose=chosen,
            reason=form.cleaned_data["reason"],
            actor=user,
            occurred_at=form.moment,
            **proof,
        )
        return _("The objection is recorded. The processing is halted until the balance is recorded.")
    if marketing is None:
        raise ValidationError(_("There is no marketing purpose to object to."))
    record_with_evidence(
        contact=contact, purpose=marketing, kind=EventKind.OBJECTED, actor=user, occurred_at=form.moment, **proof
    )
    return _("The objection is recorded. No offers will reach these addresses.")


@weighs
def objections(request: SignedIn) -> HttpResponse:
    """Objections that wait for the balance, oldest first; below them those that were decided."""
    seen = Objection.objects.filter(subject__contact__in=Contact.objects.visible_to(request.user).values("pk"))
    rows = seen.select_related("key", "purpose", "subject__contact__key")
    page = Paginator(rows.order_by(F("decided_at").desc(nulls_first=True), "raised_at"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "consents/objections.html", {"page": page})


@weighs
def weigh(request: SignedIn, pk: uuid.UUID) -> HttpResponse:
    """Record the balance of one objection; a decided one is only shown."""
    row = get_object_or_404(Objection.objects.select_related("key", "purpose", "subject"), pk=pk)
    contact = get_contact_for(request.user, row.subject.contact_id)
    form = BalanceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decided = decide_objection(objection=row, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _said_of(decided))
            return redirect(contact)
    people: dict[uuid.UUID | None, str] = {
        user.pk: str(user) for user in User.objects.filter(pk__in=[row.recorded_by_id, row.decided_by_id])
    }
    context = {
        "objection": row,
        "contact": contact,
        "form": form,
        "recorded_by": people.get(row.recorded_by_id, ""),
        "decided_by": people.get(row.decided_by_id, ""),
    }
    return render(request, "consents/weigh.html", context, status=422 if form.errors else 200)


def _said_of(objection: Objection) -> str:
    if objection.outcome == Objection.Outcome.COMPELLING:
        return _("The balance is recorded: the processing goes on. Tell the person, with the reasons.")
    return _("The balance is recorded: the ground has ended. Tell the person.")
