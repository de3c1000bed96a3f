"""How a contact is reached: e-mails, phones and postal addresses, each with a kind and at most one primary."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.card import Contact, Source
from privacy.sealed import SealedCharField, SealedEmailField, SealedModel


def one_primary(table: str) -> models.UniqueConstraint:
    """A contact has at most one primary channel of a sort."""
    return models.UniqueConstraint(fields=["contact"], condition=models.Q(is_primary=True), name=f"{table}_one_primary")


class EmailAddress(SealedModel):
    """An e-mail address. Its own source matters: one found on the web never carries offers."""

    class Kind(models.TextChoices):
        WORK = "work", _("work")
        PRIVATE = "private", _("private")
        BILLING = "billing", _("billing")
        OTHER = "other", _("other")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="emails")
    value = SealedEmailField(_("e-mail"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.WORK)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices)
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        constraints = [one_primary("contacts_email")]

    def __str__(self) -> str:
        return f"e-mail {self.pk}"


class Phone(SealedModel):
    """A phone number, kept as E.164 where it could be read and as typed where not."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("mobile")
        WORK = "work", _("work")
        PRIVATE = "private", _("private")
        FAX = "fax", _("fax")
        OTHER = "other", _("other")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="phones")
    value = SealedCharField(_("phone"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MOBILE)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices)
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        verbose_name = _("phone")
        verbose_name_plural = _("phones")
        constraints = [one_primary("contacts_phone")]

    def __str__(self) -> str:
        return f"phone {self.pk}"


class PostalAddress(SealedModel):
    """A postal address in the parts that letters need."""

    class Kind(models.TextChoices):
        WORK = "work", _("work")
        HOME = "home", _("home")
        BILLING = "billing", _("billing")
        DELIVERY = "delivery", _("delivery")
        OTHER = "other", _("other")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses")
    street = SealedCharField(_("street and number"), max_length=250, blank=True)
    city = SealedCharField(_("town"), max_length=150, blank=True)
    postcode = SealedCharField(_("postcode"), max_length=20, blank=True)
    region = SealedCharField(_("region"), max_length=150, blank=True)
    country = SealedCharField(_("country"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.WORK)
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [one_primary("contacts_postal")]

    def __str__(self) -> str:
        return f"address {self.pk}"

    @property
    def lines(self) -> list[str]:
        """The address as it stands on an envelope, without empty lines."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return [line for line in (self.street, town, self.region, self.country) if line]


def on_one_line(address: PostalAddress) -> str:
    return ", ".join(address.lines)


Channel = EmailAddress | Phone | PostalAddress
ChannelValues = dict[str, Any]
