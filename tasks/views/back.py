"""The way back to the part of the list that somebody came from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from tasks.listing import state_of


def address_of_list(request: HttpRequest) -> str:
    """The list as it was left: its state travels as `back`, codes, ids and numbers only."""
    state = state_of(request.POST.get("back") or request.GET.get("back") or "")
    return reverse("tasks:list") + (f"?{state}" if state else "")


def came_from_list(request: HttpRequest) -> bool:
    """Whether the request says so."""
    return "back" in request.POST or "back" in request.GET


def to_list(request: HttpRequest) -> HttpResponseRedirect:
    """Back to the list as it was left."""
    return HttpResponseRedirect(address_of_list(request))
