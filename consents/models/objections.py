"""Objections to processing other than marketing, and how they were weighed (Art. 21(1))."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.models.purposes import Purpose
from contacts.models import Subject
from privacy.sealed import SealedModel, SealedTextField


class Objection(SealedModel):
    """A person objected, for reasons of their own situation, to what rests on our interest or a public task.

    The processing is halted until the balance is recorded: either compelling grounds of ours prevail and it goes on,
    or the objection is upheld and the ground ends. Sealed under the card's key. An objection to marketing needs no
    balance and no row here: the ledger and the block list carry it.
    """

    class Outcome(models.TextChoices):
        COMPELLING = "compelling", _("our compelling grounds prevail: the processing goes on")
        UPHELD = "upheld", _("the objection is upheld: the ground ends")

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="objections")
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="objections", verbose_name=_("purpose"))
    event_id = models.UUIDField(editable=False)
    request_id = models.UUIDField(null=True, editable=False)
    reason = SealedTextField(_("what the person says"), blank=True)
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)
    recorded_by_id = models.UUIDField(null=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    decision = SealedTextField(_("why"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by_id = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        permissions = [("weigh_objection", "Can weigh objections to processing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True, decision="")
                | (~Q(outcome="") & Q(decided_at__isnull=False) & ~Q(decision="")),
                name="consents_objection_decision_has_reasons",
            ),
            models.UniqueConstraint(
                fields=["subject", "purpose"], condition=Q(outcome=""), name="consents_objection_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"

    @property
    def is_open(self) -> bool:
        return not self.outcome
