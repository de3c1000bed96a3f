"""The room of purposes, lawful bases and consents."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentsConfig(AppConfig):
    name = "consents"
    verbose_name = _("Purposes and consents")

    def ready(self) -> None:
        from consents import last_contact
        from consents.services.suppression import refused_on_card
        from contacts import refusal

        last_contact.connect()
        refusal.ask(refused_on_card)
