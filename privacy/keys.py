"""Making, finding and proving keys. Data keys belong to people, system keys to the installation."""

from __future__ import annotations

import os
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from privacy.models import SubjectKey, SystemKey
from privacy.wrapping import DATA_KEY_BYTES, unwrap, wrap

SYSTEM_KEY_NAMES = ("index", "suppression", "audit", "ledger")
CARD: str = SubjectKey.RetentionClass.CARD

# Opened system keys by (name, version); version None is the newest. They do not change when the outer key rotates.
_opened: dict[tuple[str, int | None], bytes] = {}


def new_subject_key(*, subject_id: UUID, retention_class: str = CARD) -> SubjectKey:
    """Make and save the data key of one person for one retention class ('card', 'proof', 'legal').

    Raises WrongKey when FIELD_ENCRYPTION_KEY is not the one of this database: a new key under a wrong outer key
    would split the data in two.
    """
    return new_subject_keys([subject_id], retention_class)[0]


def new_subject_keys(subject_ids: Iterable[UUID], retention_class: str = CARD) -> list[SubjectKey]:
    """Make and save the data keys of many people in one statement, in the order given."""
    if retention_class not in SubjectKey.RetentionClass.values:
        raise ValueError(f"Unknown retention class: {retention_class!r}")
    _prove_outer_key()
    keys = [
        SubjectKey(subject_id=subject_id, retention_class=retention_class, secret=wrap(os.urandom(DATA_KEY_BYTES)))
        for subject_id in subject_ids
    ]
    return SubjectKey.objects.bulk_create(keys, batch_size=2000)


def subject_key_for(*, subject_id: UUID, retention_class: str = CARD) -> SubjectKey:
    """The data key of this person and retention class, made where there is none yet. Safe in parallel."""
    found = SubjectKey.objects.filter(subject_id=subject_id, retention_class=retention_class).first()
    if found is not None:
        return found
    _prove_outer_key()
    key, _made = SubjectKey.objects.get_or_create(
        subject_id=subject_id,
        retention_class=retention_class,
        defaults={"secret": wrap(os.urandom(DATA_KEY_BYTES))},
    )
    return key


def system_key(name: str, version: int | None = None) -> bytes:
    """The opened system key `name` ('index', 'suppression', 'audit', 'ledger'), the newest unless `version` is given.

    Raises ImproperlyConfigured when it is missing and WrongKey when FIELD_ENCRYPTION_KEY does not open it.
    """
    if (name, version) not in _opened:
        rows = SystemKey.objects.filter(name=name)
        if version is not None:
            rows = rows.filter(version=version)
        row = rows.order_by("-version").first()
        if row is None:
            raise ImproperlyConfigured(_missing([name]))
        _opened[name, version] = unwrap(row.secret)
    return _opened[name, version]


def forget_opened_keys() -> None:
    """Drop the opened system keys of this process; the next use reads the database again."""
    _opened.clear()


def ensure_system_keys(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the system keys of a brand-new database; never in one that already held data.

    A lost system key must stay an alarm: a silently remade index key would make search find nothing and a remade
    suppression key would let messages through to people who objected.
    """
    with transaction.atomic(using=using):
        if SystemKey.objects.using(using).exists() or SubjectKey.objects.using(using).exists():
            return
        SystemKey.objects.using(using).bulk_create(
            SystemKey(name=name, secret=wrap(os.urandom(DATA_KEY_BYTES))) for name in SYSTEM_KEY_NAMES
        )


def verify_keys(using: str = DEFAULT_DB_ALIAS) -> None:
    """Prove that FIELD_ENCRYPTION_KEY opens this database, and keep the opened system keys for this process.

    Raises ImproperlyConfigured with a message in plain words: key missing or malformed, key wrong, system key lost.
    """
    if SystemKey._meta.db_table not in connections[using].introspection.table_names():
        raise ImproperlyConfigured("The database is not prepared yet: run `manage.py migrate`.")
    forget_opened_keys()
    rows = list(SystemKey.objects.using(using).order_by("name", "version"))
    lost = [name for name in SYSTEM_KEY_NAMES if name not in {row.name for row in rows}]
    if lost:
        raise ImproperlyConfigured(_missing(lost))
    for row in rows:
        _opened[row.name, row.version] = _opened[row.name, None] = unwrap(row.secret)
    newest = SubjectKey.objects.using(using).order_by("-created_at").values_list("secret", flat=True).first()
    if newest is not None:
        unwrap(newest)


def _prove_outer_key() -> None:
    """The canary: the outer key must open a stored system key before anything new is wrapped under it."""
    row = SystemKey.objects.filter(name="index").order_by("-version").only("secret").first()
    if row is None:
        raise ImproperlyConfigured(_missing(["index"]))
    unwrap(row.secret)


def _missing(names: list[str]) -> str:
    return (
        f"System keys are missing in the database: {', '.join(names)}. They are made only in a brand-new database; "
        "here, restore the table privacy_systemkey from the backup of keys."
    )


def system_key_versions(name: str) -> list[int]:
    """The versions of a system key, oldest first. What was hashed under an old one is compared under it."""
    return sorted(SystemKey.objects.filter(name=name).values_list("version", flat=True))
