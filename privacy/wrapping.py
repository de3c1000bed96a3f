"""The outer envelope: data keys are kept wrapped under FIELD_ENCRYPTION_KEY, which never enters the database.

FIELD_ENCRYPTION_KEY is a list of Fernet keys, newest first. It is read at call time, so a rotation needs no other
code, and a wrapped key is opened only when a value is really read or written.
"""

from __future__ import annotations

import base64
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from encrypted_model_fields.fields import EncryptedCharField

from privacy.errors import SealBroken, WrongKey

if TYPE_CHECKING:
    _WrappedBase = models.CharField["str", "str"]
else:
    _WrappedBase = EncryptedCharField

DATA_KEY_BYTES = 32
NONCE_BYTES = 12


class Token(str):
    """Ciphertext of one field, not opened (or just sealed). Refuses to be shown or compared as if it were the value."""

    __slots__ = ()

    def __str__(self) -> str:
        raise TypeError("A sealed value was read without its row (values(), raw SQL?): load the row and read its field")

    def __repr__(self) -> str:
        return "<sealed>"

    def __format__(self, spec: str) -> str:
        return str(self)

    def raw(self) -> str:
        """The ciphertext itself, for the database only."""
        return str.__str__(self)


class Wrapped(str):
    """A data key wrapped under FIELD_ENCRYPTION_KEY, as the database holds it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<wrapped key>"


class Cipher:
    """One opened data key: AES-256-GCM with the place of the value as additional data."""

    __slots__ = ("_aead", "_key")

    PREFIX = "s1."

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._aead = AESGCM(key)

    def __repr__(self) -> str:
        return "<Cipher>"

    def __reduce__(self) -> Any:
        raise TypeError("An opened key is never pickled")

    def seal(self, text: str, place: bytes) -> Token:
        """Encrypt `text` for the one `place` (table.column:row:key) it may be read at."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._aead.encrypt(nonce, text.encode(), place)
        return Token(self.PREFIX + base64.urlsafe_b64encode(nonce + sealed).decode())

    def open(self, token: Token, place: bytes) -> str:
        """Decrypt what was sealed for this very `place`; SealBroken for anything else."""
        raw = token.raw()
        if not raw.startswith(self.PREFIX):
            raise SealBroken(f"Not a sealed value at {place.decode()}")
        try:
            data = base64.urlsafe_b64decode(raw[len(self.PREFIX) :])
            return self._aead.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place).decode()
        except (InvalidTag, ValueError):
            # `from None`: the chained error would carry the ciphertext into a traceback.
            raise SealBroken(f"The sealed value at {place.decode()} was changed or moved") from None

    def derive(self, purpose: bytes) -> bytes:
        """A 32-byte key for one further use (a file, a digest), from which the data key cannot be found."""
        return HKDF(algorithm=SHA256(), length=DATA_KEY_BYTES, salt=None, info=purpose).derive(self._key)


@lru_cache(maxsize=8)
def _fernets(keys: tuple[str, ...]) -> tuple[Fernet, ...]:
    try:
        return tuple(Fernet(key) for key in keys)
    except (ValueError, TypeError):
        raise ImproperlyConfigured(
            "FIELD_ENCRYPTION_KEY is not a valid key: it must be 32 random bytes in url-safe base64 (44 characters), "
            "several of them separated by commas, the newest first."
        ) from None


def fernets() -> tuple[Fernet, ...]:
    """The key-encryption keys in force, newest first."""
    return _fernets(_configured())


def _configured() -> tuple[str, ...]:
    configured = getattr(settings, "FIELD_ENCRYPTION_KEY", None)
    if isinstance(configured, (str, bytes)):
        configured = [configured]
    keys = tuple(str(key).strip() for key in configured or () if str(key).strip())
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEY is missing: without it no personal data can be read.")
    return keys


def outer_keys_for(purpose: bytes, salt: bytes) -> list[bytes]:
    """A 32-byte key for one further use (an archive) from each outer key, newest first (HKDF-SHA-256, RFC 5869)."""
    fernets()  # says in words what is wrong with a key
    return [
        HKDF(algorithm=SHA256(), length=DATA_KEY_BYTES, salt=salt, info=purpose).derive(base64.urlsafe_b64decode(key))
        for key in _configured()
    ]


def wrap(key: bytes) -> Wrapped:
    """Wrap a raw data key under the newest key-encryption key."""
    return Wrapped(fernets()[0].encrypt(base64.urlsafe_b64encode(key)).decode())


def unwrap(wrapped: str) -> bytes:
    """Open a wrapped data key with any of the key-encryption keys in force; WrongKey when none fits."""
    try:
        return base64.urlsafe_b64decode(MultiFernet(fernets()).decrypt(wrapped.encode()))
    except InvalidToken:
        raise WrongKey(
            "FIELD_ENCRYPTION_KEY does not open the stored data keys. Start with the key that this database was "
            "created with (several may be given, newest first); nothing is written with a wrong one."
        ) from None


def is_newest(wrapped: str) -> bool:
    """Whether the newest key-encryption key wraps this data key, so that a rotation may pass it over."""
    try:
        fernets()[0].decrypt(wrapped.encode())
    except InvalidToken:
        return False
    return True


class WrappedKeyField(_WrappedBase):
    """A data key at rest. In Python it stays wrapped (`Wrapped`); the field itself never opens it.

    The column and the format are those of django-encrypted-model-fields' EncryptedCharField. Its automatic opening
    is left out, because it returns the ciphertext as the value when the key is wrong.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": False, **kwargs})

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Wrapped) else Wrapped(value)

    def from_db_value(self, value: str | None, *_args: Any) -> Wrapped | None:
        return None if value is None else Wrapped(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if not isinstance(value, Wrapped) and not _only_wrapped(value):
            raise TypeError(f"{self} takes a wrapped key only: see privacy.wrapping.wrap")
        return value if hasattr(value, "resolve_expression") else str(value)

    def get_lookup(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} holds keys: nothing is looked up by them")


def _only_wrapped(expression: Any) -> bool:
    """Whether an expression built by bulk_update() yields nothing but wrapped keys."""
    if isinstance(expression, models.Case):
        return all(_only_wrapped(case.result) for case in expression.cases)
    if isinstance(expression, models.functions.Cast):
        return _only_wrapped(expression.get_source_expressions()[0])
    return isinstance(expression, models.Value) and isinstance(expression.value, Wrapped)
