"""The people who use the system, their teams, and the installation they share."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, GroupManager, PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.querysets import UserQuerySet

# Any one of these opens the administration: it shows to each only what they may see there.
ADMINISTRATION = ("accounts.view_user", "accounts.manage_installation", "auth.view_group", "accounts.view_team")


# Where the e-mails of former colleagues end whose names are gone: a domain that can never exist (RFC 2606).
FORGOTTEN_DOMAIN = "former.invalid"


class Team(models.Model):
    """A group of colleagues who may see each other's contacts when the installation says so."""

    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Users are known by their work e-mail, compared without regard to case."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def active(self) -> UserQuerySet:
        return self.get_queryset().active()

    def holding(self, permission: str) -> UserQuerySet:
        return self.get_queryset().holding(permission)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Save a user; without a password the account waits for its invitation link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{**fields, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """A colleague. Known elsewhere by `id` only; the audit never holds a name."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the system")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("work e-mail"), unique=True)
    full_name = models.CharField(_("name and surname"), max_length=150)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    language = models.CharField(
        _("language"), max_length=5, choices=[("cs", "Čeština"), ("en", "English")], default="cs"
    )
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    deactivated_at = models.DateTimeField(_("deactivated"), null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["full_name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_lower"),
        ]

    def __str__(self) -> str:
        return gettext("former colleague") if self.is_forgotten else self.full_name or self.email

    @property
    def is_forgotten(self) -> bool:
        """Whether name and e-mail are gone for good, see accounts/ending.py."""
        return self.email.endswith(f"@{FORGOTTEN_DOMAIN}")

    @property
    def is_staff(self) -> bool:
        """Whether the administration opens for them: a consequence of their permissions, not a flag of its own."""
        return any(self.has_perm(permission) for permission in ADMINISTRATION)

    def get_full_name(self) -> str:
        return str(self)

    @property
    def initials(self) -> str:
        """One or two letters for the round badge."""
        words = [word for word in self.full_name.split() if word[:1].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


class Role(Group):
    """A group under the name that people know it by. Its permissions are those of groups (`auth.change_group` …)."""

    objects: ClassVar[GroupManager] = GroupManager()

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("role")
        verbose_name_plural = _("roles")


class Installation(models.Model):
    """The one company this installation serves: the controller in the words of the GDPR (Art. 4(7))."""

    class Visibility(models.TextChoices):
        ALL = "all", _("all contacts")
        TEAM = "team", _("contacts of their team")
        OWN = "own", _("only their own contacts")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("company"), max_length=200, blank=True)
    registration_number = models.CharField(_("IČO"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail for privacy questions"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    dpo_contact = models.CharField(
        _("data protection officer"),
        max_length=200,
        blank=True,
        help_text=_("Name and contact shown to people (Art. 13)."),
    )
    visibility = models.CharField(_("colleagues see"), max_length=4, choices=Visibility.choices, default=Visibility.ALL)
    request_years = models.PositiveSmallIntegerField(
        _("years for which an answered request is kept"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(15)],
        help_text=_("As long as a claim about the answer can be made (Act 89/2012, § 629)."),
    )
    suppression_years = models.PositiveSmallIntegerField(
        _("years for which addresses to leave alone are kept"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("Counted from the last objection or erasure; then the address may be entered again (Art. 21(3))."),
    )
    four_eyes = models.BooleanField(_("a second colleague approves bulk erasure"), default=True)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installation")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="accounts_installation_single")]
        permissions = [("manage_installation", "Can change the settings of the installation")]

    def __str__(self) -> str:
        return self.name or str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> Installation:
        """The settings in force; the defaults where nobody has saved any yet."""
        return cls.objects.filter(id=1).first() or cls()


class RoleDefault(models.Model):
    """A permission that a role was once given by the table; see `accounts.roles.sync_roles`."""

    role = models.CharField(max_length=150)
    permission = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("default of a role")
        verbose_name_plural = _("defaults of roles")
        constraints = [models.UniqueConstraint("role", "permission", name="accounts_roledefault_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission}"


class AttemptCounter(models.Model):
    """How often something was tried of late. The key is an HMAC: neither names nor addresses stand here."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("counter of attempts")
        verbose_name_plural = _("counters of attempts")

    def __str__(self) -> str:
        return str(self.count)
