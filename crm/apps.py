"""The composition root, where rooms that do not know each other are put together."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        from accounts.administration import HANDOVERS
        from consents.services.purposes import hand_over_purposes
        from contacts.services.owners import hand_over_contacts
        from tasks.services import hand_over_tasks

        # What a colleague who leaves looks after. Tasks last: they may fall to whoever remains.
        HANDOVERS.update(contacts=hand_over_contacts, purposes=hand_over_purposes, tasks=hand_over_tasks)
