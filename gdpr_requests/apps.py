"""The desk of people's rights."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GdprRequestsConfig(AppConfig):
    name = "gdpr_requests"
    verbose_name = _("Requests of people")

    def ready(self) -> None:
        from gdpr_requests.erased import is_key_of_erased
        from privacy import absence

        absence.ask(is_key_of_erased)
