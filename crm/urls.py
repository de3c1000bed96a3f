"""The address plan. Each room owns its own addresses; this file only hangs them up."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from crm import gallery, views, views_audit, views_card, views_contacts, views_health

pages = [
    path("", views.dashboard, name="dashboard"),
    path("reports/", views.reports, name="reports"),
    path("reports/audit/", views_audit.audit, name="audit"),
    path("reports/audit/download/", views_audit.download, name="audit_download"),
    path("ui/", gallery.gallery, name="gallery"),
    path("contacts/", views_contacts.contacts, name="contacts"),
    path("search/", views_contacts.search, name="search"),
    path("contacts/<uuid:pk>/", views_card.card, name="card"),
    path("contacts/<uuid:pk>/panels/<slug:name>/", views_card.panel, name="panel"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((pages, "crm"))),
    path("healthz", views_health.healthz, name="healthz"),
    path("", include("gdpr_requests.urls")),
    path("accounts/", include("accounts.urls")),
    path("", include("contacts.urls")),
    path("", include("tasks.urls")),
    path("", include("intake.urls")),
    path("admin/", admin.site.urls),
    path("", include("consents.urls")),
    path("", include("outreach.urls")),
]
