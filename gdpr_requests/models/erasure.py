"""Erasures. These rows know the erased by random ids that lead nowhere any more, and hold codes and counts only."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ErasureReason(models.TextChoices):
    """Why (Art. 17(1)). A code: words of a colleague could name the person."""

    REQUESTED = "requested", _("the person asked for it")
    WITHDRAWN = "withdrawn", _("the person withdrew the consent")
    OBJECTED = "objected", _("the person objected")
    NOT_NEEDED = "not_needed", _("the data are no longer needed")
    UNLAWFUL = "unlawful", _("there was no lawful ground")
    LEGAL_DUTY = "legal_duty", _("the law demands the erasure")
    CHILD = "child", _("the data were collected from a child")
    MISTAKE = "mistake", _("entered by mistake")

    @property
    def article(self) -> str:
        """The provision behind the reason."""
        return {
            "withdrawn": "17(1)(b)",
            "objected": "17(1)(c)",
            "not_needed": "17(1)(a)",
            "unlawful": "17(1)(d)",
            "legal_duty": "17(1)(e)",
            "child": "17(1)(f)",
            "mistake": "5(1)(d)",
        }.get(self.value, "17(1)")

    @property
    def leaves_alone(self) -> bool:
        """Whether the addresses go on the block list: where the person, or the law for them, said no.

        Data that merely ran out, or were never theirs, leave no hash behind: there is nobody to be left alone.
        """
        return self not in (ErasureReason.NOT_NEEDED, ErasureReason.MISTAKE)


class ErasureRun(models.Model):
    """One decision to erase: by a colleague about one card, or by a colleague or a rule about many.

    A run about many waits for a second colleague where the installation wants four eyes. Its items say what became of
    each card.
    """

    class Origin(models.TextChoices):
        CARD = "card", _("from the card")
        COMMAND = "command", _("by a command")
        REPLAY = "replay", _("again, after a restored backup")
        BULK = "bulk", _("about several cards at once")
        RETENTION = "retention", _("because the periods of retention ended")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second colleague")
        WORKING = "working", _("under way")
        DONE = "done", _("done")
        REFUSED = "refused", _("turned down")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    origin = models.CharField(_("how it was started"), max_length=10, choices=Origin.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DONE)
    requested_by_id = models.UUIDField(_("requested by"), null=True, editable=False)
    requested_at = models.DateTimeField(_("requested"), default=timezone.now, editable=False)
    decided_by_id = models.UUIDField(_("approved or refused by"), null=True, editable=False)
    decided_at = models.DateTimeField(_("approved or refused"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    class Meta:
        verbose_name = _("erasure run")
        verbose_name_plural = _("erasure runs")
        permissions = [
            ("erase_contact", "Can erase all data of a contact"),
            ("erase_in_bulk", "Can plan and approve erasures of many contacts"),
        ]
        indexes = [
            models.Index(fields=["-requested_at"], name="gdpr_run_newest"),
            models.Index(fields=["state"], condition=Q(state__in=["waiting", "working"]), name="gdpr_run_open"),
        ]

    def __str__(self) -> str:
        return f"erasure run {self.pk}"


class ErasureItem(models.Model):
    """The erasure of one card: planned, waiting for a hold or another try, done, or not needed any more.

    `counts` says how many rows of each table went. `kept` lists what the law kept: purpose, categories of data, until
    when and because of which provision. `check_result` counts what was still found afterwards: all zeros. `unfinished`
    names files and keys (random) that the check after the commit has still to look for, and is empty afterwards.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("waits for the end of a legal hold")
        FAILED = "failed", _("failed, will be tried again")
        ERASED = "erased", _("erased")
        GONE = "gone", _("the card was not there any more")
        REFUSED = "refused", _("turned down")

    class Problem(models.TextChoices):
        """Why an erasure did not go through. A code: words of a database could hold values."""

        HELD = "held", _("a legal hold keeps the card")
        RESIDUE = "residue", _("something would have been left, so nothing was erased")
        LOCKED = "locked", _("somebody else held the card too long")
        GONE = "gone", _("the card was not there any more")
        NEEDED = "needed", _("a ground covers it again, it is restricted, or the person asks for something")
        OTHER = "other", _("another fault, see the log of the worker")

    # What is still to be done.
    OPEN = (State.PLANNED, State.HELD, State.FAILED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(ErasureRun, models.PROTECT, related_name="items")
    contact_id = models.UUIDField(editable=False)
    subject_ids = models.JSONField(default=list, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(_("reason"), max_length=12, choices=ErasureReason.choices)
    certificate = models.CharField(_("certificate"), max_length=20, unique=True, null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)
    counts = models.JSONField(default=dict, editable=False)
    kept = models.JSONField(default=list, editable=False)
    recipients = models.JSONField(default=list, editable=False)
    checked_at = models.DateTimeField(_("checked"), null=True, editable=False)
    check_result = models.JSONField(default=dict, editable=False)
    unfinished = models.JSONField(default=dict, editable=False)
    # The request of the person that this answers; its register outlives the card.
    request_id = models.UUIDField(null=True, db_index=True, editable=False)
    problem = models.CharField(_("problem"), max_length=8, choices=Problem.choices, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    # Not tried before this moment.
    due_at = models.DateTimeField(default=timezone.now, editable=False)
    held_until = models.DateField(_("held until"), null=True, editable=False)
    touched_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes = [
            models.Index(fields=["-erased_at"], name="gdpr_erasure_newest"),
            models.Index(fields=["erased_at"], condition=Q(checked_at__isnull=True), name="gdpr_erasure_unchecked"),
            models.Index(
                fields=["run", "due_at"],
                condition=Q(state__in=["planned", "held", "failed"]),
                name="gdpr_erasure_open",
            ),
            models.Index(
                fields=["contact_id"],
                condition=Q(state__in=["planned", "held", "failed"]),
                name="gdpr_erasure_of_card",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="erased") | Q(certificate__isnull=False, erased_at__isnull=False),
                name="gdpr_erasure_has_certificate",
            )
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"

    @property
    def rows(self) -> int:
        """How many rows went, of all tables together."""
        return sum(count for name, count in self.counts.items() if "." in name and name != "privacy.SubjectKey")

    @property
    def kept_until(self) -> dt.date | None:
        """The last day on which the law keeps anything of the person."""
        return max((dt.date.fromisoformat(row["until"]) for row in self.kept), default=None)

    @property
    def why(self) -> ErasureReason:
        return ErasureReason(self.reason)


class ErasedAddress(models.Model):
    """The address of an erased card, and those of cards merged into it: they answer 410 instead of 404."""

    old_id = models.UUIDField(primary_key=True)
    item = models.ForeignKey(ErasureItem, models.CASCADE, related_name="addresses")

    def __str__(self) -> str:
        return f"erased address {self.old_id}"


class CertificateCounter(models.Model):
    """The last number given to a certificate in a year. Locked while an erasure takes one, so none is skipped."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
