"""The addresses of the desk. Those about one contact hang below its card."""

from django.urls import path

from gdpr_requests import views_access

app_name = "gdpr_requests"

urlpatterns = [
    path("contacts/<uuid:pk>/export/", views_access.export, name="export"),
]
