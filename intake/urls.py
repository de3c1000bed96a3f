"""Addresses of what comes in."""

from django.urls import path

from intake import views_drop, views_new

app_name = "intake"
urlpatterns = [
    path("contacts/new/", views_new.new, name="new"),
    path("contacts/<uuid:pk>/drop/", views_drop.drop, name="drop"),
]
