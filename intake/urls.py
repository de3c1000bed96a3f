"""Addresses of what comes in."""

from django.urls import path

from intake import views_drop

app_name = "intake"
urlpatterns = [
    path("contacts/<uuid:pk>/drop/", views_drop.drop, name="drop"),
]
