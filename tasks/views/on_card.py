"""Tasks as they are worked on from the card: written, ticked off, and taken up again."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.current import current_user
from contacts.access import get_contact_for
from contacts.card import back_to
from tasks.access import get_task_for
from tasks.forms import TaskForm
from tasks.models import Task
from tasks.services import create_task, finish_task, reopen_task
from tasks.views.back import came_from_list, sees_card, to_list


def new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A task about the contact."""
    user = current_user(request)
    contact = get_contact_for(user, pk)
    if not user.has_perm("tasks.add_task"):
        raise PermissionDenied
    form = TaskForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        title, day = form.cleaned_data["title"], form.cleaned_data["due_on"]
        create_task(title=title, due_on=day, assignee=form.given_to, contact=contact, actor=user)
        messages.success(request, _("The task is written down."))
        return back_to(request, contact, "tasks")
    context = {"contact": contact, "form": form}
    status = 422 if form.errors else 200
    if not getattr(request, "htmx", False):
        return render(request, "tasks/new.html", context, status=status)
    answer = render(request, "tasks/card/new.html", context, status=status)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#task-new", "outerHTML"
    return answer


@require_POST
def done(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Tick a task off. One that watches an end is answered by what is done about it, or by saying that it may come."""
    user = current_user(request)
    task = get_task_for(user, pk, write=True)
    if not (task.is_ticked or (task.may_lapse and "lapse" in request.POST)):
        raise PermissionDenied
    finish_task(task=task, outcome=Task.Outcome.DONE, actor=user)
    messages.success(request, _("Done."), extra_tags=f"undo:{_undo(request, task)}")
    return _back(request, task)


def _undo(request: HttpRequest, task: Task) -> str:
    address = reverse("tasks:reopen", args=[task.pk])
    return f"{address}?{urlencode({'back': request.POST['back']})}" if "back" in request.POST else address


@require_POST
def reopen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a ticked task up again."""
    user = current_user(request)
    task = get_task_for(user, pk, write=True)
    try:
        reopen_task(task=task, actor=user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return _back(request, task)


def _back(request: HttpRequest, task: Task) -> HttpResponseRedirect:
    if task.contact is not None and not came_from_list(request) and sees_card(request, task):
        return back_to(request, task.contact, "tasks", others=True)
    return to_list(request)
