"""Addresses of mailing lists."""

from django.urls import path

from outreach import views

app_name = "outreach"
urlpatterns = [
    path("mailing-lists/", views.lists, name="lists"),
    path("mailing-lists/export/", views.export, name="export"),
]
