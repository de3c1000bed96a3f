"""Addresses of retention."""

from django.urls import path

from gdpr_requests.retention import views

urlpatterns = [
    path("reports/retention/", views.retention, name="retention"),
    path("reports/retention/dry-run/", views.dry, name="retention_dry_run"),
    path("reports/retention/run/", views.execute, name="retention_run"),
]
