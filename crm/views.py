"""Pages that no single room owns."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.current import current_user
from crm.overview import overview
from crm.reports import cards_for, report


def dashboard(request: HttpRequest) -> HttpResponse:
    """Where people land after signing in: what waits, what ends, what happened."""
    context = {"overview": overview(current_user(request)), "today": timezone.localdate()}
    return render(request, "crm/dashboard.html", context)


def reports(request: HttpRequest) -> HttpResponse:
    """Numbers over what the user may see, and the ways to the records behind them."""
    user = current_user(request)
    return render(request, "crm/reports.html", {"report": report(user), "cards": cards_for(user)})
