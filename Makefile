# The product's own commands. They need Python 3.11 or newer with venv, make and git, and nothing else.
#   make run      sets up and starts everything; Ctrl-C stops it      (HOST, PORT, CRM_VAR, CRM_DEMO_PASSWORD)
#   make test     runs the tests
#   make check    runs every guard: style, types, layers, templates, migrations, catalogues

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONTACTS ?= 500
SEED ?= 1
PYTEST_ARGS ?=
FROM ?=
RESTORE_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test check test-services test-browser trust trust-services format demo-data messages screenshots lock backup restore

help: ## Say what there is.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# Each stamp holds the fingerprint of its lock file: an environment is built again only when the lock has changed.
define install
	@set -e; mark=$(BIN)/.installed-$(1); sum=$$(cksum < $(1).txt); \
	if [ "$$(cat $$mark 2>/dev/null)" != "$$sum" ]; then \
	  $(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed." if sys.version_info < (3, 11) else 0)'; \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV); \
	  echo "Installing $(1).txt ..."; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1).txt; \
	  echo "$$sum" > $$mark; \
	fi
endef

.PHONY: environment dev-environment
environment:
	$(call install,requirements)
dev-environment: environment
	$(call install,requirements-dev)

setup: environment ## Make keys, database, static files and the first sign-in.
	@$(BIN)/python -m tools.setup

run: environment ## Set up, then start web, worker and beat; prints the address and the sign-in.
	@exec $(BIN)/python -m tools.setup run_embedded

test: dev-environment ## Run the tests (DATABASE_URL and CELERY_BROKER_URL choose other services).
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

test-services: dev-environment ## Run the tests that need PostgreSQL, Redis or a mail server.
	@$(BIN)/python -m pytest -m service $(PYTEST_ARGS)

test-browser: dev-environment ## Run the journeys in a real Chromium.
	@DJANGO_ALLOW_ASYNC_UNSAFE=1 $(BIN)/python -m pytest -m browser $(PYTEST_ARGS)

trust: dev-environment ## Run the long repetitions: many processes, many generated cases.
	@HYPOTHESIS_PROFILE=trust $(BIN)/python -m pytest -m "not browser and not service" $(PYTEST_ARGS)

trust-services: dev-environment ## Run the long repetitions that need PostgreSQL: processes killed at random moments.
	@HYPOTHESIS_PROFILE=trust $(BIN)/python -m pytest -s -m service $(PYTEST_ARGS)

check: dev-environment ## Run every guard and say which failed.
	@$(BIN)/python -m tools.check

format: dev-environment ## Put Python into the form that make check asks for.
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

demo-data: setup ## Load a larger demo company: make demo-data CONTACTS=5000 SEED=2
	@$(BIN)/python manage.py load_demo --contacts $(CONTACTS) --seed $(SEED)

backup: environment ## Make a backup in var/backups (BACKUP_DIR), the keys in a file apart.
	@$(BIN)/python manage.py backup

restore: environment ## Put the newest backup back, or another: make restore FROM=var/backups/karta-… (asks first)
	@$(BIN)/python manage.py restore $(FROM) $(RESTORE_ARGS)

messages: dev-environment ## Bring the message catalogues in line with the source and say what is untranslated.
	@$(BIN)/python -m tools.messages update

screenshots: dev-environment ## Take the pictures of README.md from the running system.
	@$(BIN)/python -m tools.screenshots

lock: dev-environment ## Pin and hash what requirements.in and requirements-dev.in ask for.
	@for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links \
	    --no-header $$name.in -o $$name.txt; \
	done
