"""What a colleague says of a task."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User as Colleague
from contacts.forms.fields import PlainField
from tasks.listing import NOBODY
from tasks.models import Task
from tasks.querysets import TaskQuerySet

if TYPE_CHECKING:
    from accounts.models import User

USUAL_DAYS = 7


class TaskForm(forms.Form):
    """A to-do with a day. Only those who may give tasks to colleagues choose for whom it is."""

    title = PlainField(label=_("What to do"), max_length=250)
    due_on = forms.DateField(label=_("By when"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    assignee = forms.ModelChoiceField(label=_("Who"), queryset=Colleague.objects.none())

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        self.user = user
        day = timezone.localdate() + dt.timedelta(days=USUAL_DAYS)
        super().__init__(data, initial={"due_on": day, "assignee": user.pk}, auto_id="task_%s")
        assignee = self.fields["assignee"]
        if user.has_perm("tasks.assign_task") and isinstance(assignee, forms.ModelChoiceField):
            assignee.queryset = Colleague.objects.holding("tasks.change_task")
            assignee.empty_label = None
        else:
            del self.fields["assignee"]

    def clean_due_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day

    @property
    def given_to(self) -> User:
        """For whom the task is: the one who writes it, unless they chose a colleague."""
        chosen: User = self.cleaned_data.get("assignee") or self.user
        return chosen


class TaskFilterForm(forms.Form):
    """Which kind of task to list, and whose, where the list shows those of several people."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *Task.Kind.choices])
    assignee = forms.ChoiceField(label=_("Who"), required=False)

    def __init__(self, data: QueryDict | None = None, *, user: User, with_people: bool) -> None:
        super().__init__(data)
        if with_people:
            people = people_with_tasks(user)
            choices = [("", _("everybody")), (NOBODY, _("nobody")), *((str(one.pk), str(one)) for one in people)]
            self.fields["assignee"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["assignee"]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def narrow(self, tasks: TaskQuerySet) -> TaskQuerySet:
        """Those of the tasks that were asked for; what does not exist narrows nothing."""
        wanted = self.wanted
        if kind := wanted.get("kind"):
            tasks = tasks.filter(kind=kind)
        assignee = wanted.get("assignee")
        if assignee == NOBODY:
            return tasks.filter(assignee__isnull=True)
        return tasks.filter(assignee=uuid.UUID(assignee)) if assignee else tasks

    @property
    def narrows(self) -> bool:
        """Whether anything was asked for."""
        return any(self.wanted.values())

    @property
    def wanted(self) -> dict[str, str]:
        """What was asked for and exists."""
        if self.is_bound:
            self.is_valid()
        return getattr(self, "cleaned_data", {})


def people_with_tasks(user: User) -> QuerySet[User]:
    """The user, and those for whom something waits that the user may see."""
    seen = Task.objects.visible_to(user).open()
    return Colleague.objects.filter(Q(pk__in=seen.values("assignee")) | Q(pk=user.pk)).order_by("full_name")


class SnoozeForm(forms.Form):
    """Until when a task sleeps."""

    until = forms.DateField(label=_("Until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, data: QueryDict | None = None, *, task: Task) -> None:
        today = timezone.localdate()
        usual = today + dt.timedelta(days=USUAL_DAYS)
        super().__init__(data, initial={"until": min(usual, task.not_after) if task.not_after else usual})
        field = self.fields["until"]
        field.widget.attrs["min"] = (today + dt.timedelta(days=1)).isoformat()
        if task.not_after:
            field.widget.attrs["max"] = task.not_after.isoformat()


class AssignForm(forms.Form):
    """Who does it from now on: any colleague who works with tasks, or, without that permission, oneself."""

    assignee = forms.ModelChoiceField(label=_("Who"), queryset=Colleague.objects.none(), empty_label=None)

    def __init__(self, data: QueryDict | None = None, *, task: Task, user: User) -> None:
        super().__init__(data, initial={"assignee": task.assignee_id})
        self.user = user
        field = self.fields["assignee"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        people = Colleague.objects.holding("tasks.change_task").order_by("full_name")
        field.queryset = people if user.has_perm("tasks.assign_task") else people.filter(pk=user.pk)

    @property
    def said(self) -> str:
        """What the colleague is told afterwards."""
        if self.cleaned_data["assignee"] == self.user:
            return gettext("The task is yours.")
        return gettext("The task is given to another colleague.")
