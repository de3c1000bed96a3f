"""The production files: everything is asked for, nothing is guessed, and the running role cannot change the tables."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from tests.house.roles import Roles

COMPOSE = str(Path(sys.executable).parent / "docker-compose")
SECRETS = (
    "SECRET_KEY",
    "FIELD_ENCRYPTION_KEY",
    "POSTGRES_PASSWORD",
    "DB_OWNER_PASSWORD",
    "DB_APP_PASSWORD",
    "REDIS_PASSWORD",
)


def config(env_file: Path) -> subprocess.CompletedProcess[str]:
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [COMPOSE, "--env-file", str(env_file), "config", "-q"],
        cwd=settings.BASE_DIR,
        env=plain,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_names_every_variable_that_compose_asks_for():
    done = config(settings.BASE_DIR / ".env.example")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SECRETS)
def test_nothing_starts_without_a_secret(name, tmp_path):
    example = (settings.BASE_DIR / ".env.example").read_text()
    (tmp_path / "env").write_text(example.replace(f"\n{name}=replace-this\n", "\n"))
    done = config(tmp_path / "env")
    assert done.returncode != 0
    assert f"required variable {name} is missing" in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL"])
def test_settings_refuse_a_placeholder(name, tmp_path):
    env = {
        "SECRET_KEY": "a",
        "FIELD_ENCRYPTION_KEY": base64.urlsafe_b64encode(b"0" * 32).decode(),
        "CRM_VAR": str(tmp_path),
        name: "postgres://karta_app:replace-this@postgres/karta",
    }
    done = subprocess.run(
        [sys.executable, "-c", "import crm.settings"],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"{name} still holds the placeholder" in done.stderr


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_the_running_role_writes_rows_and_cannot_touch_tables_or_triggers():
    roles = Roles()
    try:
        roles.create()
        roles.migrate({})
        with closing(psycopg2.connect(roles.url(roles.app))) as app, app.cursor() as cursor:
            app.autocommit = True
            cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
            assert cursor.fetchone() == (0,)
            cursor.execute("INSERT INTO accounts_team (name) VALUES ('Sales')")
            cursor.execute("UPDATE accounts_team SET name = 'Support'")
            cursor.execute("DELETE FROM accounts_team")
            assert cursor.rowcount == 1
            for forbidden in (
                "CREATE TABLE more (id int)",
                "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL",
                "DROP TABLE audit_auditevent",
                "TRUNCATE audit_auditevent",
                "SET session_replication_role = replica",
            ):
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(forbidden)
    finally:
        roles.drop()
