"""The address plan. Each room owns its own addresses; this file only hangs them up."""

from django.urls import URLPattern, URLResolver, include, path

from crm import views

pages = [
    path("", views.dashboard, name="dashboard"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((pages, "crm"))),
    path("accounts/", include("accounts.urls")),
]
