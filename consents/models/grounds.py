"""Legal grounds: why we hold this person's data, each with the fields its basis demands."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.models.codes import Basis, EndReason, Method
from consents.models.purposes import BalancingTest, Purpose
from consents.querysets import LegalGroundQuerySet
from contacts.models import Source, Subject
from privacy.sealed import SealedCharField, SealedManager, SealedModel


def demands(basis: Basis, condition: Q, name: str) -> models.CheckConstraint:
    """A ground on this basis must meet the condition; others may not care."""
    return models.CheckConstraint(condition=~Q(basis=basis) | condition, name=f"consents_ground_{name}")


LegalGroundManager = SealedManager.from_queryset(LegalGroundQuerySet)


class LegalGround(SealedModel):
    """A person, a purpose, one of the six bases, a source and an end. Many may stand side by side.

    A consent ground has no period of its own: the events of its consent decide. Every other one ends on
    `valid_until`, its last day.
    """

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="grounds")
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="grounds", verbose_name=_("purpose"))
    basis = models.CharField(_("lawful basis"), max_length=20, choices=Basis.choices)
    source = models.CharField(_("source of the data"), max_length=20, choices=Source.choices)
    source_detail = SealedCharField(_("source in detail"), max_length=250, blank=True)
    method = models.CharField(_("how collected"), max_length=10, choices=Method.choices)
    reference = SealedCharField(
        _("reference"), max_length=200, blank=True, help_text=_("Number of the contract, negotiation or enquiry.")
    )
    statute = models.CharField(_("statute and section"), max_length=200, blank=True)
    vital_whose = SealedCharField(_("whose life or health"), max_length=250, blank=True)
    vital_why_no_consent = SealedCharField(_("why consent was not possible"), max_length=500, blank=True)
    public_task = models.CharField(_("public task"), max_length=250, blank=True)
    public_act = models.CharField(_("under which act"), max_length=200, blank=True)
    balancing_test = models.ForeignKey(
        BalancingTest, models.PROTECT, null=True, blank=True, related_name="grounds", verbose_name=_("balancing test")
    )
    valid_from = models.DateField(_("since"), default=timezone.localdate)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    # The day from which the period counts, where it is another than `valid_from`: see services/start_events.py.
    event_on = models.DateField(_("counted from"), null=True, blank=True)
    # A colleague chose the end: it does not move with the event.
    has_own_end = models.BooleanField(_("end chosen by hand"), default=False, editable=False)
    # The person objected: nothing is done on this ground until the balance is recorded (Art. 18(1)(d), 21(1)).
    halted_at = models.DateTimeField(_("halted since"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    end_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason.choices, blank=True)
    created_at = models.DateTimeField(_("recorded"), auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects: ClassVar[LegalGroundManager[Self]] = LegalGroundManager()

    class Meta:
        verbose_name = _("ground")
        verbose_name_plural = _("grounds")
        indexes = [
            models.Index(fields=["valid_until"], condition=Q(ended_at__isnull=True), name="consents_ground_ending"),
            models.Index(fields=["subject", "purpose"], name="consents_ground_subject"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="consents_ground_basis"),
            models.CheckConstraint(
                condition=Q(basis=Basis.CONSENT, valid_until__isnull=True)
                | (~Q(basis=Basis.CONSENT) & Q(valid_until__isnull=False, valid_until__gte=F("valid_from"))),
                name="consents_ground_finite",
            ),
            models.UniqueConstraint(
                fields=["subject", "purpose"],
                condition=Q(basis=Basis.CONSENT, ended_at__isnull=True),
                name="consents_ground_one_consent",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="consents_ground_end_has_reason",
            ),
            demands(Basis.CONTRACT, ~Q(reference=""), "contract_reference"),
            demands(Basis.LEGAL_OBLIGATION, ~Q(statute=""), "statute"),
            demands(Basis.VITAL_INTERESTS, ~Q(vital_whose="") & ~Q(vital_why_no_consent=""), "vital"),
            demands(Basis.PUBLIC_TASK, ~Q(public_task="") & ~Q(public_act=""), "public_task"),
            demands(Basis.LEGITIMATE_INTEREST, Q(balancing_test__isnull=False), "balancing_test"),
        ]

    def __str__(self) -> str:
        return f"ground {self.pk}"
