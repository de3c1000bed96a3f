"""The Celery application. Each room names its jobs in `jobs.py` and when they run in `jobs.SCHEDULE` (see beat.py)."""

import logging
import os
from typing import Any

import django
from celery import Celery
from celery.signals import beat_init, worker_init
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from crm import broker

logger = logging.getLogger(__name__)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
broker.register()
app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")


@beat_init.connect(weak=False)
@worker_init.connect(weak=False)
def refuse_unsafe_start(**_kwargs: Any) -> None:
    """End the process where crm.startup finds a wrong key, a missing guard, an old database or a broken ledger."""
    if not apps.ready:
        # Not twice: it would set up logging anew, onto the standard error that Celery has taken.
        django.setup()
    from crm.startup import prepare

    try:
        prepare()
    except ImproperlyConfigured as error:
        # Logged, because Celery has taken standard error; and SystemExit, because it only logs other exceptions of a
        # signal's receiver and goes on.
        logger.critical("%s", error)
        raise SystemExit(1) from None
