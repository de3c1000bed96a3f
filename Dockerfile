# One image for web, worker, beat and migrations; docker-compose.yml says which command each of them runs.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
# pg_dump, pg_restore and psql for backups: the same version as the server in docker-compose.yml.
RUN apt-get update && apt-get install --no-install-recommends --yes postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    CRM_VAR=/var/lib/karta STATIC_ROOT=/srv/static DJANGO_SETTINGS_MODULE=crm.settings
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin karta \
    && install -d -o karta -g karta -m 0700 /var/lib/karta
COPY --from=build /venv /venv
WORKDIR /srv/karta
COPY . .
# Keys for the build alone: collecting files needs settings, and settings refuse to load without keys.
RUN python -m tools.messages compile \
    && SECRET_KEY=build FIELD_ENCRYPTION_KEY="$(python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())')" \
       python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q .
USER karta
VOLUME /var/lib/karta
EXPOSE 8000
CMD ["gunicorn", "--config", "python:crm.webserver", "--bind", "0.0.0.0:8000", "crm.wsgi"]
