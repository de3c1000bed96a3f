"""What shows that the rules are kept (Art. 5(2)): published notices, security measures, packs for an inspector."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.append_only import AppendOnly
from privacy.models import SubjectKey

LANGUAGES = [("cs", "Čeština"), ("en", "English")]


class PublishedNotice(models.Model):
    """The information of Art. 13 and 14 as it stood at the public address from one day on. Never changed.

    `content` is what was said, as JSON in a fixed order: a new version is made only when it differs. `page` is the
    file that can be taken away; `sha256` is the digest of its bytes.
    """

    append_only = AppendOnly()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES)
    version = models.PositiveIntegerField(_("version"))
    content = models.TextField()
    page = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField(_("in force since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("published notice")
        verbose_name_plural = _("published notices")
        default_permissions = ()
        ordering = ["language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["language", "version"], name="gdpr_notice_version_once"),
            models.CheckConstraint(condition=~Q(page="") & ~Q(content=""), name="gdpr_notice_not_empty"),
        ]

    def __str__(self) -> str:
        return f"notice {self.language} v{self.version}"


class SecurityMeasure(models.Model):
    """A technical or organisational measure (Art. 32), as the record of processing names it (Art. 30(1)(g)).

    Those with a `code` are what the product itself does; their words come with the product, in the reader's language,
    as long as `text` is empty. Others are the company's own.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True, null=True, blank=True, editable=False)
    text = models.TextField(_("what we do"), max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_used = models.BooleanField(_("in the record"), default=True)

    class Meta:
        verbose_name = _("security measure")
        verbose_name_plural = _("security measures")
        default_permissions = ()
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(code__isnull=False) | ~Q(text=""), name="gdpr_measure_says_something")
        ]

    def __str__(self) -> str:
        return self.code or f"measure {self.pk}"


class InspectionPack(models.Model):
    """What is handed to an inspector, put together by the worker. Holds nothing about any contact.

    The file is sealed under a key of its own; both are destroyed after seven days. The row stays with the digest of
    the file, so that what was handed over can be recognised.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting its turn")
        RUNNING = "running", _("running")
        DONE = "done", pgettext_lazy("state of a pack", "ready")
        FAILED = "failed", _("failed")
        ENDED = "ended", pgettext_lazy("state of a pack", "deleted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="cs")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    total = models.PositiveSmallIntegerField(default=0)
    processed = models.PositiveSmallIntegerField(default=0)
    key = models.ForeignKey(SubjectKey, models.SET_NULL, null=True, db_constraint=False, related_name="+")
    storage_name = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by")
    )
    touched_at = models.DateTimeField(auto_now=True, editable=False)
    ends_on = models.DateField(_("deleted on"), null=True, blank=True)

    class Meta:
        verbose_name = _("pack for an inspector")
        verbose_name_plural = _("packs for an inspector")
        default_permissions = ()
        ordering = ["-created_at"]
        permissions = [
            ("view_inspectionpack", "Can see the record of processing and make the pack for an inspector"),
            ("view_consentproof", "Can see the proof of the consents of one person"),
        ]

    def __str__(self) -> str:
        return f"pack {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)
