"""The desk of people's rights."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GdprRequestsConfig(AppConfig):
    name = "gdpr_requests"
    verbose_name = _("Requests of people")

    def ready(self) -> None:
        from gdpr_requests.erased import is_key_of_erased
        from gdpr_requests.letters.templates import after_migrate
        from privacy import absence

        absence.ask(is_key_of_erased)
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="gdpr_requests.letters")
