"""The form of a legal ground: it asks for what its basis demands and for nothing else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.forms.consent import day_field
from consents.models import BalancingTest, Basis, EndReason, LegalGround, Method, Purpose, StartEvent
from consents.services.grounds import REQUIRED
from contacts.models import Contact, Source


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Say what a service refused beside the fields it is about, and above the form where it has no such field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        for one in errors:
            form.add_error(name if name in form.fields else None, one)


# Fields that exist only for some bases.
_SPECIAL = {name for names in REQUIRED.values() for name in names}


#: What is asked where the period counts from an end that a colleague records.
EVENT_LABELS = {
    StartEvent.CONTRACT_ENDED: (
        _("The contract ends"),
        _("The day it ended or will end, where you know it. You can record it later."),
    ),
    StartEvent.ACCOUNTING_PERIOD_END: (
        _("The accounting period ends"),
        _("Left empty, it is the end of the calendar year."),
    ),
}


class GroundForm(forms.Form):
    """A ground on one purpose whose basis is not consent."""

    reference = forms.CharField(label=_("Reference"), max_length=200, required=False)
    statute = forms.CharField(label=_("Statute and section"), max_length=200, required=False)
    vital_whose = forms.CharField(label=_("Whose life or health"), max_length=250, required=False)
    vital_why_no_consent = forms.CharField(label=_("Why consent was not possible"), max_length=500, required=False)
    public_task = forms.CharField(label=_("Public task"), max_length=250, required=False)
    public_act = forms.CharField(label=_("Under which act"), max_length=200, required=False)
    balancing_test = forms.ModelChoiceField(
        label=_("Balancing test"), queryset=BalancingTest.objects.none(), required=False, empty_label="—"
    )
    source = forms.ChoiceField(label=_("Source of the data"), choices=Source.choices)
    source_detail = forms.CharField(label=_("Source in detail"), max_length=250, required=False)
    method = forms.ChoiceField(
        label=_("How collected"), choices=[c for c in Method.choices if c[0] not in (Method.SYSTEM, Method.IMPORT)]
    )
    valid_from = day_field(_("Since"))
    event_on = day_field(_("Counted from"), required=False)
    valid_until = day_field(_("Until"), required=False)

    def __init__(self, *args: Any, purpose: Purpose, contact: Contact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        demanded = REQUIRED[purpose.basis]
        optional = {"reference"} if purpose.basis in (Basis.LEGITIMATE_INTEREST, Basis.LEGAL_OBLIGATION) else set()
        for name in _SPECIAL - set(demanded) - optional:
            del self.fields[name]
        for name in demanded:
            self.fields[name].required = True
        if purpose.basis == Basis.CONTRACT:
            self.fields["reference"].label = _("Number of the contract or negotiation")
        self._fill(purpose, contact)

    def _fill(self, purpose: Purpose, contact: Contact | None) -> None:
        today = timezone.localdate()
        self.fields["valid_from"].initial = today.isoformat()
        words = gettext("Left empty, it is counted: %(reason)s") % {"reason": purpose.retention_reason}
        self.fields["valid_until"].help_text = words
        if (event := StartEvent(purpose.start_event)) in EVENT_LABELS:
            self.fields["event_on"].label, self.fields["event_on"].help_text = EVENT_LABELS[event]
        else:
            del self.fields["event_on"]
        if contact is not None:
            self.fields["source"].initial = contact.source
        if "statute" in self.fields:
            self.fields["statute"].initial = purpose.legal_reference
        if "balancing_test" in self.fields:
            field = self.fields["balancing_test"]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
            field.queryset = BalancingTest.objects.newest().filter(outcome=BalancingTest.Outcome.PREVAILS)
            field.initial = purpose.balancing_test_id


class EndGroundForm(forms.Form):
    """Why a ground no longer stands."""

    REASONS = (EndReason.NO_LONGER_NEEDED, EndReason.OBJECTION, EndReason.MISTAKE, EndReason.REPLACED)
    reason = forms.ChoiceField(label=_("Why it ends"), choices=[(r.value, r.label) for r in REASONS])


class ProlongForm(forms.Form):
    """A later end of a ground, within what its purpose allows."""

    valid_until = day_field(_("Until"))

    def __init__(self, *args: Any, ground: LegalGround, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_until"].initial = ground.valid_until.isoformat() if ground.valid_until else None
        self.fields["valid_until"].help_text = ground.purpose.retention_reason


class EventForm(forms.Form):
    """When the contract or the accounting period ended, or will end."""

    event_on = day_field(_("Counted from"))

    def __init__(self, *args: Any, ground: LegalGround, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event_on"].label = EVENT_LABELS[StartEvent(ground.purpose.start_event)][0]
        self.fields["event_on"].initial = ground.event_on.isoformat() if ground.event_on else None
        self.fields["event_on"].help_text = ground.purpose.retention_reason
