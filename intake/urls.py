"""Addresses of what comes in."""

from django.urls import path

from intake import views_drop, views_import, views_new

app_name = "intake"
urlpatterns = [
    path("contacts/import/", views_import.start, name="import"),
    path("contacts/import/<uuid:pk>/", views_import.batch, name="batch"),
    path("contacts/import/<uuid:pk>/read/", views_import.reread, name="reread"),
    path("contacts/import/<uuid:pk>/progress/", views_import.progress, name="progress"),
    path("contacts/import/<uuid:pk>/refused/", views_import.refused, name="refused"),
    path("contacts/import/<uuid:pk>/undo/", views_import.undo, name="undo"),
    path("contacts/import/<uuid:pk>/discard/", views_import.discard, name="discard"),
    path("contacts/new/", views_new.new, name="new"),
    path("contacts/<uuid:pk>/drop/", views_drop.drop, name="drop"),
]
