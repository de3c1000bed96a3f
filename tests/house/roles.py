"""A database with the two roles of production, in the PostgreSQL that the tests use."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

from django.conf import settings
from django.db import connection


class Roles:
    """A database made by the script that production uses, in the PostgreSQL of the tests."""

    def __init__(self) -> None:
        assert connection.vendor == "postgresql", "set DATABASE_URL to a PostgreSQL, see docs/development.md"
        tag = secrets.token_hex(4)
        self.database, self.owner, self.app = f"karta_{tag}", f"owner_{tag}", f"app_{tag}"
        self.password = secrets.token_hex(16)
        self.server = {key: str(connection.settings_dict[key] or "") for key in ("HOST", "PORT", "USER", "PASSWORD")}

    def create(self) -> None:
        env = {
            **os.environ,
            "PGHOST": self.server["HOST"],
            "PGPORT": self.server["PORT"],
            "PGPASSWORD": self.server["PASSWORD"],
            "POSTGRES_USER": self.server["USER"],
            "DB_NAME": self.database,
            "DB_OWNER": self.owner,
            "DB_APP": self.app,
            "DB_OWNER_PASSWORD": self.password,
            "DB_APP_PASSWORD": self.password,
        }
        subprocess.run([str(settings.BASE_DIR / "deploy/postgres/10-roles.sh")], env=env, check=True)

    def url(self, role: str) -> str:
        return f"postgres://{role}:{self.password}@{self.server['HOST']}:{self.server['PORT']}/{self.database}"

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
            cursor.execute(f'DROP ROLE IF EXISTS "{self.owner}"')
            cursor.execute(f'DROP ROLE IF EXISTS "{self.app}"')

    def migrate(self, environment: dict[str, str]) -> None:
        own = {"DATABASE_URL": self.url(self.owner), "DJANGO_SETTINGS_MODULE": "crm.settings"}
        env = {**os.environ, **environment, **own}
        command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=settings.BASE_DIR, env=env, check=True)
