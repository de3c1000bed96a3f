"""The card: one person or organisation."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.querysets import ContactQuerySet
from privacy.sealed import SealedCharField, SealedDateField, SealedManager, SealedModel

if TYPE_CHECKING:
    from accounts.models import User
    from contacts.models.channels import EmailAddress, Phone


class Source(models.TextChoices):
    """Where data come from (Art. 14(2)(f), 15(1)(g)). The two public ones never carry marketing without consent."""

    PERSON = "person", _("the person themselves")
    ENQUIRY = "enquiry", _("an enquiry")
    SALE = "sale", _("a sale or contract")
    EVENT = "event", _("a meeting or event")
    REFERRAL = "referral", _("a recommendation by someone else")
    EMPLOYER = "employer", _("their employer")
    PARTNER = "partner", _("a business partner")
    PUBLIC_REGISTER = "public_register", _("a public register")
    PUBLIC_WEB = "public_web", _("found on the web")
    OTHER = "other", _("another source")

    @classmethod
    def public(cls) -> frozenset[str]:
        """Sources that anyone could read: being public is no permission to send offers."""
        return frozenset({cls.PUBLIC_REGISTER.value, cls.PUBLIC_WEB.value})

    @classmethod
    def direct(cls) -> frozenset[str]:
        """Sources where the person gave the data themselves: what Art. 20 makes portable."""
        return frozenset({cls.PERSON.value, cls.ENQUIRY.value, cls.SALE.value, cls.EVENT.value})

    @classmethod
    def indirect(cls) -> frozenset[str]:
        """Sources other than the person: Art. 14 asks to inform them within a month."""
        return frozenset({cls.REFERRAL, cls.EMPLOYER, cls.PARTNER, cls.PUBLIC_REGISTER, cls.PUBLIC_WEB, cls.OTHER})


class TagQuerySet(models.QuerySet["Tag"]):
    def offered_to(self, user: User) -> TagQuerySet:
        """Those on cards that the user may see, and those they made: a name may tell what a hidden card is about."""
        on_cards = Contact.tags.through.objects.filter(tag=OuterRef("pk"))
        seen = on_cards.filter(contact__in=Contact.objects.visible_to(user).order_by().values("pk"))
        return self.filter(models.Q(made_by=user) | Exists(seen))


class Tag(models.Model):
    """A short word that groups cards. Shared by everyone, so it must never describe one person."""

    name = models.CharField(_("tag"), max_length=40, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("tag made by"),
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


ContactManager = SealedManager.from_queryset(ContactQuerySet)


class Contact(SealedModel):
    """A person or an organisation. Every personal value is sealed under the card's own key."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")

    class Language(models.TextChoices):
        CZECH = "cs", "Čeština"
        ENGLISH = "en", "English"
        SLOVAK = "sk", "Slovenčina"
        GERMAN = "de", "Deutsch"
        POLISH = "pl", "Polski"

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.PERSON)
    title_before = SealedCharField(_("title before the name"), max_length=60, blank=True)
    first_name = SealedCharField(_("first name"), max_length=100, blank=True)
    last_name = SealedCharField(_("last name"), max_length=150, blank=True)
    title_after = SealedCharField(_("title after the name"), max_length=60, blank=True)
    salutation = SealedCharField(
        _("salutation"),
        max_length=120,
        blank=True,
        help_text=_("How letters begin, for example “Vážená paní Nováková”."),
    )
    organisation_name = SealedCharField(_("organisation"), max_length=250, blank=True)
    employer = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("works for")
    )
    position = SealedCharField(_("position"), max_length=150, blank=True)
    birth_date = SealedDateField(_("birth date"), null=True, blank=True)
    ico = SealedCharField(_("IČO"), max_length=8, blank=True)
    dic = SealedCharField(_("DIČ"), max_length=14, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.CZECH)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices)
    source_detail = SealedCharField(
        _("source in detail"), max_length=250, blank=True, help_text=_("Which form, event, register or person.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_contacts",
        verbose_name=_("owner"),
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="contacts", verbose_name=_("tags"))
    restricted_at = models.DateTimeField(_("restricted since"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True, editable=False)

    objects: ClassVar[ContactManager[Self]] = ContactManager()

    if TYPE_CHECKING:
        emails: models.Manager[EmailAddress]
        phones: models.Manager[Phone]

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["-created_at", "id"], name="contacts_newest"),
            models.Index(fields=["owner", "-created_at"], name="contacts_owner_newest"),
        ]
        permissions = [
            ("view_all_contacts", "Can see all contacts, whatever the installation says"),
            ("import_contact", "Can import contacts"),
            ("merge_contact", "Can merge two contacts"),
            ("restrict_contact", "Can restrict processing, correct a restricted card and lift the restriction"),
            ("export_contact", "Can export all data of a contact"),
        ]

    def __str__(self) -> str:
        # Names must not slip into logs and the admin's history: the card's own pages ask for display_name.
        return f"contact {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("crm:card", args=[self.pk])

    @cached_property
    def display_name(self) -> str:
        """The name as people say it, with titles; for a nameless card its first e-mail, else a plain word."""
        if self.kind == self.Kind.ORGANISATION and self.organisation_name:
            return self.organisation_name
        name = " ".join(part for part in (self.title_before, self.first_name, self.last_name) if part)
        if name and self.title_after:
            name = f"{name}, {self.title_after}"
        return name or self.organisation_name or gettext("(no name)")

    @property
    def badge_name(self) -> str:
        """What the round badge takes its letters from: first and last name without titles, or the organisation."""
        words = [*self.first_name.split()[:1], *self.last_name.split()[:1]]
        return " ".join(words) or self.organisation_name

    @property
    def sort_name(self) -> str:
        """The name as lists order it: surname first."""
        if self.kind == self.Kind.ORGANISATION:
            return self.organisation_name
        return f"{self.last_name} {self.first_name}".strip() or self.organisation_name

    @property
    def initials(self) -> str:
        words = [self.first_name, self.last_name] if self.last_name else self.display_name.split()
        return "".join(word[0] for word in words[:2] if word[:1].isalnum()).upper() or "?"

    @property
    def subject_id(self) -> uuid.UUID:
        """The subject under whose key new rows of this card are sealed."""
        return self.key.subject_id

    @property
    def is_restricted(self) -> bool:
        """Processing is restricted (Art. 18): the data are stored and nothing else."""
        return self.restricted_at is not None


class Subject(models.Model):
    """What consents and grounds hang on. A merged card has several, each keeping its own keys and events."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="subjects")

    def __str__(self) -> str:
        return f"subject {self.pk}"


class ContactAlias(models.Model):
    """The former address of a card that was merged into another: it redirects."""

    old_id = models.UUIDField(primary_key=True)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="aliases")
    merged_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"alias {self.old_id}"
