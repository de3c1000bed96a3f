"""What a colleague says of a task."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User as Colleague
from contacts.forms.fields import PlainField
from tasks.models import Task

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
    """Which kind of task to list."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *Task.Kind.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.attrs["class"] = "form-select"

    @property
    def chosen_kind(self) -> str:
        """The kind, or "" where none (or none that exists) was chosen."""
        return self.cleaned_data.get("kind", "") if self.is_bound and self.is_valid() else ""


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

    def quick(self) -> list[tuple[str, Any]]:
        """Days that people choose most, as far as the task allows."""
        today = timezone.localdate()
        days = [(today + dt.timedelta(days=1), _("tomorrow")), (today + dt.timedelta(days=7), _("in a week"))]
        last = self.fields["until"].widget.attrs.get("max", "9999-12-31")
        return [(day.isoformat(), label) for day, label in days if day.isoformat() <= last]


class AssignForm(forms.Form):
    """Who does it from now on."""

    assignee = forms.ModelChoiceField(label=_("Who"), queryset=Colleague.objects.none(), empty_label=None)

    def __init__(self, data: QueryDict | None = None, *, task: Task) -> None:
        super().__init__(data, initial={"assignee": task.assignee_id})
        field = self.fields["assignee"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        field.queryset = Colleague.objects.holding("tasks.change_task").order_by("full_name")
