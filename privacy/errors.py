"""What can go wrong with sealed data. No message ever holds a personal value or key material."""

from django.core.exceptions import ImproperlyConfigured


class SealError(Exception):
    """A sealed value cannot be read or written. The message names table, column and row only."""


class KeyMissing(SealError):  # noqa: N818
    """The data key of a row is gone: erased if the erasure ledger names the subject, otherwise an alarm."""


class KeyErased(KeyMissing):
    """The data key of a row is gone because the person was erased: the ledger of erasures names it."""


class SealBroken(SealError):  # noqa: N818
    """A ciphertext does not belong where it stands: tampered with, moved from another row, or damaged."""


class WrongKey(ImproperlyConfigured):
    """FIELD_ENCRYPTION_KEY is not the key that wrapped the stored data keys."""
