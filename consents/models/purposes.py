"""Purposes, the balancing tests behind them, and the texts that people were shown."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.models.codes import Basis, Channel, StartEvent
from privacy.append_only import AppendOnly

# The questions of a balancing test, in the order of its three tests: purpose, necessity, balance.
STEPS = (
    *("interest", "benefit", "importance", "necessity", "proportion", "gentler_way", "sensitivity", "relationship"),
    *("expectations", "impact", "children", "opt_out", "balance"),
)


class BalancingTestQuerySet(models.QuerySet["BalancingTest"]):
    def newest(self) -> BalancingTestQuerySet:
        """The versions in force: those that no later one has taken the place of."""
        return self.filter(replaced_by__isnull=True)

    def overdue(self, on: dt.date) -> BalancingTestQuerySet:
        """Those in force whose day of review has passed."""
        return self.newest().filter(review_on__lt=on)


class BalancingTest(models.Model):
    """A legitimate-interest assessment: purpose, necessity, balance, outcome (Art. 6(1)(f), EDPB 1/2024)."""

    class Outcome(models.TextChoices):
        PREVAILS = "prevails", _("our interest prevails")
        FAILS = "fails", _("the person's interest prevails")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=150)
    dated = models.DateField(_("dated"), default=timezone.localdate)
    # The three steps in short; the parts below say each thing that a step asks for.
    interest = models.TextField(_("our interest"), help_text=_("What we do and why we want to."))
    benefit = models.TextField(_("benefit"), blank=True, help_text=_("Who gains by it: we, the person, others?"))
    importance = models.TextField(
        _("importance"), blank=True, help_text=_("How important it is, and what would happen without it.")
    )
    necessity = models.TextField(_("does it work"), help_text=_("How the processing reaches that aim."))
    proportion = models.TextField(
        _("is it proportionate"), blank=True, help_text=_("Why no more data, people and time than needed.")
    )
    gentler_way = models.TextField(
        _("is there a gentler way"), blank=True, help_text=_("Which other ways we considered and why they don't do.")
    )
    sensitivity = models.TextField(
        _("nature of the data"), blank=True, help_text=_("Which data; whether sensitive, financial or of children.")
    )
    relationship = models.TextField(
        _("our relationship"), blank=True, help_text=_("Who the person is to us, and who gave us the data.")
    )
    expectations = models.TextField(
        _("what the person expects"), blank=True, help_text=_("Whether it would surprise them, and what we told them.")
    )
    impact = models.TextField(
        _("impact on the person"), blank=True, help_text=_("What could go wrong for them, how likely and how bad.")
    )
    children = models.TextField(
        _("children"), blank=True, help_text=_("Whether children or other vulnerable people are concerned.")
    )
    opt_out = models.TextField(
        _("how to say no"), blank=True, help_text=_("How the person objects, and what else protects them.")
    )
    balance = models.TextField(_("weighing up"), help_text=_("Why one side outweighs the other."))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    review_on = models.DateField(_("review on"))
    # A test that data are held on is never changed: a new version takes its place, and both stay.
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("earlier version"),
    )

    objects = BalancingTestQuerySet.as_manager()

    class Meta:
        verbose_name = _("balancing test")
        verbose_name_plural = _("balancing tests")
        ordering = ["name", "version"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(review_on__gt=models.F("dated")), name="consents_lia_review_after_date"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_used(self) -> bool:
        """Whether data are or were held on it. From then on its words stay as they are."""
        return not self._state.adding and self.grounds.exists()

    def version_of(self, day: dt.date) -> BalancingTest:
        """The version that was in force on that day: the newest dated by then, else the first."""
        found = self
        while found.dated > day and found.replaces is not None:
            found = found.replaces
        return found


class PurposeQuerySet(models.QuerySet["Purpose"]):
    def active(self) -> PurposeQuerySet:
        return self.filter(is_active=True)


class Purpose(models.Model):
    """Why the company processes data, on exactly one lawful basis and for a finite time (Art. 5(1)(b), (e))."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(
        _("in plain words"), help_text=_("What we do with the data and why, as people read it.")
    )
    basis = models.CharField(_("lawful basis"), max_length=20, choices=Basis.choices)
    legal_reference = models.CharField(
        _("legal reference"), max_length=200, blank=True, help_text=_("Act and section, where the law demands it.")
    )
    categories = models.JSONField(_("categories of data"), default=list)
    people = models.CharField(
        _("categories of people"),
        max_length=200,
        blank=True,
        help_text=_("Whose data: customers, applicants for work …"),
    )
    recipients = models.TextField(_("recipients"), blank=True, help_text=_("One on a line: who else gets the data."))
    transfers = models.TextField(
        _("transfers outside the EEA"),
        blank=True,
        help_text=_("The country or international organisation, and what safeguards the data there. Empty: none."),
    )
    retention_months = models.PositiveSmallIntegerField(
        _("kept for (months)"), validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    retention_reason = models.CharField(_("why that long"), max_length=300)
    start_event = models.CharField(
        _("counted from"), max_length=25, choices=StartEvent.choices, default=StartEvent.COLLECTED
    )
    lead_days = models.PositiveSmallIntegerField(
        _("remind before the end (days)"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    channels = models.JSONField(_("channels"), default=list, blank=True)
    is_marketing = models.BooleanField(_("marketing"), default=False)
    product_line = models.SlugField(
        _("product line"),
        max_length=60,
        blank=True,
        help_text=_("Offers stay within it: training does not allow furniture."),
    )
    existing_customer = models.BooleanField(
        _("existing-customer exception"),
        default=False,
        help_text=_("Own similar goods to a customer, with a free refusal in every message (Act 480/2004, § 7(3))."),
    )
    special_condition = models.CharField(
        _("condition for special categories"), max_length=1, blank=True, help_text=_("The letter of Art. 9(2).")
    )
    balancing_test = models.ForeignKey(
        BalancingTest, models.PROTECT, null=True, blank=True, related_name="purposes", verbose_name=_("balancing test")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_purposes",
        verbose_name=_("responsible"),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = PurposeQuerySet.as_manager()

    class Meta:
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        ordering = ["name"]
        permissions = [("manage_purpose", "Can manage purposes, texts and balancing tests")]
        constraints = [
            models.CheckConstraint(condition=models.Q(basis__in=Basis.values), name="consents_purpose_basis"),
            models.CheckConstraint(
                condition=models.Q(retention_months__gte=1, retention_months__lte=600) & ~models.Q(retention_reason=""),
                name="consents_purpose_finite",
            ),
            models.CheckConstraint(
                condition=~models.Q(basis=Basis.LEGAL_OBLIGATION) | ~models.Q(legal_reference=""),
                name="consents_purpose_statute",
            ),
            models.CheckConstraint(
                condition=~models.Q(existing_customer=True)
                | (models.Q(is_marketing=True, basis=Basis.LEGITIMATE_INTEREST) & ~models.Q(product_line="")),
                name="consents_purpose_existing_customer",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def channel_codes(self) -> list[str]:
        """The channels of the purpose; all of them where none is named."""
        return list(self.channels) or [c.value for c in Channel if c is not Channel.ANY]


class NoticeVersion(models.Model):
    """The exact text people were shown for a purpose in a language. Never changed: a new wording is a new version."""

    append_only = AppendOnly()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="notices", verbose_name=_("purpose"))
    language = models.CharField(_("language"), max_length=5, default="cs")
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64, editable=False)
    # A material change means that earlier consents don't cover what is done now: they read "renew".
    is_material = models.BooleanField(_("changes what we do with the data"), default=False)
    created_at = models.DateTimeField(_("in force since"), default=timezone.now, editable=False)
    created_by_id = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("text shown")
        verbose_name_plural = _("texts shown")
        ordering = ["purpose", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "language", "version"], name="consents_notice_version_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="consents_notice_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.language} v{self.version}"
