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
from tasks.access import get_task_for
from tasks.forms import AssignForm, SnoozeForm, TaskFilterForm, TaskForm
from tasks.listing import counts_of, in_tab, quick_days, rows_of, state_of, tabs_for
from tasks.services import assign_task, create_task, snooze_task
from tasks.views.back import address_before

PER_PAGE = 30
reads = permission_required("tasks.view_task", raise_exception=True)


@reads
def tasks(request: HttpRequest) -> HttpResponse:
    """What waits for me, for my team, what is late and what is done."""
    user = current_user(request)
    tabs = tabs_for(user)
    tab = request.GET.get("tab", "mine")
    tab = tab if tab in tabs else "mine"
    form = TaskFilterForm(request.GET or None, user=user, with_people=tab in ("team", "overdue"))
    page = Paginator(form.narrow(in_tab(user, tab)), PER_PAGE).get_page(request.GET.get("page"))
    counts = counts_of(user)
    context = {
        "tab": tab,
        "tabs": [(code, label, counts.get(code)) for code, label in tabs.items()],
        "form": form,
        "page": page,
        "rows": rows_of(user, list(page.object_list)),
        "state": state_of(request.GET),
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
            return redirect(address_before(request, task))
    context = {"task": task, "form": form, "quick": quick_days(task), "list_url": address_before(request, task)}
    return render(request, "tasks/snooze.html", context, status=422 if form.errors else 200)


@reads
def assign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a task to a colleague; who may not give tasks away can still take one up."""
    user = current_user(request)
    task = get_task_for(user, pk, write=True)
    if request.POST.get("assignee", str(user.pk)) != str(user.pk) and not user.has_perm("tasks.assign_task"):
        raise PermissionDenied
    form = AssignForm(request.POST if request.method == "POST" else None, task=task, user=user)
    if form.is_valid():
        try:
            assign_task(task=task, assignee=form.cleaned_data["assignee"], actor=user)
        except ValidationError as error:
            form.add_error("assignee", error)
        else:
            messages.success(request, form.said)
            return redirect(address_before(request, task))
    context = {"task": task, "form": form, "list_url": address_before(request, task)}
    return render(request, "tasks/assign.html", context, status=422 if form.errors else 200)
