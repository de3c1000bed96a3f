"""With the roles of production: the running role makes backups, the owner restores, and rights are as they were."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.house.roles import Roles

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def roles():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    made = Roles()
    made.create()
    yield made
    made.drop()


def test_after_a_restore_the_running_role_works_and_owns_nothing(roles: Roles, tmp_path: Path):
    environment = {
        "FIELD_ENCRYPTION_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "CRM_VAR": str(tmp_path),
        "CELERY_BROKER_URL": "filesystem://localhost/",
        "DJANGO_SETTINGS_MODULE": "crm.settings",
    }
    roles.migrate(environment)

    def run(role: str, *arguments: str) -> str:
        env = {**os.environ, **environment, "DATABASE_URL": roles.url(role)}
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(roles.app, "-c", "import crm.wsgi")
    run(roles.app, "manage.py", "backup")
    refused = subprocess.run(
        [sys.executable, "manage.py", "restore", "--yes"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment, "DATABASE_URL": roles.url(roles.app)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, "must be owner" in refused.stderr) == (1, True), refused.stderr
    run(roles.owner, "manage.py", "restore", "--yes")
    run(roles.app, "-c", "import crm.wsgi")
    look = "import django; django.setup(); from django.db import connection as c; k = c.cursor(); "
    look += "k.execute('SELECT count(*) FROM pg_tables WHERE tableowner = current_user'); print(k.fetchone()[0]); "
    look += "k.execute('SELECT count(*) FROM contacts_contact'); print(k.fetchone()[0])"
    assert run(roles.app, "-c", look).split() == ["0", "0"]
