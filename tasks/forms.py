"""What a colleague says of a task."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User as Colleague
from contacts.forms.fields import PlainField

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
