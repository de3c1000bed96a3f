"""Letters to people about their rights, and the templates that they begin from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Contact
from gdpr_requests.models.requests import DataSubjectRequest
from privacy.sealed import SealedCharField, SealedEmailField, SealedModel, SealedTextField


class LetterKind(models.TextChoices):
    """What a letter is for. The articles are of the GDPR."""

    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement of receipt")
    IDENTITY = "identity", _("Question about identity (Art. 12(6))")
    EXTENSION = "extension", _("Extension of the time limit (Art. 12(3))")
    REFUSAL = "refusal", _("Refusal with reasons (Art. 12(4))")
    NOT_FOUND = "not_found", _("Nothing found about the person")
    ACCESS = "access", _("Answer to a request for access (Art. 15)")
    RECTIFICATION = "rectification", _("Confirmation of a correction (Art. 16)")
    ERASURE = "erasure", _("Confirmation of an erasure (Art. 17)")
    RESTRICTION = "restriction", _("Confirmation of a restriction (Art. 18)")
    RESTRICTION_LIFT = "restriction_lift", _("Notice that a restriction ends (Art. 18(3))")
    PORTABILITY = "portability", _("Data to take elsewhere (Art. 20)")
    OBJECTION = "objection", _("Answer to an objection (Art. 21)")
    WITHDRAWAL = "withdrawal", _("Confirmation of a withdrawal of consent (Art. 7(3))")
    ANSWER = "answer", _("Answer in your own words")
    RECIPIENTS = "recipients", _("Notice to a recipient (Art. 19)")
    INDIRECT = "indirect", _("Where we have the data from (Art. 14)")


class LetterLanguage(models.TextChoices):
    CZECH = "cs", "Čeština"
    ENGLISH = "en", "English"


class NoticeEvent(models.TextChoices):
    """What a recipient of data is told of (Art. 19)."""

    RECTIFICATION = "rectification", pgettext_lazy("recipients are told of", "correction")
    ERASURE = "erasure", pgettext_lazy("recipients are told of", "erasure")
    RESTRICTION = "restriction", pgettext_lazy("recipients are told of", "restriction")


class LetterTemplate(models.Model):
    """The wording that letters of one kind begin with, in one language. Placeholders stand in braces.

    Made from the file shipped with the product and edited by the data protection officer; `is_edited` says that it
    is no longer the shipped wording.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=LetterKind.choices)
    language = models.CharField(_("language"), max_length=2, choices=LetterLanguage.choices)
    subject = models.CharField(pgettext_lazy("letter", "subject"), max_length=150)
    body = models.TextField(pgettext_lazy("letter", "text"))
    is_edited = models.BooleanField(default=False, editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, editable=False)

    class Meta:
        verbose_name = _("template of a letter")
        verbose_name_plural = _("templates of letters")
        permissions = [("manage_lettertemplate", "Can edit the templates of letters")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="gdpr_template_once"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(body=""), name="gdpr_template_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_language_display()}"


class Letter(SealedModel):
    """One letter: a draft until it is sent, unchangeable afterwards.

    Sealed under the key of the request that it belongs to, with which it stays, else under the key of the card, with
    which it goes. `subject` never holds a personal value: an e-mail shows it openly. Sending by e-mail is asked for
    by `queued_at`; a worker claims it (`claimed_at`) before the message leaves, so that it leaves once however often
    the job runs. `failure` says why it did not.
    """

    class Via(models.TextChoices):
        EMAIL = "email", pgettext_lazy("sent by", "e-mail")
        POST = "post", pgettext_lazy("sent by", "post")
        DATA_BOX = "data_box", pgettext_lazy("sent by", "data box")
        HANDED = "handed", pgettext_lazy("sent by", "handed over")

    class Failure(models.TextChoices):
        """UNREACHABLE is tried again by itself; the others wait for a colleague."""

        NONE = "", ""
        UNREACHABLE = "unreachable", _("The mail server could not be reached; it will be tried again.")
        REFUSED = "refused", _("The mail server refused the letter. Check the address.")
        UNKNOWN = "unknown", _("The connection broke while sending: nobody knows whether the letter arrived.")
        UNREADABLE = "unreadable", _("The letter can’t be made into a PDF.")

    kind = models.CharField(_("kind"), max_length=20, choices=LetterKind.choices)
    language = models.CharField(_("language"), max_length=2, choices=LetterLanguage.choices)
    request = models.ForeignKey(
        DataSubjectRequest, models.CASCADE, null=True, related_name="letters", verbose_name=_("request")
    )
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="letters", verbose_name=_("contact"))
    subject = SealedCharField(pgettext_lazy("letter", "subject"), max_length=250)
    body = SealedTextField(pgettext_lazy("letter", "text"))
    to_address = SealedTextField(_("addressee"), blank=True)
    to_email = SealedEmailField(_("e-mail"), blank=True)
    # The name that a purpose gives a recipient of data (an authority, a firm), never a person's.
    recipient = models.CharField(_("recipient"), max_length=250, blank=True)
    event = models.CharField(
        pgettext_lazy("recipients are told of", "what of"), max_length=13, choices=NoticeEvent.choices, blank=True
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    created_by_id = models.UUIDField(pgettext_lazy("letter", "written by"), null=True, editable=False)
    queued_at = models.DateTimeField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    failure = models.CharField(max_length=12, choices=Failure.choices, blank=True, default="", editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    sent_by_id = models.UUIDField(pgettext_lazy("letter", "sent by"), null=True, editable=False)
    sent_via = models.CharField(_("sent how"), max_length=10, choices=Via.choices, blank=True, default="")

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        default_permissions = ()
        indexes = [
            models.Index(fields=["contact", "-sent_at"], name="gdpr_letter_of_contact"),
            models.Index(fields=["request", "created_at"], name="gdpr_letter_of_request"),
            models.Index(
                fields=["queued_at"],
                condition=Q(queued_at__isnull=False, sent_at__isnull=True),
                name="gdpr_letter_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | ~Q(sent_via=""), name="gdpr_letter_sent_somehow"
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.sent_at is None and self.queued_at is None

    @property
    def is_waiting(self) -> bool:
        """Whether the worker will send it by itself."""
        return self.sent_at is None and self.queued_at is not None and self.failure in ("", self.Failure.UNREACHABLE)

    @property
    def has_failed(self) -> bool:
        """Whether a colleague has to decide what becomes of it."""
        return self.sent_at is None and self.failure not in ("", self.Failure.UNREACHABLE)
