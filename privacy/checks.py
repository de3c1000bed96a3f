"""System checks: the data map must know every table and field (privacy.E001 …)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import connections, models

from privacy.append_only import guarded_models, missing_triggers
from privacy.datamap import DataMap, Entry, Field, Kind, collect
from privacy.keys import verify_keys
from privacy.models import SubjectKey, SystemKey
from privacy.proposal import proposed_entry, way_to_contact
from privacy.sealed import KeyReference, SealedField, SealedManager, SealedModel, SealedQuerySet

_TEXTS = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)


def check_data_map(app_configs: Any = None, **_kwargs: Any) -> list[Error]:
    """Compare the declarations with the real models."""
    return list(compare(collect(), apps.get_models(include_auto_created=True)))


def compare(data_map: DataMap, all_models: Iterable[type[models.Model]]) -> Iterator[Error]:
    """Every difference between a data map and the models, each with what to write."""
    tables = {m._meta.label_lower: m for m in all_models if m._meta.managed and not m._meta.proxy}
    counts = Counter(entry.model.lower() for entry in data_map.entries)
    for label, count in counts.items():
        if count > 1:
            yield Error(f"{label} is declared {count} times in the data map.", "Keep one.", id="privacy.E002")
    for label, model in tables.items():
        if label not in counts:
            yield _undeclared_model(model, data_map)
    for entry in data_map.entries:
        if entry.model.lower() in tables:
            yield from _check_entry(entry, tables[entry.model.lower()])
        else:
            hint = "Remove the entry or correct its name (app_label.ModelName)."
            yield Error(f"The data map declares {entry.model}, which is not installed.", hint, id="privacy.E003")


def columns(model: type[models.Model]) -> list[Any]:
    """The fields to declare: all columns but a generated primary key and the reference to the data key."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, KeyReference) and not (field.primary_key and isinstance(field, _GENERATED))
    ]


_GENERATED = (models.AutoField, models.BigAutoField, models.SmallAutoField, models.UUIDField)


def _undeclared_model(model: type[models.Model], data_map: DataMap) -> Error:
    where = f"{model._meta.app_label}/privacy.py"
    hint = (
        f"Add this to DATA_MAP in {where} (in crm/privacy.py for a table that comes from outside), and read it: what "
        f"is each field to a person, which category, when does a row go? See docs/data-map.md.\n\n"
        f"from privacy.datamap import PLAIN, Entry, Field, Kind\n\n"
        f"{proposed_entry(model, columns(model), data_map)}\n"
    )
    way = way_to_contact(model, data_map)
    about = f" It leads to a contact ({way}): export and erasure would forget its rows." if way else ""
    return Error(f"{model._meta.label} is not in the data map.{about}", hint, obj=model, id="privacy.E001")


def _check_entry(entry: Entry, model: type[models.Model]) -> Iterator[Error]:
    real = {field.name: field for field in columns(model)}
    for name in real:
        if name not in entry.fields:
            hint = f'Add "{name}": Field(Kind.…, "category") to the entry of {entry.model}.'
            yield Error(f"{entry.model}.{name} is not in the data map.", hint, obj=model, id="privacy.E004")
    for name, item in entry.fields.items():
        if name not in real and name not in {field.name for field in model._meta.local_concrete_fields}:
            hint = "Remove it from the entry or correct its name."
            yield Error(f"The data map declares {entry.model}.{name}: no such field.", hint, id="privacy.E005")
        else:
            yield from _check_field(entry, name, item, real.get(name))
    if not entry.ends.strip():
        yield Error(f"{entry.model} never ends.", "Say in `ends` when a row goes.", obj=model, id="privacy.E006")
    yield from _check_way(entry, model)


def _check_field(entry: Entry, name: str, item: Field, real: Any) -> Iterator[Error]:
    where = f"{entry.model}.{name}"
    if not item.kind.is_personal:
        return
    if item.erase != "keep" and not item.export and not item.because:
        hint = "Set export=True, or say in `because` which exported field it only repeats."
        yield Error(f"{where} is erased but not exported.", hint, id="privacy.E007")
    if item.erase == "keep" and not item.because:
        hint = "Say in `because` on what lawful reason and until when it stays (Art. 17(3))."
        yield Error(f"{where} survives erasure without a reason.", hint, id="privacy.E008")
    if not item.category:
        hint = 'Name the data category, as in Field(Kind.PERSONAL, "contact").'
        yield Error(f"{where} is personal and names no category.", hint, id="privacy.E009")
    revealing = item.kind in (Kind.IDENTIFYING, Kind.SPECIAL) and isinstance(real, _TEXTS)
    if revealing and not isinstance(real, SealedField) and not item.because:
        hint = "Use a field of privacy.sealed, or say in `because` why it must stand in clear."
        yield Error(f"{where} tells who somebody is and is not sealed.", hint, obj=real, id="privacy.E010")


def _check_way(entry: Entry, model: type[models.Model]) -> Iterator[Error]:
    if entry.to_contact is None:
        if any(item.kind.is_personal for item in entry.fields.values()) and not entry.because:
            hint = 'Write to_contact="contact" or the like, or say in `because` whose data these are.'
            yield Error(f"{entry.model} holds personal data without a way to their contact.", hint, id="privacy.E011")
        return
    try:
        steps = list(_steps(model, entry.to_contact))
    except (FieldDoesNotExist, AttributeError):
        hint = "It is an ORM lookup: field names joined by `__`, ending at the contact or at a column with its id."
        yield Error(f'{entry.model}: to_contact="{entry.to_contact}" leads nowhere.', hint, id="privacy.E012")
        return
    for field in steps:
        if not _indexed(field):
            hint = f"Give {field} an index: without one, export and erasure read the whole table."
            yield Error(f"{entry.model}: the way to the contact has no index.", hint, obj=field, id="privacy.E013")


def _steps(model: type[models.Model], lookup: str) -> Iterator[Any]:
    """The fields along an ORM lookup. Raises FieldDoesNotExist or AttributeError where it leads nowhere."""
    current: Any = model
    for part in lookup.split("__"):
        field = current._meta.pk if part == "pk" else current._meta.get_field(part)
        yield field
        current = field.related_model


def _indexed(field: Any) -> bool:
    if not field.concrete or field.unique or field.db_index:
        return True
    options = field.model._meta
    firsts = [index.fields[0].lstrip("-") for index in options.indexes if index.fields and index.condition is None]
    firsts += [c.fields[0] for c in options.total_unique_constraints]
    return field.name in firsts or field.attname in firsts


def check_sealed_managers(app_configs: Any = None, **_kwargs: Any) -> list[Error]:
    """Every sealed model is read through a queryset that knows what ciphertext cannot do."""
    errors = []
    for model in apps.get_models():
        manager: Any = model._default_manager
        label = model._meta.label
        if issubclass(model, SealedModel) and not isinstance(manager, SealedManager):
            hint = "Write `objects = SealedManager.from_queryset(ItsQuerySet)()`."
            errors.append(Error(f"{label} has no SealedManager.", hint, obj=model, id="privacy.E023"))
        elif issubclass(model, SealedModel) and not issubclass(manager._queryset_class, SealedQuerySet):
            hint = "Let it inherit from privacy.sealed.SealedQuerySet."
            errors.append(Error(f"{label}: its queryset is not sealed.", hint, obj=model, id="privacy.E024"))
    return errors


def check_append_only(app_configs: Any = None, **_kwargs: Any) -> list[Error]:
    """Every `erasable_by` names a column that exists."""
    errors = []
    for model in guarded_models():
        column = model.append_only.erasable_by  # type: ignore[attr-defined]
        if column and column not in {field.column for field in model._meta.local_concrete_fields}:
            hint = "Name the column (not the field) that holds the subject's uuid."
            errors.append(Error(f"{model._meta.label}: no column {column}.", hint, obj=model, id="privacy.E030"))
    return errors


def check_database(
    app_configs: Any = None, databases: Iterable[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """The keys open this database and the guards are up (`check --database default`, and before every migrate).

    A missing guard is only a warning here: it is `migrate` that puts it up again. Processes refuse to start on it.
    """
    found: list[CheckMessage] = []
    for alias in databases or ():
        if SubjectKey._meta.db_table not in connections[alias].introspection.table_names():
            continue  # nothing there yet: the first migrate is about to come
        if not SystemKey.objects.using(alias).exists() and not SubjectKey.objects.using(alias).exists():
            continue  # an interrupted first migrate: the next one makes the keys
        try:
            verify_keys(alias)
        except ImproperlyConfigured as error:
            found.append(Error(str(error), id="privacy.E031"))
        for name in missing_triggers(connections[alias]):
            found.append(CheckWarning(f"The guard {name} is missing or changed.", id="privacy.W032"))
    return found
