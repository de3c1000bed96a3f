"""The register of what people asked for: each request with its clock, its answer and its history (Art. 12, 5(2)).

A request is sealed under a key of its own, made for it and destroyed with it, so that erasing the card leaves the
register readable until its own end (Art. 17(3)(e)).
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from gdpr_requests.models.request_codes import (
    CLOSED,
    Channel,
    EventKind,
    IdentityMethod,
    RefusalGround,
    RequestState,
    Right,
)
from gdpr_requests.models.request_reads import RequestQuerySet
from privacy.append_only import AppendOnly
from privacy.sealed import SealedCharField, SealedManager, SealedModel, SealedTextField

RequestManager = SealedManager.from_queryset(RequestQuerySet)

_IS_CLOSED = Q(state__in=CLOSED)
_IS_REFUSED = Q(state=RequestState.REFUSED)


class DataSubjectRequest(SealedModel):
    """One request of one person.

    `due_on` is the end of the first month, `extended_due_on` that of the two further ones where it was extended.
    `contact` is None for somebody who was not found here, and for everybody whose card has been erased.
    `answer_letter_id` names the letter that closed it: no request is closed without one.
    """

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    right = models.CharField(_("what they ask for"), max_length=13, choices=Right.choices)
    channel = models.CharField(_("how it came"), max_length=9, choices=Channel.choices)
    received_on = models.DateField(_("received"))
    language = models.CharField(
        _("language of the answer"), max_length=2, choices=[("cs", _("Czech")), ("en", _("English"))], default="cs"
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="requests", verbose_name=_("card")
    )
    requester_name = SealedCharField(_("who asks"), max_length=250)
    requester_address = SealedCharField(_("where to answer"), max_length=300, blank=True)
    text = SealedTextField(_("what they wrote or said"), blank=True)
    note = SealedTextField(_("note of colleagues"), blank=True)

    state = models.CharField(_("state"), max_length=9, choices=RequestState.choices, default=RequestState.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("assigned to"),
    )
    opened_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    opened_by_id = models.UUIDField(_("recorded by"), null=True, editable=False)

    identity_method = models.CharField(
        _("how the identity was checked"), max_length=14, choices=IdentityMethod.choices, blank=True
    )
    identity_checked_by_id = models.UUIDField(_("identity checked by"), null=True, editable=False)
    identity_checked_at = models.DateTimeField(_("identity checked"), null=True, editable=False)

    due_on = models.DateField(_("due"))
    extended_on = models.DateField(_("extended"), null=True, editable=False)
    extended_due_on = models.DateField(_("due after the extension"), null=True, editable=False)
    extension_reason = SealedTextField(_("reasons for the extension"), blank=True)
    extension_letter_id = models.UUIDField(null=True, editable=False)

    refusal_ground = models.CharField(
        _("ground of the refusal"), max_length=16, choices=RefusalGround.choices, blank=True
    )
    refusal_reason = SealedTextField(_("reasons for the refusal"), blank=True)
    refusal_keeps = models.JSONField(_("data kept in spite of the request"), default=list, blank=True)
    refusal_until = models.DateField(_("kept until"), null=True, blank=True)

    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by_id = models.UUIDField(_("answered by"), null=True, editable=False)
    answer_letter_id = models.UUIDField(null=True, editable=False)
    ends_on = models.DateField(_("kept until"), null=True, editable=False)

    objects: ClassVar[RequestManager[Self]] = RequestManager()

    if TYPE_CHECKING:
        contact_id: uuid.UUID | None
        assignee_id: uuid.UUID | None

    class Meta:
        verbose_name = _("request of a person")
        verbose_name_plural = _("requests of people")
        permissions = [
            ("handle_request", "Can record and answer requests of people"),
            ("decide_request", "Can see all requests, give them to colleagues, extend and refuse them"),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=~_IS_CLOSED, name="gdpr_request_open"),
            models.Index(fields=["-answered_at"], condition=_IS_CLOSED, name="gdpr_request_closed"),
            models.Index(fields=["ends_on"], condition=Q(ends_on__isnull=False), name="gdpr_request_ends"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~_IS_CLOSED
                | Q(answered_at__isnull=False, answer_letter_id__isnull=False, ends_on__isnull=False),
                name="gdpr_request_closed_has_answer",
            ),
            models.CheckConstraint(
                condition=_IS_CLOSED | Q(answered_at__isnull=True, answer_letter_id__isnull=True, ends_on__isnull=True),
                name="gdpr_request_open_has_no_answer",
            ),
            models.CheckConstraint(
                condition=~_IS_REFUSED | (~Q(refusal_ground="") & ~Q(refusal_reason="")),
                name="gdpr_request_refused_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(extended_on__isnull=True, extended_due_on__isnull=True)
                | (
                    Q(extended_on__lte=models.F("due_on"), extended_due_on__isnull=False)
                    & Q(extension_letter_id__isnull=False)
                    & ~Q(extension_reason="")
                ),
                name="gdpr_request_extended_in_time",
            ),
            models.CheckConstraint(
                condition=Q(identity_checked_at__isnull=True, identity_method="")
                | (Q(identity_checked_at__isnull=False) & ~Q(identity_method="")),
                name="gdpr_request_identity_has_method",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def deadline(self) -> dt.date:
        """The last day for the answer, as it stands now."""
        return self.extended_due_on or self.due_on

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED


class RequestEvent(models.Model):
    """One step in the history of a request. Codes and ids only; the history only grows, and goes with its request."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(DataSubjectRequest, models.CASCADE, related_name="events")
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    actor_id = models.UUIDField(_("who"), null=True, editable=False)
    kind = models.CharField(_("what happened"), max_length=16, choices=EventKind.choices)
    detail = models.JSONField(_("details"), default=dict)

    append_only = AppendOnly(erasable_by="request_id")

    class Meta:
        verbose_name = _("event of a request")
        verbose_name_plural = _("events of requests")
        default_permissions = ()
        indexes = [models.Index(fields=["request", "at"], name="gdpr_request_history")]

    def __str__(self) -> str:
        return f"{self.kind} of request {self.request_id}"


class RequestCounter(models.Model):
    """The last number given to a request in a year. Locked while a request takes one, so none is skipped."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
