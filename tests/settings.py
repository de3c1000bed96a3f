"""Settings of a test run: keys made for this run alone, and a place of its own for everything that is written."""

import atexit
import os
import secrets
import shutil
import tempfile

from cryptography.fernet import Fernet

_PLACE = tempfile.mkdtemp(prefix="karta-tests-")
atexit.register(shutil.rmtree, _PLACE, ignore_errors=True)
# Before the real settings are read; DATABASE_URL and CELERY_BROKER_URL stay as the caller set them.
os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
os.environ["FIELD_ENCRYPTION_KEY"] = Fernet.generate_key().decode()
os.environ["CRM_VAR"] = _PLACE
os.mkdir(os.path.join(_PLACE, "static"))

from tools.messages import compile_stale  # noqa: E402

compile_stale()

from crm.settings import *  # noqa: E402, F403
from crm.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in daily use: threads and live servers on an in-memory database lock each other out at once.
    DATABASES["default"]["TEST"] = {"NAME": f"{_PLACE}/test.sqlite3"}
from crm.settings import CACHES, CELERY_BROKER_URL  # noqa: E402

# Only a test run may take down the guards of append-only tables, to empty the database after a transactional test.
TESTING_FLUSH_ALLOWED = True
# Files are served as they are: no manifest has to be collected first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Argon2 is slow on purpose; a test signs in more often than a person.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A job queued in a test runs at once and shows its errors; the queue itself has tests of its own.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
# Two workers of pytest-xdist share one Redis: each empties a database of its own.
if CELERY_BROKER_URL.startswith("redis"):
    _number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
    CACHES["default"]["LOCATION"] = f"{CACHES['default']['LOCATION'].rsplit('/', 1)[0]}/{_number}"
