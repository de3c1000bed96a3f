"""Pages that no single room owns."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def dashboard(request: HttpRequest) -> HttpResponse:
    """Where people land after signing in."""
    return render(request, "crm/dashboard.html")
