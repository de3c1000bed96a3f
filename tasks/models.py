"""To-dos for named colleagues. The system makes most of them; a colleague can add their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Contact
from privacy.sealed import SealedCharField, SealedManager, SealedModel
from tasks.querysets import TaskQuerySet

TaskManager = SealedManager.from_queryset(TaskQuerySet)


class Task(SealedModel):
    """Something a person has to do, by a day.

    `due_on` is when it should be done, `not_after` the day beyond which it can't be put off (the end of the consent).
    `period_key` makes a scheduled task unique: one for each (consent or ground, period), however often the scan runs.
    `label` names the thing in question (a purpose) and never a person; `title` is what a colleague wrote, sealed.
    """

    class Kind(models.TextChoices):
        TODO = "todo", _("To do")
        RENEW_CONSENT = "renew_consent", _("Ask for renewal of the consent")
        GROUND_ENDING = "ground_ending", _("A ground is about to end")
        NO_GROUND = "no_ground", _("No ground left: propose erasure")
        INFORM = "inform", _("Inform the person where their data come from")
        ALREADY_HELD = "already_held", _("A contact already held was entered again")
        REVIEW_TEST = "review_test", _("Review the balancing test")
        REQUEST = "request", _("Answer a request")
        WEIGH = "weigh", _("Weigh an objection")
        NOTIFY = "notify", _("Tell the recipients of a correction")
        BREACH = "breach", _("Assess a breach and notify the authority within 72 hours")
        BREACH_SOON = "breach_soon", _("A day is left to notify the authority of a breach")
        BREACH_LATE = "breach_late", _("The 72 hours are over: notify the authority, with reasons for the delay")
        BREACH_PEOPLE = "breach_people", _("Tell the people about a breach")

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        RENEWED = "renewed", pgettext_lazy("outcome of a task", "renewed")
        WITHDRAWN = "withdrawn", pgettext_lazy("outcome of a task", "withdrawn")
        ENDED = "ended", pgettext_lazy("outcome of a task", "ended")
        ERASED = "erased", _("erased")
        CANCELLED = "cancelled", _("no longer needed")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.TODO)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="tasks")
    title = SealedCharField(_("what to do"), max_length=250, blank=True)
    label = models.CharField(max_length=120, blank=True, editable=False)
    about_id = models.UUIDField(null=True, blank=True, editable=False, db_index=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("assigned to"),
    )
    due_on = models.DateField(_("due"))
    not_after = models.DateField(_("at the latest"), null=True, blank=True, editable=False)
    snoozed_until = models.DateField(_("put off until"), null=True, blank=True, editable=False)
    period_key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects: ClassVar[TaskManager[Self]] = TaskManager()

    if TYPE_CHECKING:
        contact_id: object

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        permissions = [("assign_task", "Can give tasks to colleagues")]
        indexes = [
            models.Index(fields=["assignee", "due_on"], condition=Q(done_at__isnull=True), name="tasks_open_of_person"),
            models.Index(fields=["due_on"], condition=Q(done_at__isnull=True), name="tasks_open_by_day"),
            models.Index(fields=["contact", "done_at"], name="tasks_of_contact"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True)
                | Q(not_after__isnull=True)
                | Q(snoozed_until__lte=F("not_after")),
                name="tasks_snooze_before_end",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="tasks_done_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"

    @property
    def is_ticked(self) -> bool:
        """Whether saying "done" answers it. What watches an end, or a request, is answered by what is done about it."""
        return self.kind not in (
            self.Kind.RENEW_CONSENT,
            self.Kind.GROUND_ENDING,
            self.Kind.NO_GROUND,
            self.Kind.REQUEST,
            self.Kind.BREACH,
            self.Kind.BREACH_SOON,
            self.Kind.BREACH_LATE,
            self.Kind.BREACH_PEOPLE,
            self.Kind.WEIGH,
        )

    @property
    def place(self) -> str:
        """The name of the page where it is answered, by `about_id`; empty where that is the card or the task itself."""
        if self.kind == self.Kind.WEIGH:
            return "consents:weigh"
        if self.kind == self.Kind.REQUEST:
            return "gdpr_requests:request"
        is_breach = str(self.kind).startswith("breach")
        return "gdpr_requests:breach" if is_breach else ""

    @property
    def may_lapse(self) -> bool:
        """Whether it watches an end that may simply come: what was asked for is not wanted any more."""
        return self.kind in (self.Kind.RENEW_CONSENT, self.Kind.GROUND_ENDING)

    @property
    def may_reopen(self) -> bool:
        """Whether a tick can be taken back. What was renewed, withdrawn or ended is settled."""
        return self.outcome == self.Outcome.DONE

    @property
    def heading(self) -> str:
        """What the list shows: the colleague's own words, or the kind with the purpose it is about."""
        if self.title:
            return self.title
        kind = str(self.get_kind_display())
        return f"{kind}: {self.label}" if self.label else kind


class DigestSent(models.Model):
    """The morning letter of a colleague on a day: at most one.

    `claimed_at` is set before the letter leaves and given back where the mail server surely did not take it;
    `sent_at` says that it did.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["day"], name="tasks_digest_by_day")]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="tasks_digest_once_a_day")]

    def __str__(self) -> str:
        return f"digest of {self.day}"
