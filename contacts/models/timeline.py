"""What happened between the company and the contact, and the files that belong to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models.card import Contact
from privacy.sealed import SealedCharField, SealedModel, SealedTextField


class TimelineEntry(SealedModel):
    """A note, call, meeting or e-mail. Text is sealed and never part of the search index."""

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        CALL = "call", _("call")
        MEETING = "meeting", _("meeting")
        EMAIL = "email", _("e-mail")
        FILE = "file", _("file")
        SYSTEM = "system", _("system")

    class Direction(models.TextChoices):
        NONE = "", _("none")
        IN = "in", _("from the contact")
        OUT = "out", _("to the contact")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="timeline")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NOTE)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices, blank=True, default="")
    occurred_at = models.DateTimeField(_("when"), default=timezone.now)
    subject = SealedCharField(_("subject"), max_length=250, blank=True)
    body = SealedTextField(pgettext_lazy("note", "text"), blank=True)
    message_digest = models.UUIDField(null=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline")
        indexes = [
            models.Index(fields=["contact", "-occurred_at"], name="contacts_timeline_newest"),
            models.Index(fields=["-occurred_at"], name="contacts_timeline_latest"),
        ]
        constraints = [
            # The same e-mail dropped twice on a card stands there once.
            models.UniqueConstraint(fields=["contact", "message_digest"], name="contacts_timeline_message_once")
        ]

    def __str__(self) -> str:
        return f"timeline entry {self.pk}"

    @property
    def is_handwritten(self) -> bool:
        """A colleague wrote it and may correct it; what the system or a real e-mail says is not rewritten."""
        return self.kind not in (self.Kind.SYSTEM, self.Kind.FILE) and self.message_digest is None


class StoredFile(SealedModel):
    """A file on the card. Its bytes lie sealed under `storage_name`; its name and type are sealed too."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="files")
    entry = models.ForeignKey(TimelineEntry, models.CASCADE, null=True, blank=True, related_name="files")
    name = SealedCharField(_("file name"), max_length=250)
    content_type = models.CharField(_("type"), max_length=100, default="application/octet-stream")
    size = models.PositiveBigIntegerField(_("size in bytes"))
    storage_name = models.CharField(max_length=100, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    # The proof of a consent stays as long as the card: nobody takes it off by hand.
    is_evidence = models.BooleanField(default=False, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True, editable=False)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return f"file {self.pk}"
