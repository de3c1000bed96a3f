"""The list of contacts and the search."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.current import current_user
from accounts.models import User
from audit.services import record
from crm.contact_list import listing, matching
from crm.forms_contacts import ContactFilterForm

HITS = 8
views_contacts = permission_required("contacts.view_contact", raise_exception=True)


@views_contacts
def contacts(request: HttpRequest) -> HttpResponse:
    """The list. Filters stand in the address; what was searched for is sent in the body and stays out of history."""
    user = current_user(request)
    asked = request.POST if request.method == "POST" else request.GET
    form = ContactFilterForm(asked, user=user)
    wanted = form.wanted
    found = listing(user, matching(user, wanted), asked.get("page"))
    if wanted.get("q"):
        _record_search(user, found.page.paginator.count)
    context = {"form": form, "listing": found, "page": found.page, "searched": wanted.get("q", "")}
    answer = render(request, "crm/contacts.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@views_contacts
def search(request: HttpRequest) -> HttpResponse:
    """The search box of every page: the best hits as a fragment, or the list itself without script."""
    if not getattr(request, "htmx", False):
        return contacts(request)
    user = current_user(request)
    query = request.POST.get("q", "").strip()[:200]
    found = listing(user, matching(user, {"q": query}), 1) if query else None
    if found:
        _record_search(user, found.page.paginator.count)
    context = {"rows": found.rows[:HITS] if found else [], "total": found.page.paginator.count if found else 0}
    return render(request, "crm/hits.html", {**context, "query": query})


def _record_search(user: User, count: int) -> None:
    """That a search was made and how much it found; never what was typed."""
    record("contact.searched", actor=user, detail={"count": count})
