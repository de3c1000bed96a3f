"""Imports: the file as it came, sealed, what was decided about it, and what became of each row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.models import Purpose
from contacts.models import Contact, Source
from privacy.sealed import SealedCharField, SealedJSONField, SealedModel


class ImportBatch(SealedModel):
    """One file brought in, with the reason, source and day demanded once for all of it.

    Sealed under a key of its own. Thirty days after the end the file, the refused rows and the key are destroyed; the
    counts stay. `processed` rows are in, so a run that was cut short goes on where it stopped.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("waiting for decisions")
        QUEUED = "queued", _("waiting its turn")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("undone")

    file_name = SealedCharField(_("file"), max_length=250)
    storage_name = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    kind = models.CharField(_("kind"), max_length=5)
    # How the file is read: codes, numbers and the delimiter, never a value from it.
    options = models.JSONField(default=dict, blank=True)
    mapping = models.JSONField(default=list, blank=True)
    purpose = models.ForeignKey(
        Purpose, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("purpose")
    )
    ground = SealedJSONField(_("ground"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices, blank=True)
    source_detail = SealedCharField(_("source in detail"), max_length=250, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.UPLOADED)
    problem = models.JSONField(null=True, blank=True)
    total = models.PositiveIntegerField(_("rows"), default=0)
    processed = models.PositiveIntegerField(_("processed"), default=0)
    created_count = models.PositiveIntegerField(_("brought in"), default=0)
    refused_count = models.PositiveIntegerField(_("not taken"), default=0)
    duplicate_count = models.PositiveIntegerField(_("possible doubles"), default=0)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    touched_at = models.DateTimeField(auto_now=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["touched_at"], condition=Q(state__in=["queued", "running"]), name="intake_batch_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)


class ImportRow(SealedModel):
    """What became of one row: a contact, or a refusal with its reasons and the row itself to be corrected."""

    class State(models.TextChoices):
        CREATED = "created", _("brought in")
        REFUSED = "refused", _("not taken")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    state = models.CharField(max_length=8, choices=State.choices)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    # A card that was here before and holds the same e-mail or phone.
    double_of = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    problems = models.JSONField(default=list, blank=True)
    cells = SealedJSONField(_("the row as it came"), null=True, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="intake_row_once")]

    def __str__(self) -> str:
        return f"row {self.number} of {self.batch_id}"
