"""The composition root: settings, addresses, the worker, the dashboard and the card's page."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
