"""Forms of the breach register. They only validate."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consents.models import DataCategory
from contacts.forms.fields import LONGEST_TEXT, PlainField, PlainTextField
from contacts.forms.timeline import WhenInput
from gdpr_requests.breaches.affected import WAYS, Criteria
from gdpr_requests.models import Breach


def _moment(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(label=label, required=required, widget=WhenInput(), help_text=help_text)


def _text(label: Any, rows: int, *, required: bool = False, help_text: Any = "") -> PlainTextField:
    area = forms.Textarea({"rows": rows})
    return PlainTextField(label=label, max_length=LONGEST_TEXT, required=required, widget=area, help_text=help_text)


def _ticks(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


class BreachForm(forms.Form):
    """What happened, as far as it is known. Only the first lines are needed at once; the rest can follow."""

    title = PlainField(
        label=_("What happened, in a few words"), max_length=150, help_text=_("For the register. Name nobody.")
    )
    became_aware_at = _moment(
        _("When you became aware"), required=True, help_text=_("From this moment the 72 hours run (Art. 33(1)).")
    )
    facts = _text(_("Facts"), 4, required=True, help_text=_("What, where, how it came out."))
    natures = _ticks(_("What kind"), Breach.Nature.choices)
    happened_from = _moment(_("Since when"))
    happened_until = _moment(_("Until when"))
    categories = _ticks(_("Categories of data"), DataCategory.choices)
    people_kinds = PlainField(
        label=_("Categories of people"),
        max_length=250,
        required=False,
        help_text=_("Customers, children …"),
    )
    people_about = forms.IntegerField(label=_("About how many people"), min_value=0, max_value=10**9, required=False)
    records_about = forms.IntegerField(label=_("About how many records"), min_value=0, max_value=10**9, required=False)
    effects = _text(_("Effects"), 3, help_text=_("What may follow for the people."))
    remedy = _text(_("Remedy"), 3, help_text=_("What was done and will be done, also against a repetition."))
    plain_words = _text(
        _("For the people, in plain words"), 3, help_text=_("Stands in the notice to them in place of the facts.")
    )
    sections = [
        (_("What happened"), ["title", "became_aware_at", "facts", "natures", "happened_from", "happened_until"]),
        (_("Whose data"), ["people_kinds", "people_about", "categories", "records_about"]),
        (_("What follows"), ["effects", "remedy", "plain_words"]),
    ]


class AssessForm(forms.Form):
    """How high the risk is, and what is decided."""

    risk = forms.ChoiceField(label=_("Risk"), choices=Breach.Risk.choices, required=False, widget=forms.RadioSelect)
    risk_reason = _text(
        _("Why this risk"), 3, help_text=_("Kind of data, how many people, how easily they are known, what may follow.")
    )
    decision = forms.ChoiceField(
        label=_("The authority"), choices=Breach.Decision.choices, required=False, widget=forms.RadioSelect
    )
    decision_reason = _text(_("Why so decided"), 3)
    people_decision = forms.ChoiceField(
        label=_("The people"),
        choices=Breach.PeopleDecision.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("On a high risk they are told without undue delay (Art. 34(1))."),
    )
    sections = [
        (_("Risk"), ["risk", "risk_reason"]),
        (_("Decision"), ["decision", "decision_reason", "people_decision"]),
    ]


class NotifiedForm(forms.Form):
    """That the authority was notified."""

    at = _moment(_("When it was sent"), required=True)
    reference = PlainField(label=_("Reference of the authority"), max_length=120, required=False)
    delay_reason = _text(
        _("Reasons for the delay"), 3, help_text=_("Needed where it was sent after the 72 hours (Art. 33(1)).")
    )


class ToldForm(forms.Form):
    """That the people were told."""

    at = _moment(_("When the people were told"), required=True)


class AffectedForm(forms.Form):
    """Which events of the audit tell whose data it was."""

    everybody = forms.BooleanField(
        label=_("The whole database was touched"),
        required=False,
        help_text=_("A stolen computer, a published copy: every contact held today."),
    )
    since = _moment(_("From"))
    until = _moment(_("To"))
    actor = forms.ChoiceField(label=_("Which account"), required=False)
    ways = _ticks(_("What was done"), [(code, words) for code, (words, _actions) in WAYS.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(user.pk), str(user)) for user in User.objects.order_by("full_name")]
        self.fields["actor"].choices = [("", _("any")), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if not values.get("everybody") and not (since and until) and not self.errors:
            self.add_error("since", _("Say from when to when, or that the whole database was touched."))
        if since and until and until < since:
            self.add_error("until", _("The end must not come before the start."))
        return values

    @property
    def criteria(self) -> Criteria:
        """What was asked for; the last minute is included."""
        values = self.cleaned_data
        until = values.get("until")
        return Criteria(
            start=values.get("since"),
            end=until + dt.timedelta(minutes=1) if until else None,
            actor_id=uuid.UUID(values["actor"]) if values.get("actor") else None,
            ways=tuple(values.get("ways") or ()),
            everybody=bool(values.get("everybody")),
        )


def minute_of(moment: dt.datetime) -> str:
    """A moment as the browser's picker writes it, in local time."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def now_local() -> str:
    """This minute, the same way."""
    return minute_of(timezone.now())
