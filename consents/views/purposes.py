"""Pages of purposes: what the company does with data, on which basis, for how long, and the texts it shows."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consents.forms.ground import add_errors
from consents.forms.purpose import BalancingTestForm, NoticeForm, PurposeForm
from consents.models import STEPS, BalancingTest, Consent, DataCategory, LegalGround, Purpose, State
from consents.periods import add_months
from consents.presets import begin_with_presets
from consents.services.purposes import (
    PurposeInUse,
    publish_notice,
    renew_balancing_test,
    save_balancing_test,
    save_purpose,
)
from contacts.collation import in_order

if TYPE_CHECKING:
    from accounts.signed_in import SignedIn


manages = permission_required("consents.manage_purpose", raise_exception=True)
reads = permission_required("consents.view_purpose", raise_exception=True)


@reads
def purposes(request: SignedIn) -> HttpResponse:
    """All purposes with how many grounds and valid consents rest on each."""
    # Counted apart: one query over both would multiply every ground by every consent.
    grounds = dict(_counts(LegalGround.objects.filter(ended_at__isnull=True)))
    consents = dict(_counts(Consent.objects.filter(state=State.GIVEN)))
    found = in_order(Purpose.objects.select_related("owner"), str)
    rows = [(purpose, grounds.get(purpose.pk, 0), consents.get(purpose.pk, 0)) for purpose in found]
    tests = in_order(BalancingTest.objects.newest().select_related("owner"), str)
    overdue = [test for test in tests if test.review_on < timezone.localdate()]
    context = {"purposes": rows, "tests": tests, "overdue": overdue}
    return render(request, "consents/purposes.html", context)


@require_POST
@manages
def begin_with_usual(request: SignedIn) -> HttpResponse:
    """The purposes that most companies have, for an installation that has none; each can be changed or left."""
    added = begin_with_presets(language=request.user.language, actor=request.user)
    if added:
        messages.success(request, _("The usual purposes are here. Read each one through: they are yours now."))
    else:
        messages.error(request, _("There are purposes already."))
    return redirect("consents:purposes")


def _counts(rows: Any) -> Any:
    return rows.order_by().values_list("purpose").annotate(n=Count("pk"))


@reads
def purpose(request: SignedIn, slug: str) -> HttpResponse:
    """One purpose as people read it, with every version of its texts."""
    row = get_object_or_404(Purpose.objects.select_related("owner", "balancing_test"), slug=slug)
    names = dict(DataCategory.choices)
    context = {
        "purpose": row,
        "notices": row.notices.order_by("language", "-version"),
        "categories": [names.get(code, code) for code in row.categories],
    }
    return render(request, "consents/purpose.html", context)


@manages
def edit(request: SignedIn, slug: str | None = None) -> HttpResponse:
    """Make or change a purpose."""
    row = get_object_or_404(Purpose, slug=slug) if slug else Purpose()
    form = PurposeForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_purpose(purpose=form.instance, actor=request.user, changed=form.changed_data)
        except PurposeInUse as held:
            for name in held.fields:
                form.add_error(name, _("Data are already held for this purpose; make another one."))
        else:
            messages.success(request, _("The purpose is saved."))
            return redirect("consents:purpose", slug=saved.slug)
    context = {"form": form, "slug": slug}
    return render(request, "consents/purpose_edit.html", context, status=422 if form.errors else 200)


@manages
def publish(request: SignedIn, slug: str) -> HttpResponse:
    """Put a new version of the text in force; earlier ones stay as they were shown."""
    row = get_object_or_404(Purpose, slug=slug)
    current = row.notices.order_by("-created_at").first()
    initial = {"language": current.language, "text": current.text} if current else None
    form = NoticeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        publish_notice(purpose=row, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The new text is in force."))
        return redirect("consents:purpose", slug=slug)
    context = {"form": form, "purpose": row, "current": current}
    return render(request, "consents/notice.html", context, status=422 if form.errors else 200)


@manages
def balancing_test(request: SignedIn, pk: uuid.UUID | None = None) -> HttpResponse:
    """Write a legitimate-interest assessment; of one that data are held on, a new version."""
    row = get_object_or_404(BalancingTest, pk=pk) if pk else BalancingTest(owner=request.user)
    earlier = row if row.is_used else None
    form = BalancingTestForm(request.POST or None, instance=_next_version(row) if earlier else row)
    if request.method == "POST" and form.is_valid() and _save_test(request, form, earlier):
        return redirect("consents:purposes")
    context = {"form": form, "pk": pk, "earlier": earlier}
    return render(request, "consents/balancing_test.html", context, status=422 if form.errors else 200)


def _next_version(row: BalancingTest) -> BalancingTest:
    """The words of a test to go on from, dated today and to be reviewed in a year."""
    today = timezone.localdate()
    words = {name: getattr(row, name) for name in ("name", *STEPS, "outcome", "owner")}
    return BalancingTest(**words, dated=today, review_on=add_months(today, 12))


def _save_test(request: SignedIn, form: BalancingTestForm, earlier: BalancingTest | None) -> bool:
    try:
        if earlier is None:
            save_balancing_test(test=form.instance, actor=request.user, changed=form.changed_data)
        else:
            renew_balancing_test(earlier=earlier, test=form.instance, actor=request.user)
    except ValidationError as refused:
        add_errors(form, refused)
        return False
    messages.success(request, _("The balancing test is saved."))
    return True
