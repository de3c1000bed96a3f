"""The way back to the part of the list, or to the overview, that somebody came from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from accounts.current import current_user
from contacts.models import Contact
from tasks.listing import state_of
from tasks.models import Task

# What `back` says where somebody came from the overview; everything else is the state of the list.
OVERVIEW = "overview"


def address_of_list(request: HttpRequest) -> str:
    """The list as it was left: its state travels as `back`, codes, ids and numbers only. Or the overview."""
    back = request.POST.get("back") or request.GET.get("back") or ""
    if back == OVERVIEW:
        return reverse("crm:dashboard")
    state = state_of(back)
    return reverse("tasks:list") + (f"?{state}" if state else "")


def came_from_list(request: HttpRequest) -> bool:
    """Whether the request says so."""
    return "back" in request.POST or "back" in request.GET


def address_before(request: HttpRequest, task: Task) -> str:
    """The card, for those who came from it (`?card`) and may still see it; else the list as it was left."""
    if "card" in request.GET and sees_card(request, task):
        return reverse("crm:card", args=[task.contact_id])
    return address_of_list(request)


def sees_card(request: HttpRequest, task: Task) -> bool:
    """Whether the card that the task is about may be shown: a task can be given to somebody who may not see it."""
    return Contact.objects.visible_to(current_user(request)).filter(tasks=task.pk).exists()


def to_list(request: HttpRequest) -> HttpResponseRedirect:
    """Back to the list as it was left."""
    return HttpResponseRedirect(address_of_list(request))
