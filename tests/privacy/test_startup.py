"""Real processes: each refuses to start with a wrong key, and says why in plain words."""

import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.conf import settings

STARTS = {
    "web": ["-c", "import crm.wsgi"],
    "worker": ["-m", "celery", "-A", "crm", "worker", "--pool", "solo", "--loglevel", "ERROR"],
    "beat": ["-m", "celery", "-A", "crm", "beat", "--loglevel", "ERROR"],
}


def run(place, arguments, **environment):
    """What one process did: its exit status and everything it said."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "HOME"}}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={
            **kept,
            "CRM_VAR": str(place),
            "SECRET_KEY": "x" * 60,
            "DJANGO_SETTINGS_MODULE": "crm.settings",
            "DATABASE_URL": f"sqlite:///{place}/db.sqlite3",
            "CELERY_BROKER_URL": "memory://",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """A migrated installation and its key."""
    place, key = tmp_path_factory.mktemp("installation"), Fernet.generate_key().decode()
    status, said = run(place, ["manage.py", "migrate", "--verbosity", "0"], FIELD_ENCRYPTION_KEY=key)
    assert (status, said) == (0, "")
    return place, key


@pytest.mark.parametrize("process", STARTS)
def test_no_process_starts_with_a_wrong_key(installation, process):
    place, key = installation
    wrong = Fernet.generate_key().decode()
    status, said = run(place, STARTS[process], FIELD_ENCRYPTION_KEY=wrong)
    assert status != 0
    assert "FIELD_ENCRYPTION_KEY does not open the stored data keys" in said
    assert key not in said
    assert wrong not in said


def test_no_process_starts_without_a_key(installation):
    status, said = run(installation[0], STARTS["web"])
    assert status != 0
    assert "FIELD_ENCRYPTION_KEY" in said


def test_no_process_starts_before_the_database_is_ready(installation, tmp_path):
    status, said = run(tmp_path, STARTS["web"], FIELD_ENCRYPTION_KEY=installation[1])
    assert status != 0
    assert "run `manage.py migrate`" in said


def test_migrating_with_a_wrong_key_is_refused_too(installation):
    wrong = Fernet.generate_key().decode()
    status, said = run(installation[0], ["manage.py", "migrate"], FIELD_ENCRYPTION_KEY=wrong)
    assert status != 0
    assert "FIELD_ENCRYPTION_KEY does not open the stored data keys" in said


def test_with_the_right_key_the_web_starts(installation):
    place, key = installation
    status, said = run(place, STARTS["web"], FIELD_ENCRYPTION_KEY=key)
    assert status == 0, said
