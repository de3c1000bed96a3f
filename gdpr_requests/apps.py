"""The desk of people's rights."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GdprRequestsConfig(AppConfig):
    name = "gdpr_requests"
    verbose_name = _("Requests of people")

    def ready(self) -> None:

        from gdpr_requests.erased import is_key_of_erased
        from gdpr_requests.letters import templates
        from gdpr_requests.restriction import guard
        from privacy import absence

        absence.ask(is_key_of_erased)
        post_migrate.connect(templates.after_migrate, sender=self, dispatch_uid="gdpr_requests.letters")
        post_migrate.connect(guard.after_migrate, sender=self, dispatch_uid="gdpr_requests.restriction")
