"""The people who use the system, their teams, and the installation they share."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Save a user; without a password the account waits for its invitation link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """A colleague. Known elsewhere by `id` only; the audit never holds a name."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the system")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("work e-mail"), unique=True)
    full_name = models.CharField(_("name"), max_length=150)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    language = models.CharField(
        _("language"), max_length=5, choices=[("cs", "Čeština"), ("en", "English")], default="cs"
    )
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    date_joined = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return str(self)

    @property
    def initials(self) -> str:
        """One or two letters for the round badge."""
        words = [word for word in self.full_name.split() if word[:1].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


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
