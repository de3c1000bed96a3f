"""The Celery application. Each room names its jobs in `jobs.py` and when they run in `jobs.SCHEDULE` (see beat.py)."""

import os

from celery import Celery

from crm import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
broker.register()
app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
