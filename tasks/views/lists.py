"""The list of tasks, and what is done with them from it: put off, given to a colleague, written anew."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.current import current_user
from contacts.models import Contact
from tasks.access import get_task_for
from tasks.forms import AssignForm, SnoozeForm, TaskFilterForm, TaskForm
from tasks.listing import TABS, counts_of, in_tab
from tasks.services import assign_task, create_task, snooze_task

PER_PAGE = 30
reads = permission_required("tasks.view_task", raise_exception=True)


@reads
def tasks(request: HttpRequest) -> HttpResponse:
    """What waits for me, for my team, what is late and what is done."""
    user = current_user(request)
    tab = request.GET.get("tab", "mine")
    if tab not in TABS:
        tab = "mine"
    form = TaskFilterForm(request.GET or None)
    found = in_tab(user, tab)
    if kind := form.chosen_kind:
        found = found.filter(kind=kind)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    seen = set(
        Contact.objects.visible_to(user).filter(pk__in=[t.contact_id for t in rows]).values_list("pk", flat=True)
    )
    counts = counts_of(user)
    context = {
        "tab": tab,
        "tabs": [(code, label, counts.get(code)) for code, label in TABS.items()],
        "form": form,
        "page": page,
        "rows": [(task, task.contact if task.contact_id in seen else None) for task in rows],
        "may_tick": user.has_perm("tasks.change_task"),
    }
    return render(request, "tasks/list.html", context)


@permission_required("tasks.add_task", raise_exception=True)
def new(request: HttpRequest) -> HttpResponse:
    """A to-do about no contact in particular."""
    user = current_user(request)
    form = TaskForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        title, day = form.cleaned_data["title"], form.cleaned_data["due_on"]
        create_task(title=title, due_on=day, assignee=form.given_to, actor=user)
        messages.success(request, _("The task is written down."))
        return redirect("tasks:list")
    return render(request, "tasks/new_free.html", {"form": form}, status=422 if form.errors else 200)


@reads
def snooze(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a task off, never beyond the end that it watches."""
    user = current_user(request)
    task = get_task_for(user, pk, write=True)
    form = SnoozeForm(request.POST if request.method == "POST" else None, task=task)
    if form.is_valid():
        try:
            snooze_task(task=task, until=form.cleaned_data["until"], actor=user)
        except ValidationError as error:
            form.add_error("until", error)
        else:
            messages.success(request, _("The task is put off."))
            return redirect("tasks:list")
    return render(request, "tasks/snooze.html", {"task": task, "form": form}, status=422 if form.errors else 200)


@reads
def assign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a task to a colleague; who may not give tasks away can still take one up."""
    user = current_user(request)
    task = get_task_for(user, pk, write=True)
    form = AssignForm(request.POST if request.method == "POST" else None, task=task)
    if form.is_valid():
        chosen = form.cleaned_data["assignee"]
        if chosen != user and not user.has_perm("tasks.assign_task"):
            raise PermissionDenied
        assign_task(task=task, assignee=chosen, actor=user)
        messages.success(request, _("The task is given to another colleague."))
        return redirect("tasks:list")
    return render(request, "tasks/assign.html", {"task": task, "form": form}, status=422 if form.errors else 200)
