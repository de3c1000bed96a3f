"""The addresses of the desk. Those about one contact hang below its card."""

from django.urls import path

from gdpr_requests import views_access, views_merge

app_name = "gdpr_requests"

urlpatterns = [
    path("contacts/<uuid:pk>/merge/", views_merge.choose, name="merge_choose"),
    path("contacts/<uuid:pk>/merge/<uuid:other>/", views_merge.merge, name="merge"),
    path("contacts/<uuid:pk>/export/", views_access.export, name="export"),
]
