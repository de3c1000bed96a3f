"""Personal data at rest: model fields that hold ciphertext under the data key of the person they are about.

A value is AES-256-GCM under the row's SubjectKey, with `table.column:row:key` as additional data, so it can be read
nowhere but where it was written. (Table and column names are therefore part of the data: renaming one means sealing
again.) Opening is lazy; a field that nobody touched goes back with the same ciphertext. What cannot work on
ciphertext is refused rather than wrong: lookups other than `isnull` and `=""`, expressions, ordering, values().
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from django.core import checks
from django.core.exceptions import FieldDoesNotExist, FieldError, ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute, ForwardManyToOneDescriptor
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, IsNull
from django.db.models.query_utils import DeferredAttribute
from encrypted_model_fields import fields as emf

from privacy.absence import missing_key
from privacy.errors import KeyMissing
from privacy.models import SubjectKey
from privacy.wrapping import Cipher, Token

if TYPE_CHECKING:
    _CharBase = models.CharField[str, str]
    _TextBase = models.TextField[str, str]
    _EmailBase = models.EmailField[str, str]
    _DateBase = models.DateField[Any, Any]
else:
    _CharBase = emf.EncryptedCharField
    _TextBase = emf.EncryptedTextField
    _EmailBase = emf.EncryptedEmailField
    _DateBase = emf.EncryptedDateField

# What stands for "something is filled in" where the database must only tell empty from not empty.
FILLED = Token(Cipher.PREFIX)


class LazySeal(DeferredAttribute):
    """Opens a sealed value when it is first read, and keeps the opened value on the instance."""

    if TYPE_CHECKING:
        field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        value = instance.__dict__[name] if name in instance.__dict__ else super().__get__(instance, cls)
        if type(value) is Token:
            value = instance.__dict__[name] = self.field.open(instance, value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        # A data descriptor: otherwise the instance's __dict__ would shadow __get__ and show the ciphertext.
        instance.__dict__[self.field.attname] = value


class EmptyExact(Exact):
    """`field = ''`, the only comparison that ciphertext allows."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError(f"{self.lhs.output_field.name} is sealed: search its blind index, or filter on isnull")
        return self.rhs


class SealedField:
    """What all sealed fields share. `dump` and `parse` turn the value into the sealed text and back."""

    if TYPE_CHECKING:  # from models.Field, which stands beside this class in every field
        model: type[models.Model]
        name: str
        attname: str
        column: Any
        unique: bool
        db_index: bool
        primary_key: bool
        has_db_default: Any

    descriptor_class: Any = LazySeal
    # Whether '' means "nothing filled in" and is stored as it is.
    blank_is_plain = True

    def place(self, instance: Any) -> bytes:
        """The additional data: where alone this value can be read."""
        return f"{self.model._meta.db_table}.{self.column}:{instance.pk}:{instance.key_id}".encode()

    def open(self, instance: Any, token: Token) -> Any:
        """The value sealed for this very row. Raises KeyMissing or SealBroken."""
        return self.parse(_cipher(instance).open(token, self.place(instance)))

    def seal(self, instance: Any, value: Any) -> Any:
        """Ciphertext of `value` for this row; None and '' stay as they are, so that constraints can see emptiness."""
        if value is None or (self.blank_is_plain and value == ""):
            return value
        return _cipher(instance).seal(self.dump(value), self.place(instance))

    def dump(self, value: Any) -> str:
        return str(self.to_python(value))

    def parse(self, text: str) -> Any:
        return self.to_python(text)

    # --- between Python and the database ---

    def to_python(self, value: Any) -> Any:
        # Past EMF's own to_python: it would decrypt a token that somebody typed into a form.
        return value if type(value) is Token else super(emf.EncryptedMixin, self).to_python(value)  # type: ignore[misc]

    def from_db_value(self, value: str | None, *_args: Any) -> Token | str | None:
        return Token(value) if value else value

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if type(value) is Token:
            if add:  # a copied row must not carry ciphertext that belongs to another
                self.open(model_instance, value)
            return value
        value = super().pre_save(model_instance, add)  # type: ignore[misc]
        return value if hasattr(value, "resolve_expression") else self.seal(model_instance, value)

    def get_prep_value(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return self.get_db_prep_save(value, connection)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value is None or (self.blank_is_plain and type(value) is str and value == ""):
            return value
        if type(value) is Token:
            return value.raw()
        if hasattr(value, "resolve_expression") and _only_sealed(value):
            return value
        raise TypeError(f"{self} takes no unsealed value or expression: set it on the row and save the row")

    def get_internal_type(self) -> str:
        return "TextField"

    # --- what ciphertext cannot do ---

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return IsNull
        if lookup_name == "exact" and self.blank_is_plain:
            return EmptyExact
        raise FieldError(f"{self.name} is sealed: search its blind index, or filter on isnull")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is sealed: the database cannot compute with it")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        errors = [*super().check(**kwargs)]  # type: ignore[misc]
        if self.unique or self.db_index or self.primary_key:
            hint = "Put a digest from privacy.blind_index into a column of its own."
            errors.append(checks.Error("A sealed field cannot be unique or indexed.", hint, self, "privacy.E020"))
        if self.has_db_default():
            errors.append(checks.Error("A sealed field cannot have a db_default.", obj=self, id="privacy.E021"))
        if not issubclass(self.model, SealedModel):
            hint = "Let the model inherit from privacy.sealed.SealedModel."
            errors.append(checks.Error("A sealed field needs a row with a data key.", hint, self, "privacy.E022"))
        return errors


class SealedCharField(SealedField, _CharBase):
    """A sealed line of text; `max_length` counts the characters of the value, not of the ciphertext."""


class SealedTextField(SealedField, _TextBase):
    """A sealed text of any length."""


class SealedEmailField(SealedField, _EmailBase):
    """A sealed e-mail address. Find it through `privacy.blind_index.email_digest`."""


class SealedDateField(SealedField, _DateBase):
    """A sealed date without time."""

    blank_is_plain = False

    def dump(self, value: Any) -> str:
        date: str = self.to_python(value).isoformat()
        return date


class SealedJSONField(SealedField, emf.EncryptedMixin, models.JSONField):  # type: ignore[misc]
    """Sealed JSON; an empty object or list is sealed too, only None is NULL."""

    blank_is_plain = False

    def dump(self, value: Any) -> str:
        return json.dumps(value, cls=self.encoder or DjangoJSONEncoder, ensure_ascii=False)

    def parse(self, text: str) -> Any:
        return json.loads(text, cls=self.decoder)

    def to_python(self, value: Any) -> Any:
        return value


# --- the key of a row -------------------------------------------------------------------------------------------


class KeyAccessor(ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    """`row.key`: raises KeyMissing when the key was destroyed; a new key makes the row open itself first."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        try:
            key = super().__get__(instance, cls)
        except ObjectDoesNotExist:
            key = None
        if key is None and instance.key_id is not None:
            raise missing_key(instance.key_id, f"{instance._meta.db_table}:{instance.pk}")
        return key


class KeyId(ForeignKeyDeferredAttribute):
    """`row.key_id`: values that are still sealed are opened under the old key before it changes."""

    def __set__(self, instance: Any, value: Any) -> None:
        old = instance.__dict__.get(self.field.attname)
        if old is not None and old != value:
            open_all(instance)
        super().__set__(instance, value)


class KeyReference(models.ForeignKey):  # type: ignore[type-arg]
    """The foreign key from a sealed row to its data key.

    Nullable for the ORM, so that queries join the key from the left and a row whose key was destroyed does not
    silently vanish from them; the column itself has a CHECK that it is filled in. There is no foreign-key
    constraint: key rows are backed up apart and destroyed before the rows that they seal.
    """

    forward_related_accessor_class = KeyAccessor
    descriptor_class = KeyId

    def __init__(self, to: Any = SubjectKey, on_delete: Any = models.DO_NOTHING, **kwargs: Any) -> None:
        fixed = {"null": True, "db_constraint": False, "related_name": "+", "editable": False}
        super().__init__(to, on_delete, **{**kwargs, **fixed})

    def db_check(self, connection: Any) -> str:
        return f"{connection.ops.quote_name(self.column)} IS NOT NULL"


def sealed_fields(model: type[models.Model]) -> list[Any]:
    """The sealed fields of a model, in order."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


def open_all(instance: Any) -> None:
    """Open every loaded value that is still sealed."""
    for field in sealed_fields(type(instance)):
        if type(instance.__dict__.get(field.attname)) is Token:
            getattr(instance, field.attname)


def _cipher(instance: Any) -> Cipher:
    key = instance.key
    if key is None:
        raise KeyMissing(f"A row of {instance._meta.db_table} has no data key: set `key` before saving personal data")
    cipher: Cipher = key.cipher
    return cipher


def _only_sealed(expression: Any) -> bool:
    """Whether an expression (what bulk_update() builds) can yield nothing but ciphertext, '' or NULL."""
    if isinstance(expression, Cast):
        return _only_sealed(expression.get_source_expressions()[0])
    if isinstance(expression, models.Case):
        return all(_only_sealed(case.result) for case in expression.cases) and _only_sealed(expression.default)
    if not isinstance(expression, models.Value):
        return False
    return expression.value is None or expression.value == "" or type(expression.value) is Token


# --- querysets and models ---------------------------------------------------------------------------------------

M = TypeVar("M", bound=models.Model)


class SealedQuerySet(models.QuerySet[M]):
    """A queryset that knows that ciphertext cannot be compared, sorted, computed with or read without its row."""

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Seal the named fields of every row, then update as usual."""
        rows, names = list(objs), list(fields)
        self._refuse_key_change(names)
        sealed: list[Any] = [f for f in map(self.model._meta.get_field, names) if isinstance(f, SealedField)]
        kept = [(row, field, row.__dict__.get(field.attname)) for row in rows for field in sealed]
        try:
            for row, field, _value in kept:
                row.__dict__[field.attname] = models.Value(field.pre_save(row, False), output_field=field)
            return super().bulk_update(rows, names, batch_size)
        finally:
            for row, field, value in kept:
                row.__dict__[field.attname] = value

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Seal every row and insert them. Sealed fields cannot be overwritten on conflict: they belong to their row."""
        self._refuse_sealed(kwargs.get("update_fields") or (), "be overwritten on a conflict")
        return super().bulk_create(objs, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """Update plain columns. A sealed field takes only None or ''; its key cannot be changed under it."""
        self._refuse_key_change(kwargs)
        return super().update(**kwargs)

    def values(self, *fields: Any, **expressions: Any) -> Any:
        self._refuse_unopened(fields)
        return super().values(*fields, **expressions)

    def values_list(self, *fields: Any, **kwargs: Any) -> Any:
        self._refuse_unopened(fields)
        return super().values_list(*fields, **kwargs)

    def order_by(self, *fields: Any) -> Self:
        self._refuse_sealed([name.lstrip("-") for name in fields if isinstance(name, str)], "be sorted by")
        return super().order_by(*fields)

    def only(self, *fields: str) -> Self:
        """Load these fields; the key always comes along, as nothing sealed can be read without it."""
        return super().only(*fields, "key") if fields else super().only(*fields)

    def select_for_update(
        self, nowait: bool = False, skip_locked: bool = False, of: Sequence[str] = ("self",), no_key: bool = False
    ) -> Self:
        """Lock the rows themselves; PostgreSQL cannot lock the key that is joined from the left."""
        return super().select_for_update(nowait=nowait, skip_locked=skip_locked, of=of, no_key=no_key)

    def _refuse_unopened(self, fields: Sequence[Any]) -> None:
        names = fields or [field.name for field in sealed_fields(self.model)]
        self._refuse_sealed([name for name in names if isinstance(name, str)], "be read by values(): load the rows")

    def _refuse_sealed(self, names: Iterable[str], what: str) -> None:
        for name in names:
            try:
                field = self.model._meta.get_field(name)
            except FieldDoesNotExist:
                continue
            if isinstance(field, SealedField):
                raise FieldError(f"{self.model._meta.label}.{name} is sealed and cannot {what}")

    def _refuse_key_change(self, names: Iterable[str]) -> None:
        if {"key", "key_id"} & set(names) and sealed_fields(self.model):
            raise FieldError("A row's key changes only together with its sealed values: set row.key and save the row")


class SealedManager(models.Manager[M]):
    """Brings the key along with every row, so that opening needs no further query."""

    _queryset_class = SealedQuerySet

    def get_queryset(self) -> SealedQuerySet[M]:
        rows: Any = super().get_queryset().select_related("key")
        return cast("SealedQuerySet[M]", rows)


class SealedModel(models.Model):
    """A row about one person, with the data key that its sealed fields are under.

    For a queryset of its own a model writes `objects = SealedManager.from_queryset(ItsQuerySet)()`, where
    ItsQuerySet subclasses SealedQuerySet. A query that joins the row from another model joins its key too:
    `select_related("contact__key")`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    if TYPE_CHECKING:
        # Never None: the column has a CHECK, and a missing row raises KeyMissing. Models name their own manager.
        key: SubjectKey
        key_id: uuid.UUID
    else:
        key = KeyReference()
        objects = SealedManager()

    class Meta:
        abstract = True
        # Inherited by every sealed model: the key also comes along through a foreign key and on refresh.
        base_manager_name = "objects"

    def __getstate__(self) -> dict[str, Any]:
        """A pickle (cache, queue, copy) carries ciphertext: what was opened is sealed again first."""
        state: dict[str, Any] = super().__getstate__()
        for field in sealed_fields(type(self)):
            if field.attname in state and type(state[field.attname]) is not Token:
                state[field.attname] = field.seal(self, state[field.attname])
        return state

    def save(self, *args: Any, **kwargs: Any) -> None:
        names = kwargs.get("update_fields")
        if names is not None and {"key", "key_id"} & set(names):
            # A new key makes every value of the row new.
            kwargs["update_fields"] = {*names, *(field.name for field in sealed_fields(type(self)))}
        if self._state.fields_cache.get("key", self) is None:
            # The key is gone: plain columns may still be saved, sealed ones keep their ciphertext.
            del self._state.fields_cache["key"]
        super().save(*args, **kwargs)

    def _get_field_expression_map(self, meta: Any, exclude: Any = None) -> Any:
        """Constraints are tried with a stand-in: the real value must not travel to the database in clear."""
        exclude, sealed = set(exclude or ()), sealed_fields(type(self))
        mapped = super()._get_field_expression_map(meta, exclude | {field.name for field in sealed})  # type: ignore[misc]
        for field in sealed:
            if field.name not in exclude:
                value = self.__dict__.get(field.attname)
                mapped[field.name] = models.Value(value if value in (None, "") else FILLED, output_field=field)
        return mapped
