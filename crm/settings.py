"""Settings of the one installation. Everything that differs between machines comes from the environment.

`var/secrets.env` (made by `make setup`, mode 0600) holds the keys of an embedded installation; a variable that is
already in the environment wins over the file. There is no default for any key: without one nothing starts.
"""

import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
VAR_DIR = Path(env.str("CRM_VAR", default=str(BASE_DIR / "var"))).resolve()
env.read_env(VAR_DIR / "secrets.env")

# .env.example holds a placeholder where a secret belongs. Whoever forgets to replace one gets no weak installation.
for _name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL"):
    if "replace-this" in env.str(_name, default=""):
        raise ImproperlyConfigured(f"{_name} still holds the placeholder of .env.example. Replace it by a secret.")

DEBUG = env.bool("DJANGO_DEBUG", default=False)
for _name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEY"):
    if not env.str(_name, default=""):
        raise ImproperlyConfigured(
            f"{_name} is missing. `make setup` makes the keys of a new installation in {VAR_DIR / 'secrets.env'}; "
            "an installation with data needs the ones it had."
        )
SECRET_KEY = env.str("SECRET_KEY")
# The key-encryption keys, newest first, comma separated. django-encrypted-model-fields reads them at import.
FIELD_ENCRYPTION_KEY = env.list("FIELD_ENCRYPTION_KEY")

# Where the embedded installation listens.
HOST = env.str("HOST", default="127.0.0.1")
WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", socket.gethostname(), HOST])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address people reach this installation at; used in e-mails and letters.
SITE_URL = env.str("SITE_URL", default=f"http://{'localhost' if HOST in WILDCARDS else HOST}:{PORT}")

INSTALLED_APPS = [
    "crm",
    "gdpr_requests",
    "outreach",
    "intake",
    "consents",
    "tasks",
    "contacts",
    "accounts",
    "audit",
    "privacy",
    "accounts.admin_config.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "encrypted_model_fields",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "heroicons",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.SessionEndMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gdpr_requests.middleware.ErasedCardMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "crm.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database ---------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        # Take the write lock at BEGIN: a transaction that reads and then writes never fails half-way.
        "transaction_mode": "IMMEDIATE",
        # recursive_triggers: INSERT OR REPLACE must not go round the append-only guards.
        # secure_delete: what is deleted is overwritten in the file, keys of erased people above all.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON;"
        ),
    }
else:
    # A new connection for each request costs more than all of the encryption: keep them.
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker and cache -------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost/")
if CELERY_BROKER_URL.startswith("redis"):
    # Not the database of the queue: clearing the cache empties the whole database it stands in.
    CACHE_URL = env.str("CACHE_URL", default=urlsplit(CELERY_BROKER_URL)._replace(path="/1").geturl())
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
            # Beyond this many entries some go at random, such as a lock of somebody who guesses passwords.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }

# --- People -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "crm:dashboard"
LOGOUT_REDIRECT_URL = "accounts:login"
# What is counted, and how often something may be tried, stands in accounts/throttle.py.
AXES_HANDLER = "accounts.throttle.SignInThrottle"
AXES_CLIENT_IP_CALLABLE = "accounts.throttle.client_address"
AXES_USERNAME_CALLABLE = "accounts.throttle.name_of"
AXES_LOCKOUT_CALLABLE = "accounts.throttle.keep_answer"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
REAUTHENTICATION_MINUTES = 15
# How long the record of who did and saw what is kept: three years, the general limitation of claims.
AUDIT_RETENTION_DAYS = env.int("AUDIT_RETENTION_DAYS", default=1096)
# How long a former colleague is still known by name: three years, the general limitation of claims.
FORMER_COLLEAGUE_DAYS = env.int("FORMER_COLLEAGUE_DAYS", default=1096)
# How long an entry of the breach register is kept after it was closed (Art. 33(5) names no end).
BREACH_REGISTER_YEARS = env.int("BREACH_REGISTER_YEARS", default=5)
# Bounds every link that sets a password; how long each kind lives stands in accounts/links.py.
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600
# A session ends after this long without a click, and in any case after SESSION_COOKIE_AGE.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=120)

# --- Languages --------------------------------------------------------------------------------------------------
# In which strangers read, accounts are made and the demo is written; every user chooses their own.
LANGUAGE_CODE = env.str("CRM_LANGUAGE", default="cs")
LANGUAGES = [("cs", _("Czech")), ("en", _("English"))]
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ImproperlyConfigured("CRM_LANGUAGE is cs or en.")
LOCALE_PATHS: list[Path] = []  # one catalogue in each app: <app>/locale
TIME_ZONE = "Europe/Prague"
USE_I18N = True
FORMAT_MODULE_PATH = ["crm.local_formats"]
USE_TZ = True
PHONENUMBER_REGION = env.str("PHONE_REGION", default="CZ")

# --- Files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "crm.static_files.BootstrapFinder",
]
MEDIA_ROOT = VAR_DIR / "media"  # holds ciphertext only, see privacy/files.py
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=25 * 1024 * 1024)

# Which erasures were made, kept apart from the database and its backups: it outlives a restored backup.
ERASURE_LEDGER = Path(env.str("ERASURE_LEDGER", default=str(VAR_DIR / "erasures.ledger")))
# Where backups lie, how long they are kept, and how long the keys that lie apart from them.
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(VAR_DIR / "backups")))
BACKUP_RETENTION_DAYS = env.int("BACKUP_RETENTION_DAYS", default=35)
BACKUP_KEYS_DAYS = env.int("BACKUP_KEYS_DAYS", default=7)
# Whom people may complain to (Art. 77 GDPR): name | address | web. Authorities move, so it is no code.
SUPERVISORY_AUTHORITY = env.str(
    "SUPERVISORY_AUTHORITY",
    default="Úřad pro ochranu osobních údajů | Pplk. Sochora 27, 170 00 Praha 7 | https://uoou.gov.cz",
)
# Whose public holidays move the deadlines of requests (Reg. 1182/71): an ISO country code.
PUBLIC_HOLIDAYS = env.str("PUBLIC_HOLIDAYS", default="CZ")

# --- Security of the transport and of the page --------------------------------------------------------------------
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Only behind a proxy of our own may X-Forwarded-* be believed.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- E-mail -----------------------------------------------------------------------------------------------------
# Without EMAIL_URL the letters are printed on the console: an embedded installation sends nothing by accident.
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="karta@localhost")
# Seconds; a mail server that does not answer must not hold the worker.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)

# --- Celery -----------------------------------------------------------------------------------------------------
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "crm.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(VAR_DIR / "broker")}
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # needs broadcasts, which this transport leaves out

# --- Logs: no addresses with queries, no request bodies -------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "crm.logs.SafeFormatter", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.db.backends": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"] if not HTTPS else []
IGNORABLE_404_URLS = [re.compile(r"^/favicon\.ico$")]
