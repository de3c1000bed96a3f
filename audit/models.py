"""Who did what and who saw what. Rows name fields, never values, and know people by their ids only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.append_only import AppendOnly


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Reads of the record, chainable."""

    def for_contact(self, contact_ids: Iterable[UUID]) -> AuditEventQuerySet:
        """Everything that happened to, or was seen of, these cards."""
        return self.filter(contact_id__in=list(contact_ids))

    def by_actor(self, actor_id: UUID) -> AuditEventQuerySet:
        """Everything that this colleague did or saw."""
        return self.filter(actor_id=actor_id)

    def between(self, start: datetime, end: datetime) -> AuditEventQuerySet:
        """Events at or after `start` and before `end`."""
        return self.filter(at__gte=start, at__lt=end)


class AuditEvent(models.Model):
    """One thing that happened. Written by `audit.services.record` only; never changed."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(_("when"), db_index=True)
    actor_id = models.UUIDField(_("who"), null=True, help_text=_("Empty: the system itself."))
    action = models.CharField(_("what"), max_length=80)
    target_type = models.CharField(max_length=80, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    contact_id = models.UUIDField(_("whose card"), null=True)
    fields = models.JSONField(_("fields"), default=list)
    detail = models.JSONField(_("detail"), default=dict)
    mac = models.BinaryField(max_length=32)

    append_only = AppendOnly()
    objects: ClassVar[models.Manager[AuditEvent]] = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["contact_id", "-at"], name="audit_event_contact"),
            models.Index(fields=["actor_id", "-at"], name="audit_event_actor"),
            models.Index(fields=["action", "-at"], name="audit_event_action"),
        ]
        # Nobody may add, change or delete an event, so Django's own permissions would only mislead.
        default_permissions = ()
        permissions = [("view_auditevent", "Can view the audit record")]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class AuditLink(models.Model):
    """One link of the chain that makes a removed or changed event show. See audit/chain.py."""

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="link")
    mac = models.BinaryField(max_length=32)

    append_only = AppendOnly()

    class Meta:
        default_permissions = ()
        verbose_name = _("audit link")
        verbose_name_plural = _("audit links")

    def __str__(self) -> str:
        return str(self.position)


class AuditCheckpoint(models.Model):
    """Where the chain begins after its oldest part was pruned, signed by this installation."""

    position = models.BigIntegerField(primary_key=True)
    head = models.BinaryField(max_length=32)
    at = models.DateTimeField(auto_now_add=True)
    mac = models.BinaryField(max_length=32)

    append_only = AppendOnly()

    class Meta:
        default_permissions = ()
        verbose_name = _("audit checkpoint")
        verbose_name_plural = _("audit checkpoints")

    def __str__(self) -> str:
        return str(self.position)
