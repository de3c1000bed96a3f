"""The blind index: what makes ciphertext findable. Rebuilt from the cards at any time, left out of backups."""

from __future__ import annotations

from django.db import models

from contacts.models.card import Contact


class NameToken(models.Model):
    """A keyed hash of one prefix of one word of a name."""

    pk = models.CompositePrimaryKey("token", "contact_id")
    token = models.BigIntegerField()
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="name_tokens")

    def __str__(self) -> str:
        return f"name token of {self.contact_id}"


class AddressToken(models.Model):
    """A keyed hash of one whole e-mail address, phone number or registration number."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        NUMBER = "number"

    pk = models.CompositePrimaryKey("digest", "contact_id")
    digest = models.UUIDField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="address_tokens")

    def __str__(self) -> str:
        return f"address token of {self.contact_id}"
