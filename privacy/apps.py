"""Hooks the ground floor into Django: checks, and keys after the first migration."""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.models.signals import post_migrate


def prepare_database(sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """After every migrate: the system keys of a new database, and the guards of append-only tables."""
    from privacy import append_only, keys

    if {"privacy_systemkey", "privacy_subjectkey"} <= set(connections[using].introspection.table_names()):
        keys.ensure_system_keys(using)
        keys.forget_opened_keys()
        append_only.install_triggers(connections[using])


class PrivacyConfig(AppConfig):
    name = "privacy"

    def ready(self) -> None:
        from privacy import checks as ours

        for check in (ours.check_data_map, ours.check_append_only, ours.check_sealed_managers):
            checks.register(check, "privacy")
        checks.register(ours.check_database, checks.Tags.database)
        post_migrate.connect(prepare_database, sender=self)
