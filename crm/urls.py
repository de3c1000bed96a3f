"""The address plan. Each room owns its own addresses; this file only hangs them up."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
