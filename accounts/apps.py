"""Start of the room: roles are brought up to date after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and roles")

    def ready(self) -> None:
        from accounts import signals
        from accounts.roles import sync_after_last_app

        signals.connect()
        post_migrate.connect(sync_after_last_app, dispatch_uid="accounts.roles")
