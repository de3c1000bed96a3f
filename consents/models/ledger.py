"""The consent ledger, which only grows, and the projection that says where each consent stands."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.models.codes import Channel, EventKind, Method, State
from consents.models.purposes import NoticeVersion, Purpose
from consents.querysets import ConsentQuerySet
from contacts.models import Subject
from privacy.append_only import AppendOnly
from privacy.sealed import SealedCharField, SealedModel


class ConsentEvent(SealedModel):
    """One thing that happened to a consent: who, when, how, to which text (Art. 7(1)). Never changed.

    `sequence` counts from 1 within the subject and `mac` chains each event to the one before it, so that a missing or
    altered event shows. Sealed under the subject's *proof* key, which outlives the card.
    """

    append_only = AppendOnly(erasable_by="subject_id")

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="consent_events")
    sequence = models.PositiveIntegerField()
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="events", verbose_name=_("purpose"))
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices, default=Channel.ANY)
    kind = models.CharField(_("what happened"), max_length=10, choices=EventKind.choices)
    method = models.CharField(_("how"), max_length=10, choices=Method.choices)
    notice = models.ForeignKey(
        NoticeVersion, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("text shown")
    )
    # The address the person spoke of; "" where the event covers whatever address the card holds.
    address = SealedCharField(_("address"), max_length=254, blank=True)
    evidence_reference = SealedCharField(
        _("evidence"),
        max_length=250,
        blank=True,
        help_text=_("Where the proof lies: a file number, a recording, a form."),
    )
    evidence_file_id = models.UUIDField(null=True, blank=True, editable=False)
    # Weak: a whole batch stated without evidence for the row. It never opens the gate (Art. 7(1)).
    is_weak = models.BooleanField(_("without evidence"), default=False)
    occurred_at = models.DateTimeField(_("when"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    recorded_by_id = models.UUIDField(null=True, editable=False)
    mac = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("consent event")
        verbose_name_plural = _("consent events")
        ordering = ["subject", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "sequence"], name="consents_event_sequence_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=[EventKind.GIVEN, EventKind.CONFIRMED, EventKind.RENEWED])
                | Q(valid_until__isnull=False),
                name="consents_event_finite",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[EventKind.GIVEN, EventKind.CONFIRMED, EventKind.RENEWED])
                | Q(is_weak=True)
                | ~Q(evidence_reference="")
                | Q(evidence_file_id__isnull=False),
                name="consents_event_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"consent event {self.pk}"


class Consent(models.Model):
    """Where one consent stands: derived from its events, rebuilt from them to the same bytes.

    Holds ids, codes, times and hashes only. `valid_until` is its last day.
    """

    # Derived from subject, purpose and channel (uuid5), so that a rebuild gives the same row.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="consents")
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="consents")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    given_at = models.DateTimeField(null=True)
    valid_until = models.DateField(null=True)
    is_weak = models.BooleanField(default=False)
    address_digest = models.UUIDField(null=True)
    notice = models.ForeignKey(NoticeVersion, models.PROTECT, null=True, related_name="+")
    method = models.CharField(max_length=10, choices=Method.choices)
    last_event_id = models.UUIDField()
    last_event_at = models.DateTimeField()
    recorded_by_id = models.UUIDField(null=True)
    # Since when the person objects. Nobody's later word ends it but their own confirmation, or the recorded balance.
    objected_at = models.DateTimeField(null=True)
    # When the person last confirmed it themselves (double opt-in), unless they took it back since.
    confirmed_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        permissions = [("record_consent", "Can record, renew and withdraw consents and grounds")]
        indexes = [
            models.Index(fields=["valid_until"], condition=Q(state=State.GIVEN), name="consents_consent_ending"),
            models.Index(fields=["purpose", "channel", "state"], name="consents_consent_audience"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject", "purpose", "channel"], name="consents_consent_once"),
            models.CheckConstraint(
                condition=~Q(state=State.GIVEN) | Q(valid_until__isnull=False), name="consents_consent_finite"
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"
