"""`manage.py run_embedded`: the whole product with one command, on one machine, without other services."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from crm.embedded.sign_in import first_sign_in
from crm.embedded.supervisor import CannotStart, InstanceLock, Supervisor, answers, commands, port_is_free
from crm.startup import prepare


class Command(BaseCommand):
    help = "Starts web, worker and beat together and stops them together."
    # prepare() below asks what matters; all checks would load every page here, where none is served.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        lock = self._lock()
        if not port_is_free(settings.HOST, settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} už používá jiný program. Zvolte jiný: PORT={settings.PORT + 1} make run\n"
                f"Port {settings.PORT} is taken by another program. Choose another: PORT={settings.PORT + 1} make run"
            )
        try:
            prepare()
        except ImproperlyConfigured as problem:
            raise CommandError(str(problem)) from None
        lock.describe(f"{os.getpid()} {settings.SITE_URL}")
        supervisor = Supervisor(commands(), healthy=lambda: answers(settings.HOST, settings.PORT))
        try:
            supervisor.run(on_ready=self._welcome)
        except CannotStart as problem:
            raise CommandError(
                f"Část „{problem}“ se nedaří spustit, důvod je výše. / The part “{problem}” fails to start, see above."
            ) from None
        self.stdout.write("Karta byla zastavena. / Karta has stopped.")

    def _lock(self) -> InstanceLock:
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return InstanceLock(settings.VAR_DIR / "run.lock")
        except CannotStart as other:
            raise CommandError(
                f"Karta už z této složky běží ({other}). Druhou spusťte s jiným CRM_VAR.\n"
                f"Karta already runs from this folder ({other}). Start a second one with another CRM_VAR."
            ) from None

    def _welcome(self) -> None:
        lines = ["", f"  Karta běží / is running    {settings.SITE_URL}/"]
        if sign_in := first_sign_in():
            lines += [
                f"  Přihlášení / Sign in       {sign_in.email}",
                f"  Heslo / Password           {sign_in.password}",
            ]
        lines += ["  Konec / Stop               Ctrl-C", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
