"""`manage.py first_start`: the first administrator and the demo company, once; later runs change nothing."""

from __future__ import annotations

import os
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from consents.scan import scan
from crm.embedded.sign_in import PASSWORD_VARIABLE, ensure_administrator, first_sign_in

DEMO_CONTACTS = 60
DEMO_SEED = 1


class Command(BaseCommand):
    help = "Creates the first administrator and loads the demo company where there is no user yet."

    def handle(self, *args: Any, **options: Any) -> None:
        if not ensure_administrator():
            return
        sign_in = first_sign_in()
        if sign_in and "load_demo" in get_commands():
            # The demo's colleagues share the administrator's password, so that each role can be tried.
            os.environ.setdefault(PASSWORD_VARIABLE, sign_in.password)
            call_command("load_demo", contacts=DEMO_CONTACTS, seed=DEMO_SEED, verbosity=0)
            # The watch comes by every hour; whoever looks for the first time sees at once what it finds.
            scan()
