"""The register of breaches (Art. 33(5)): what happened, what follows from it, what was done, and whose data it was."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Contact
from privacy.sealed import SealedCharField, SealedManager, SealedModel, SealedQuerySet, SealedTextField

# Art. 33(1). Plain hours: weekends and holidays count, though Reg. 1182/71 would sometimes allow more.
CLOCK = dt.timedelta(hours=72)


class BreachQuerySet(SealedQuerySet["Breach"]):
    """Reads of the register, chainable."""

    def ticking(self) -> Self:
        """Breaches of which the authority has to hear, or may have to: nobody has decided otherwise yet."""
        return self.filter(state="open", authority_notified_at__isnull=True).exclude(decision="none")

    def ended(self, on: dt.date | None = None) -> Self:
        """Entries whose own time is over."""
        return self.filter(ends_on__lt=on or timezone.localdate())

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete entries whose time is over. Raises ProtectedError for any other (Art. 33(5))."""
        early = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate()))
        if early.exists():
            raise ProtectedError("An entry of the breach register is kept until its end.", set(early))
        return super().delete()


BreachManager = SealedManager.from_queryset(BreachQuerySet)


class Breach(SealedModel):
    """One breach of the security of personal data (Art. 4(12)), whether the authority hears of it or not.

    Sealed under a key of its own: erasing a person leaves the register readable. `notify_by` is when the 72 hours from
    `became_aware_at` are over. `affected_count` counts the contacts ever found; it stays when one of them is erased.
    An entry is deleted only after `ends_on`, which closing sets.
    """

    class Nature(models.TextChoices):
        CONFIDENTIALITY = "confidentiality", _("somebody saw or got the data who must not")
        INTEGRITY = "integrity", _("the data were changed")
        AVAILABILITY = "availability", _("the data were lost or out of reach")

    class Risk(models.TextChoices):
        UNKNOWN = "", _("not assessed yet")
        NONE = "none", _("unlikely to harm anybody")
        RISK = "risk", _("a risk for people")
        HIGH = "high", _("a high risk for people")

    class Decision(models.TextChoices):
        OPEN = "", _("not decided yet")
        NOTIFY = "notify", _("notify the authority")
        NONE = "none", _("do not notify: no risk is likely")

    class PeopleDecision(models.TextChoices):
        OPEN = "", _("not decided yet")
        TELL = "tell", _("tell the people")
        ENCRYPTED = "encrypted", _("not needed: the data are unreadable for others (Art. 34(3)(a))")
        MEASURES = "measures", _("not needed: what we did took the high risk away (Art. 34(3)(b))")
        PUBLIC = "public", _("told in public: telling each would be out of proportion (Art. 34(3)(c))")
        NOT_HIGH = "not_high", _("not needed: the risk is not high")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("breach", "open")
        CLOSED = "closed", pgettext_lazy("breach", "closed")

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    title = SealedCharField(_("what happened, in a few words"), max_length=150)
    natures = models.JSONField(_("what kind"), default=list)
    facts = SealedTextField(_("facts"))
    effects = SealedTextField(_("effects"), blank=True)
    remedy = SealedTextField(_("remedy"), blank=True)
    plain_words = SealedTextField(_("for the people, in plain words"), blank=True)
    happened_from = models.DateTimeField(_("since when"), null=True, blank=True)
    happened_until = models.DateTimeField(_("until when"), null=True, blank=True)
    became_aware_at = models.DateTimeField(_("became aware"))
    notify_by = models.DateTimeField(_("72 hours are over"), editable=False, db_index=True)
    categories = models.JSONField(_("categories of data"), default=list)
    people_kinds = SealedCharField(_("categories of people"), max_length=250, blank=True)
    people_about = models.PositiveIntegerField(_("about how many people"), null=True, blank=True)
    records_about = models.PositiveIntegerField(_("about how many records"), null=True, blank=True)
    risk = models.CharField(_("risk"), max_length=4, choices=Risk.choices, blank=True)
    risk_reason = SealedTextField(_("why this risk"), blank=True)
    decision = models.CharField(_("decision"), max_length=6, choices=Decision.choices, blank=True)
    decision_reason = SealedTextField(_("why so decided"), blank=True)
    people_decision = models.CharField(_("the people"), max_length=9, choices=PeopleDecision.choices, blank=True)
    authority_notified_at = models.DateTimeField(_("authority notified"), null=True, blank=True)
    authority_reference = SealedCharField(_("reference of the authority"), max_length=120, blank=True)
    delay_reason = SealedTextField(_("reasons for the delay"), blank=True)
    people_notified_at = models.DateTimeField(_("people told"), null=True, blank=True)
    affected_count = models.PositiveIntegerField(_("contacts found"), default=0, editable=False)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN, editable=False)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    recorded_by_id = models.UUIDField(_("recorded by"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    ends_on = models.DateField(_("kept until"), null=True, editable=False, db_index=True)

    objects: ClassVar[BreachManager[Self]] = BreachManager()

    class Meta:
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        default_permissions = ("view",)
        permissions = [("manage_breach", "Can record breaches and decide about them")]
        indexes = [models.Index(fields=["state", "-became_aware_at"], name="gdpr_breach_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(authority_notified_at__isnull=True)
                | Q(authority_notified_at__lte=F("notify_by"))
                | ~Q(delay_reason=""),
                name="gdpr_breach_late_has_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (
                    Q(closed_at__isnull=False, ends_on__isnull=False)
                    & ~Q(effects="")
                    & ~Q(remedy="")
                    & ~Q(risk="")
                    & ~Q(decision="")
                    & ~Q(decision_reason="")
                ),
                name="gdpr_breach_closed_complete",
            ),
            models.CheckConstraint(condition=Q(decision="") | ~Q(decision_reason=""), name="gdpr_breach_says_why"),
            models.CheckConstraint(condition=~Q(decision="none") | Q(risk="none"), name="gdpr_breach_risk_is_notified"),
        ]

    def __str__(self) -> str:
        return self.number

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises ProtectedError before the entry's own end: every breach stays documented (Art. 33(5))."""
        if self.ends_on is None or self.ends_on >= timezone.localdate():
            raise ProtectedError("An entry of the breach register is kept until its end.", {self})
        return super().delete(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_ticking(self) -> bool:
        """Whether the 72 hours still matter: nobody was notified, and nobody decided that it is not needed."""
        return self.is_open and self.authority_notified_at is None and self.decision != self.Decision.NONE

    @property
    def is_late(self) -> bool:
        """Whether the authority heard, or would hear now, after the 72 hours."""
        return (self.authority_notified_at or timezone.now()) > self.notify_by

    @property
    def must_tell_people(self) -> bool:
        """Whether the people have to be told and have not been (Art. 34(1))."""
        open_codes = (self.PeopleDecision.OPEN, self.PeopleDecision.TELL)
        return self.risk == self.Risk.HIGH and self.people_decision in open_codes and not self.people_notified_at


class AffectedContact(models.Model):
    """A contact whose data a breach touched. Goes with its card; the breach keeps the number."""

    class FoundBy(models.TextChoices):
        AUDIT = "audit", _("found in the audit")
        EVERYBODY = "all", _("the whole database was touched")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    breach = models.ForeignKey(Breach, models.CASCADE, related_name="affected", verbose_name=_("breach"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="breaches")
    found_by = models.CharField(_("how found"), max_length=5, choices=FoundBy.choices)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    found_by_id = models.UUIDField(_("found by"), null=True, editable=False)
    told_at = models.DateTimeField(_("told"), null=True)

    class Meta:
        verbose_name = _("contact affected by a breach")
        verbose_name_plural = _("contacts affected by a breach")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["breach", "contact"], name="gdpr_breach_contact_once")]

    def __str__(self) -> str:
        return f"affected {self.pk}"


class BreachCounter(models.Model):
    """The last number given in a year. Locked while a breach takes one: none is given twice, even after deletion."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
